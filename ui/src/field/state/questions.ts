import type { InspectionView } from '$lib/platform';
import { readSlot, type OpenInspection } from './inspection.svelte';

/** A question for a list: its number, its words, and of which building and option it is. */
export interface QuestionWords {
  id: string;
  text: string;
  of: string;
}

/** The words of a place for an answer, as the checklist says them that the controle follows. */
export function questionWords(store: OpenInspection, view: InspectionView, slot: string): QuestionWords {
  const { question, item, part } = readSlot(slot);
  const found = store.question(question)?.q;
  const option = found?.options.find((one) => one.code === part)?.label ?? part;
  const building = view.group_items.find((one) => one.item === item)?.name;
  return { id: question, text: found?.text ?? question, of: [building, option].filter(Boolean).join(', ') };
}
