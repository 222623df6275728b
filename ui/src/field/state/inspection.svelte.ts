import {
  platform,
  toAppError,
  type AppError,
  type InspectionView,
  type SlotView,
  type Value,
} from '$lib/platform';
import type { AddItem, Kept, Question, Section, Slot, StopView, Uuid } from '$lib/platform';
import { router, to } from '$lib/state/route.svelte';
import { asPoint } from './position';
import { ask, session } from './session.svelte';

/** A place for an answer, from its question, group item and option or row. */
export function slotOf(question: string, item: Uuid | null, part?: string): Slot {
  return `${question}${item ? `@${item}` : ''}${part ? `#${part}` : ''}`;
}

/** The parts of a place for an answer. */
export function readSlot(slot: Slot): { question: string; item: Uuid | null; part: string | null } {
  const [head = '', part = null] = slot.split('#');
  const [question = '', item = null] = head.split('@');
  return { question, item, part };
}

/** An open controle: what the app knows of it, and everything that can be done to it. */
export class OpenInspection {
  readonly id: Uuid;
  view = $state.raw<InspectionView | null>(null);
  error = $state<AppError | null>(null);
  /** A press that failed and has no field of its own to say so. */
  failure = $state<AppError | null>(null);

  #slots = $derived(new Map((this.view?.slots ?? []).map((slot) => [slot.slot, slot])));
  #questions = $derived(
    new Map(
      (this.view?.sections ?? []).flatMap((section) => section.questions.map((q) => [q.id, { section, q }])),
    ),
  );

  constructor(id: Uuid) {
    this.id = id;
  }

  /** Loads, and loads again when something arrived from elsewhere. Returns how to stop. */
  start(): () => void {
    void this.load();
    return session.hear((event) => {
      if (event.event === 'inspection_changed' && event.inspection === this.id) void this.load();
    });
  }

  async load(): Promise<void> {
    try {
      this.view = await ask('open_inspection', { inspection: this.id });
      this.error = null;
    } catch (failure) {
      this.error = toAppError(failure);
    }
  }

  slot(slot: Slot): SlotView | null {
    return this.#slots.get(slot) ?? null;
  }

  question(id: string): { section: Section; q: Question } | null {
    return this.#questions.get(id) ?? null;
  }

  /** The settled value of a field of the controle itself. */
  field(name: string) {
    return this.view?.fields.find((field) => field.field === name) ?? null;
  }

  /** Writes an answer, a note or a reason; answers with the moment at which it was on disk. */
  async answer(kind: 'answer' | 'note' | 'reason', slot: Slot, value: Value): Promise<string> {
    const kept = await ask('write', { inspection: this.id, register: `${kind}:${slot}`, value });
    this.#merge(kept);
    return kept.kept_at;
  }

  /** Writes a field of the controle. */
  async writeField(field: string, value: Value): Promise<string> {
    const kept = await ask('write', { inspection: this.id, register: `inspection:${field}`, value });
    this.#merge(kept);
    await this.load();
    return kept.kept_at;
  }

  /** Writes a field of an item: a finding, a photo, a participant, a measure, a building. */
  async writeItem(item: Uuid, field: string, value: Value): Promise<string> {
    const kept = await ask('write', { inspection: this.id, register: `item:${item}:${field}`, value });
    this.#merge(kept);
    await this.load();
    return kept.kept_at;
  }

  /** Puts the items of a group in this order. */
  async order(items: Uuid[]): Promise<void> {
    for (const [index, item] of items.entries())
      await ask('write', {
        inspection: this.id,
        register: `item:${item}:order`,
        value: { type: 'number', value: index + 1 },
      });
    await this.load();
  }

  /** Settles a difference by a text or an answer that nobody wrote before. */
  async settle(register: string, value: Value): Promise<void> {
    await ask('write', { inspection: this.id, register, value });
    await this.load();
  }

  /** Settles a difference by choosing one of what is there; signatures need a reason. */
  async choose(record: string, reason = ''): Promise<void> {
    this.view = await ask('settle', { inspection: this.id, record, reason });
  }

  /** Asks somebody of the team to do a part, or nobody any more. */
  async handSection(section: string, item: Uuid | null, person: Uuid | null): Promise<void> {
    this.view = await ask('hand_section', { inspection: this.id, section, item, to: person });
  }

  async add(item: Omit<AddItem, 'inspection'>): Promise<Uuid> {
    const added = await ask('add_item', { inspection: this.id, ...item });
    this.view = added.view;
    return added.item;
  }

  async withdraw(item: Uuid, reason: string): Promise<void> {
    this.view = await ask('withdraw_item', { inspection: this.id, item, reason });
  }

  async toInvestigation(item: Uuid, reason: string): Promise<void> {
    this.view = await ask('switch_regime', { inspection: this.id, item, reason });
  }

  /** Says that a photo is about to be taken; must be done before the camera opens. */
  async photoPending(slot: Slot | null, parent: Uuid | null, document = false): Promise<Uuid> {
    const added = await ask('photo_pending', { inspection: this.id, slot, parent, document });
    this.view = added.view;
    return added.item;
  }

  /** Hands over the bytes of a pending photo. */
  async photoAdd(item: Uuid, file: Blob, position: GeolocationCoordinates | null): Promise<void> {
    this.view = await platform.uploadPhoto(file, {
      inspection: this.id,
      item,
      position: position && asPoint(position),
    });
  }

  /** Does what a press asks; a failure is shown above the work. */
  async attempt(work: Promise<unknown>): Promise<void> {
    try {
      await work;
      this.failure = null;
    } catch (failure) {
      this.failure = toAppError(failure);
    }
  }

  adopt(view: InspectionView): void {
    this.view = view;
  }

  #merge(kept: Kept): void {
    const view = this.view;
    if (!view) return;
    const before = view.summary.stops;
    const changed = new Map(kept.slots.map((slot) => [slot.slot, slot]));
    const slots = view.slots.map((slot) => changed.get(slot.slot) ?? slot);
    const known = new Set(view.slots.map((slot) => slot.slot));
    for (const slot of kept.slots) if (!known.has(slot.slot)) slots.push(slot);
    this.view = { ...view, slots, progress: kept.progress, summary: kept.summary };
    if (newSafetyStop(before, kept.summary.stops)) router.go(`${to('stop')}?controle=${this.id}`);
  }
}

/** Whether an answer just brought a reason to leave at once. */
export function newSafetyStop(before: StopView[], after: StopView[]): boolean {
  const known = new Set(before.map((stop) => `${stop.kind} ${stop.slot}`));
  return after.some((stop) => stop.kind === 'safety' && !known.has(`${stop.kind} ${stop.slot}`));
}
