import { m } from '$lib/paraglide/messages.js';
import { timeOfDay } from '$lib/format';
import type { IconName } from '$lib/icons';
import type { InspectionRow } from '$lib/platform';

/** What NHVeilig has of a controle, from receipts alone. */
export interface ReceiptWords {
  text: string;
  icon: IconName;
  received: boolean;
}

/** What still waits: `3 wijzigingen en 1 foto`. */
function waiting(row: InspectionRow): string {
  const records = m.count_changes({ count: row.records_waiting });
  const photos = m.count_photos({ count: row.photos_waiting });
  if (row.records_waiting > 0 && row.photos_waiting > 0) return m.receipt_waits_both({ records, photos });
  return m.receipt_waits({ what: row.photos_waiting > 0 ? photos : records });
}

/** The receipt of a controle in words; none for a visit that stays on this device. */
export function receiptWords(row: InspectionRow): ReceiptWords | null {
  if (row.family === 'agro') return null;
  if (row.waiting > 0) return { text: waiting(row), icon: 'clock', received: false };
  if (row.received_at)
    return {
      text: m.sync_received({ time: timeOfDay(row.received_at) }),
      icon: 'check-check',
      received: true,
    };
  return null;
}
