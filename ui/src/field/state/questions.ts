import type { InspectionView } from '$lib/platform';
import { readSlot, type OpenInspection } from './inspection.svelte';

/** A question for a list: its number, its words, and of which building and option it is. */
export interface QuestionWords {
  id: string;
  text: string;
  of: string;
}

/**
 * A question's number as people say it. A name in a checklist begins with a letter, so that `1.1` is called `Q1_1` there,
 * while its own texts speak of 1.1.
 */
export function numberOf(question: string): string {
  return question.replace(/^Q(\d+)_(\w+)$/, '$1.$2');
}

/** The words of a place for an answer, as the checklist says them that the controle follows. */
export function questionWords(store: OpenInspection, view: InspectionView, slot: string): QuestionWords {
  const { question, item, part } = readSlot(slot);
  const found = store.question(question)?.q;
  const option = found?.options.find((one) => one.code === part)?.label ?? part;
  const building = view.group_items.find((one) => one.item === item)?.name;
  return {
    id: numberOf(question),
    text: found?.text ?? question,
    of: [building, option].filter(Boolean).join(', '),
  };
}
