import { m } from '$lib/paraglide/messages.js';
import type { AppError } from '$lib/platform/errors';

/** What people read about a failure: what happened, what it means for the work, what to do. */
export interface ErrorText {
  what: string;
  means: string;
  todo: string;
}

type Text = (facts: Record<string, unknown>) => string;

const found = import.meta.glob<Record<string, Text>>('../paraglide/messages/error_*.js', { eager: true });
const texts: Record<string, Text | undefined> = Object.assign({}, ...Object.values(found));

/** The texts of a code; a code without texts of its own still gives usable sentences with the code in them. */
export function errorText(error: AppError): ErrorText {
  const key = error.code.replace(/[^a-z0-9]+/gi, '_').toLowerCase();
  const facts = { ...error.details, code: error.code };
  const { title, detail } = error.details;
  if (!texts[`error_${key}_what`] && typeof title === 'string')
    // The backend's own catalogue speaks Dutch for people as well, and says in its detail what to do.
    return typeof detail === 'string' && detail
      ? { what: title, means: detail, todo: '' }
      : { what: title, means: '', todo: m.error_backend_todo() };
  const part = (name: string) =>
    (texts[`error_${key}_${name}`] ?? texts[`error_unknown_${name}`])?.(facts) ?? '';
  return { what: part('what'), means: part('means'), todo: part('todo') };
}
