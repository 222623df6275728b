import { m } from '$lib/paraglide/messages.js';
import { bytes, timeOfDay } from '$lib/format';
import type { IconName } from '$lib/icons';
import type { SyncLine } from '$lib/platform';

export interface Sentence {
  text: string;
  icon: IconName;
  tone: 'plain' | 'ink' | 'warn';
}

/** The plain sentence of the top bar. Storage and sign-in come first: they need a person. */
export function syncSentence(line: SyncLine): Sentence {
  const waiting = line.records_waiting + line.photos_waiting;
  if (line.room_for_photos !== null)
    return { text: m.sync_room({ count: line.room_for_photos }), icon: 'hard-drive', tone: 'warn' };
  if (line.state === 'signed_out') return { text: m.sync_signed_out(), icon: 'key-round', tone: 'warn' };
  if (line.state === 'failed') return { text: m.sync_failed(), icon: 'triangle-alert', tone: 'warn' };
  if (line.state === 'offline')
    return {
      text: waiting > 0 ? m.sync_offline_waiting({ count: waiting }) : m.sync_offline(),
      icon: 'cloud-off',
      tone: 'plain',
    };
  if (line.state === 'busy')
    return {
      text:
        line.photos_waiting > 0
          ? m.sync_busy_photos({ count: line.photos_waiting, bytes: bytes(line.bytes_waiting) })
          : m.sync_busy(),
      icon: 'arrow-up-from-line',
      tone: 'plain',
    };
  if (waiting > 0) return { text: m.sync_waiting({ count: waiting }), icon: 'clock', tone: 'plain' };
  if (line.received_at)
    return { text: m.sync_received({ time: timeOfDay(line.received_at) }), icon: 'check-check', tone: 'ink' };
  return { text: m.sync_nothing_yet(), icon: 'clock', tone: 'plain' };
}
