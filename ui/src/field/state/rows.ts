import { m } from '$lib/paraglide/messages.js';
import { shortDay, timeOfDay, today } from '$lib/format';
import type { EntryState } from '$lib/components/Entry.svelte';
import type { IconName } from '$lib/icons';
import type { InspectionRow } from '$lib/platform';
import { receiptWords } from './receipt-words';

/** What a list says about a controle, as one sentence with its icon. */
export interface RowState {
  node: EntryState;
  icon: IconName | null;
  text: string;
  received: boolean;
}

const DONE = new Set(['closed', 'agreed', 'broken_off', 'stopped']);

/** The state of a controle in a list; `here` is the one that is being worked on. */
export function rowState(row: InspectionRow, here = false): RowState {
  const node: EntryState =
    row.differences > 0 ? 'difference' : here ? 'now' : DONE.has(row.status) ? 'done' : 'open';
  const progress = { done: row.answered, total: row.questions };
  if (row.differences > 0)
    return {
      node,
      icon: 'triangle-alert',
      text: m.row_differences({ count: row.differences }),
      received: false,
    };
  if (row.status === 'sent_back') return { node, icon: 'undo-2', text: m.row_sent_back(), received: false };
  if (row.status === 'stopped' || row.status === 'broken_off')
    return { node, icon: 'octagon-x', text: m.row_stopped(), received: false };
  if (row.status === 'agreed') return { node, icon: 'badge-check', text: m.row_agreed(), received: true };
  if (row.status === 'busy') return { node, icon: 'pen-line', text: m.row_busy(progress), received: false };
  if (row.status === 'closed') {
    const receipt = receiptWords(row);
    if (receipt?.received) return { node, icon: receipt.icon, text: receipt.text, received: true };
    if (receipt)
      return {
        node,
        icon: receipt.icon,
        text: m.row_closed_state({ receipt: receipt.text }),
        received: false,
      };
    return { node, icon: 'clock', text: m.row_closed_waiting({ count: row.waiting }), received: false };
  }
  return { node, icon: null, text: '', received: false };
}

/** Where a controle is; a conversation without an address is called by its checklist. */
export function rowTitle(row: Pick<InspectionRow, 'address' | 'kind'>): string {
  return row.address || row.kind || m.row_without_address();
}

/** The town with its municipality, and the kind of controle: `De Rijp, Alkmaar. Integrale controle`. */
export function rowPlace(row: InspectionRow): string {
  // The checklist is its title already; its number tells two conversations apart.
  if (!row.address) return row.number;
  const place = [...new Set([row.town, row.municipality].filter(Boolean))].join(', ');
  return [place, row.kind].filter(Boolean).join('. ');
}

/** The time of today, or the day of an earlier or later one. */
export function rowTime(row: InspectionRow, day: string = today()): string {
  if (!row.planned_at) return '';
  return row.planned_at.startsWith(day) ? timeOfDay(row.planned_at) : shortDay(row.planned_at);
}
