/** Waits for the generated command list. */
export type Commands = Record<string, { request: unknown; response: unknown }>;
