import { m } from '$lib/paraglide/messages.js';
import { toAppError, type AppError, type Slot, type Uuid } from '$lib/platform';
import { announcer } from '$lib/state/announce.svelte';
import type { OpenInspection } from './inspection.svelte';
import { here } from './position';

/** Where a photo belongs. */
interface Target {
  slot: Slot | null;
  finding: Uuid | null;
  document: boolean;
  item: Uuid;
}

/**
 * Takes photos: the record "a photo is about to come" stands before the camera opens, since a tablet may end the app
 * while the camera is up; then come the bytes.
 */
export class PhotoTaker {
  /** The hidden file input of the screen. */
  input: HTMLInputElement | null = null;
  busy = $state(0);
  error = $state<AppError | null>(null);
  /** The photos that were taken just now, in order. */
  taken = $state<Uuid[]>([]);

  #store: OpenInspection;
  #target: Target | null = null;
  /** Looked up while the camera is up, so that the photo need not wait for it. */
  #position: ReturnType<typeof here> | null = null;

  constructor(store: OpenInspection) {
    this.#store = store;
  }

  /** Opens the camera, or the files, for a question, a finding or the controle as a whole. */
  async take(slot: Slot | null, finding: Uuid | null, document = false): Promise<void> {
    try {
      const item = await this.#store.photoPending(slot, finding, document);
      this.#target = { slot, finding, document, item };
      this.error = null;
      this.#position = here();
      this.input?.click();
    } catch (failure) {
      this.error = toAppError(failure);
    }
  }

  /** Takes up a photo that was announced earlier and never came. */
  resume(item: Uuid, slot: Slot | null, finding: Uuid | null): void {
    this.#target = { slot, finding, document: false, item };
    this.input?.click();
  }

  /** The camera gave these. */
  async bring(files: File[]): Promise<void> {
    const target = this.#target;
    this.#target = null;
    if (!target || files.length === 0) return;
    this.busy += files.length;
    const position = await (this.#position ?? here());
    let item: Uuid | null = target.item;
    for (const file of files) {
      try {
        item ??= await this.#store.photoPending(target.slot, target.finding, target.document);
        await this.#store.photoAdd(item, file, position);
        this.taken = [...this.taken, item];
        announcer.say(m.photo_kept({ count: this.taken.length }));
      } catch (failure) {
        this.error = toAppError(failure);
      }
      item = null;
      this.busy -= 1;
    }
  }

  /** The camera was closed without a photo: the announcement is taken back, with its reason in the history. */
  async cancel(): Promise<void> {
    const target = this.#target;
    this.#target = null;
    if (target) await this.#store.withdraw(target.item, m.photo_not_taken()).catch(() => undefined);
  }
}
