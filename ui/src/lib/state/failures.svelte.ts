import type { AppError } from '$lib/platform/errors';
import type { ErrorText } from './error-texts';

const NOT_YET: ErrorText = { what: '', means: '', todo: '' };

let known = $state.raw<((error: AppError) => ErrorText) | null>(null);

/**
 * Loads the words of all failures: apart, so that the first screen need not wait for them. A page asks for them when its first
 * screen is there, since what comes over the network must be there before the network is gone. When they can't be had, a
 * failure is named by its code.
 */
export async function loadFailures(): Promise<void> {
  try {
    known ??= (await import('./error-texts')).errorText;
  } catch {
    known = (error) => ({ ...NOT_YET, what: error.code });
  }
}

/** A failure in words. While they are on their way there are none; whoever shows them gets them when they are there. */
export function inWords(error: AppError): ErrorText {
  if (!known) void loadFailures();
  return known?.(error) ?? NOT_YET;
}
