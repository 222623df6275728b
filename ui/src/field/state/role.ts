import type { AppStatus } from '$lib/platform';

/**
 * Whether the person of this device works as a BOA, by the function that stands on the pass. It only chooses the words of
 * the screen: the app itself refuses an investigation by anybody else.
 */
export function worksAsBoa(status: Pick<AppStatus, 'function'> | null): boolean {
  return /\b(boa|buitengewoon opsporingsambtenaar)\b/i.test(status?.function ?? '');
}
