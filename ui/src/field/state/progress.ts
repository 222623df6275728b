import type { InspectionView, Missing, SlotView, Uuid } from '$lib/platform';
import { readSlot, slotOf } from './inspection.svelte';

/** Progress of a section over all items of its group, as figures for the words. */
export function sectionProgress(view: InspectionView, section: string): { done: number; total: number } {
  const parts = view.progress.filter((part) => part.section === section);
  return {
    done: parts.reduce((sum, part) => sum + part.done, 0),
    total: parts.reduce((sum, part) => sum + part.questions, 0),
  };
}

/** A question's place on the screen. */
export interface Place {
  section: string;
  item: Uuid | null;
  slot: string;
}

/** All places for answers in the order in which they are read: section by section, building by building. */
export function places(view: InspectionView): Place[] {
  return view.sections.flatMap((section) => {
    const items: (Uuid | null)[] = section.group
      ? view.group_items.filter((item) => item.group === section.group).map((item) => item.item)
      : [null];
    return items.flatMap((item) =>
      section.questions.map((question) => ({ section: section.id, item, slot: slotOf(question.id, item) })),
    );
  });
}

/** The next visible place without an answer after the given one, going round once; required ones are not preferred. */
export function nextOpen(view: InspectionView, after: string | null): Place | null {
  const state = new Map<string, SlotView>(view.slots.map((slot) => [slot.slot, slot]));
  const all = places(view);
  const start = after ? all.findIndex((place) => place.slot === after) + 1 : 0;
  const turned = [...all.slice(start), ...all.slice(0, start)];
  return (
    turned.find((place) => {
      const slot = state.get(place.slot);
      return slot !== undefined && slot.visible && !slot.done && place.slot !== after;
    }) ?? null
  );
}

/** The address word and questions that lead to a place. */
export function addressOf(inspection: Uuid, place: Place): string {
  const query = new URLSearchParams({ vraag: place.slot });
  if (place.item) query.set('item', place.item);
  return `#/controle/${inspection}/deel/${encodeURIComponent(place.section)}?${query}`;
}

/** The place of a slot that a list names. */
export function placeOf(section: string, slot: string): Place {
  return { section, slot, item: readSlot(slot).item };
}

/** What is still missing apart from signatures, and the signature questions, which signing itself answers. */
export function stillMissing(view: InspectionView): { answers: Missing[]; signatures: Missing[] } {
  const kinds = new Map(
    view.sections.flatMap((section) => section.questions.map((one) => [one.id, one.kind])),
  );
  const isSignature = (one: Missing) => kinds.get(readSlot(one.slot).question) === 'signature';
  return {
    answers: view.summary.missing.filter((one) => !isSignature(one)),
    signatures: view.summary.missing.filter(isSignature),
  };
}
