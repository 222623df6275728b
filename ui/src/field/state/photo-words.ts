import { m } from '$lib/paraglide/messages.js';
import type { InspectionView, PhotoView } from '$lib/platform';
import { readSlot } from './inspection.svelte';

/** To what a photo belongs, in words: a question with its building, a finding, or the controle as a whole. */
export function photoPlace(view: InspectionView, photo: PhotoView): string {
  if (photo.finding) {
    const finding = view.findings.find((one) => one.item === photo.finding);
    if (finding) return [finding.number, finding.title].filter(Boolean).join(' ');
  }
  if (photo.slot) {
    const { question, item } = readSlot(photo.slot);
    const section = view.sections.find((one) => one.questions.some((q) => q.id === question));
    const building = view.group_items.find((one) => one.item === item)?.name;
    return [`${question} ${section?.title ?? ''}`.trim(), building].filter(Boolean).join(', ');
  }
  return m.photo_loose();
}
