import type { OtherHere, Uuid } from '$lib/platform';
import { m } from '$lib/paraglide/messages.js';
import { list } from '$lib/format';
import { ask, session } from './session.svelte';

/** Who else has the controle on the screen open. It is never waited for, and without a network it says nothing. */
class PresenceState {
  others = $state.raw<OtherHere[]>([]);

  /** Says that a controle is on the screen. Returns how to say that it was left. */
  look(inspection: Uuid): () => void {
    const stop = session.hear((event) => {
      if (event.event === 'presence' && event.presence.inspection === inspection)
        this.others = event.presence.others;
    });
    void this.#tell(inspection);
    return () => {
      stop();
      this.others = [];
      void this.#tell(null);
    };
  }

  async #tell(inspection: Uuid | null): Promise<void> {
    try {
      this.others = (await ask('look_at', { inspection })).others;
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
