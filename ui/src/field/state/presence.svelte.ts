import type { OtherHere, Uuid } from '$lib/platform';
import { m } from '$lib/paraglide/messages.js';
import { list } from '$lib/format';
import { ask, session } from './session.svelte';

/** Who else has the controle on the screen open. It is never waited for, and without a network it says nothing. */
class PresenceState {
  others = $state.raw<OtherHere[]>([]);
  /** What was said last goes last: leaving one controle and looking at the next are never told the other way round. */
  #said: Promise<void> = Promise.resolve();
  /** What was heard meanwhile is newer than the answer to what was said. */
  #heard = 0;

  /** Says that a controle is on the screen. Returns how to say that it was left. */
  look(inspection: Uuid): () => void {
    const stop = session.hear((event) => {
      if (event.event !== 'presence' || event.presence.inspection !== inspection) return;
      this.#heard += 1;
      this.others = event.presence.others;
    });
    this.#say(inspection);
    return () => {
      stop();
      this.others = [];
      this.#say(null);
    };
  }

  #say(inspection: Uuid | null): void {
    this.#said = this.#said.then(() => this.#tell(inspection));
  }

  async #tell(inspection: Uuid | null): Promise<void> {
    const heard = this.#heard;
    try {
      const { others } = await ask('look_at', { inspection });
      if (heard === this.#heard) this.others = others;
    } catch {
      // Looking works without it.
      this.others = [];
    }
  }
}

export const presence = new PresenceState();

/** `F. Bakker, tablet 2 en S. de Boer, tablet 3`. */
export function othersInWords(others: OtherHere[]): string {
  return list(others.map((one) => m.person_device({ name: one.name, device: one.device })));
}
