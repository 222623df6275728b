/** A failure as the app tells it: a stable code and facts, never a text to be matched. Texts stand in messages/errors. */
export interface AppError {
  code: string;
  /** Facts for the text, such as seconds to wait or the number of a photo. */
  details: Record<string, unknown>;
}

/** A failed command. */
export class CommandError extends Error {
  readonly code: string;
  readonly details: Record<string, unknown>;

  constructor(error: AppError) {
    super(error.code);
    this.name = 'CommandError';
    this.code = error.code;
    this.details = error.details;
  }
}

/** Reads an answer that claims to be an error; what has no code becomes `unknown` with its text as a fact. */
export function toAppError(failure: unknown): AppError {
  if (failure instanceof CommandError) return { code: failure.code, details: failure.details };
  if (typeof failure === 'object' && failure !== null && 'code' in failure) {
    const { code, details, ...rest } = failure as { code: unknown; details?: unknown };
    if (typeof code === 'string') {
      const facts = typeof details === 'object' && details !== null ? details : rest;
      return { code, details: facts as Record<string, unknown> };
    }
  }
  const text = failure instanceof Error ? failure.message : String(failure);
  return { code: 'unknown', details: { text } };
}
