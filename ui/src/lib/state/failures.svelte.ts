import type { AppError } from '$lib/platform/errors';
import type { ErrorText } from './error-texts';

type InWords = (error: AppError) => ErrorText;

const NOT_YET: ErrorText = { what: '', means: '', todo: '' };

let known = $state.raw<InWords | null>(null);

/** Gives the words of all failures from here on, for a page that has them from its beginning. */
export function knowFailures(words: InWords): void {
  known = words;
}

/** Loads the words of all failures: apart, so that the first screen need not wait for them. */
export async function loadFailures(): Promise<void> {
  if (!known) knowFailures((await import('./error-texts')).errorText);
}

/** A failure in words. While they are on their way there are none; whoever shows them gets them when they are there. */
export function inWords(error: AppError): ErrorText {
  if (!known) void loadFailures();
  return known?.(error) ?? NOT_YET;
}
