import { m } from '$lib/paraglide/messages.js';
import type { InspectionView } from '$lib/platform';

/** What may not be written down in a checklist without persons. */
export function withoutPersons(view: Pick<InspectionView, 'row'>): string {
  return view.row.family === 'btp' ? m.without_persons() : m.without_persons_other();
}
