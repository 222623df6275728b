import type { Uuid } from '$lib/platform';
import { OpenInspection } from './inspection.svelte';

/** The controle on the screen; the same one while people walk through its parts. */
class Opened {
  current = $state.raw<OpenInspection | null>(null);
  #stop: (() => void) | null = null;

  open(id: Uuid): void {
    if (this.current?.id === id) return;
    this.close();
    this.current = new OpenInspection(id);
    this.#stop = this.current.start();
  }

  close(): void {
    this.#stop?.();
    this.#stop = null;
    this.current = null;
  }
}

export const opened = new Opened();
