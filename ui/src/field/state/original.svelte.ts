import { toAppError, type AppError, type Uuid } from '$lib/platform';
import { ask } from './session.svelte';

/** The original of a photo that another member took and that somebody wants to see. */
export class Original {
  /** Whether it is being fetched. */
  coming = $state(false);
  /** What stood in the way. */
  error = $state.raw<AppError | null>(null);
  #wanted: Uuid | null = null;

  /** Asks for it once; what does not come now comes by itself later. */
  want(item: Uuid): void {
    if (this.#wanted !== item) void this.fetch(item);
  }

  async fetch(item: Uuid): Promise<void> {
    this.#wanted = item;
    this.coming = true;
    this.error = null;
    try {
      const arrival = await ask('fetch_photo', { item });
      // An event tells the screen when the photo is here.
      if (this.#wanted === item) this.coming = arrival === 'coming';
    } catch (failure) {
      if (this.#wanted !== item) return;
      this.coming = false;
      this.error = toAppError(failure);
    }
  }
}
