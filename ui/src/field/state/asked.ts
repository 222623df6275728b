import { m } from '$lib/paraglide/messages.js';
import type { AskedPart, InspectionView } from '$lib/platform';

/** For whom a part is: `Voor u`, `Voor S. de Boer`. */
export function askedFor(part: AskedPart): string {
  if (part.differs) return m.part_for_differs();
  return part.is_me ? m.part_for_you() : m.part_for({ name: part.name });
}

/** The same for a whole section; of one that repeats, building by building. */
export function askedForSection(view: InspectionView, section: string): string[] {
  const asked = view.asked.filter((part) => part.section === section);
  return asked.map((part) => {
    const item = view.group_items.find((one) => one.item === part.item)?.name;
    return item ? m.part_for_item({ item, who: askedFor(part) }) : askedFor(part);
  });
}
