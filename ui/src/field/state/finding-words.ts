import { m } from '$lib/paraglide/messages.js';

/** The kind of an observation in words; a kind of a newer version is shown by its code. */
export function kindWord(kind: string): string {
  switch (kind) {
    case 'own':
      return m.kind_own();
    case 'statement':
      return m.kind_statement();
    case 'document':
      return m.kind_document();
    case 'assumption':
      return m.kind_assumption();
    default:
      return kind;
  }
}
