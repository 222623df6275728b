import type { CodeLabel, Reference } from '$lib/platform';
import { ask } from './session.svelte';

/** The code lists, asked once: they come with the app and do not change while it runs. */
class Codes {
  reference = $state.raw<Reference | null>(null);
  #asked: Promise<void> | null = null;

  /** Asks for them; a failure is asked again the next time. */
  load(): Promise<void> {
    this.#asked ??= ask('reference', {}).then(
      (reference) => void (this.reference = reference),
      () => void (this.#asked = null),
    );
    return this.#asked;
  }

  get partners(): CodeLabel[] {
    return this.reference?.partners ?? [];
  }

  /** A partner in words; its code while the lists are not here. */
  partner(code: string): string {
    return this.partners.find((one) => one.code === code)?.label ?? code;
  }
}

export const codes = new Codes();
