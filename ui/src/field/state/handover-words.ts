import { m } from '$lib/paraglide/messages.js';
import type { HandoverMade, HandoverReceived } from '$lib/platform';

/** What came with a hand-over, as one sentence. */
export function receivedInWords(received: HandoverReceived): string {
  const { person } = received;
  if (received.is_known) return m.handin_all_known({ person });
  const parts = [
    received.answers > 0 ? m.count_answers({ count: received.answers }) : '',
    received.photos > 0 ? m.count_photos({ count: received.photos }) : '',
  ].filter(Boolean);
  if (parts.length === 0) return m.handin_came_changes({ count: received.records, person });
  const what = parts.length === 2 ? m.and_word({ first: parts[0]!, second: parts[1]! }) : parts[0]!;
  return m.handin_came({ what, person });
}

/** What is in a file that was made, as one sentence. */
export function madeInWords(made: HandoverMade): string {
  const changes = m.count_changes({ count: made.records });
  const what =
    made.photos > 0
      ? m.and_word({ first: changes, second: m.count_photos({ count: made.photos }) })
      : changes;
  return m.give_made({ what, device: made.device, person: made.person });
}
