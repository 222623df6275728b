import { m } from '$lib/paraglide/messages.js';
import { bytes } from '$lib/format';
import type { NearbyAmount, NearbyOutcome, NearbyView } from '$lib/platform';

/** So many changes and photos, with the photos' size. */
export function amountInWords(amount: NearbyAmount): string {
  const photos =
    amount.photos > 0 || amount.bytes > 0
      ? m.nearby_photos({ photos: m.count_photos({ count: amount.photos }), size: bytes(amount.bytes) })
      : '';
  const changes = amount.records > 0 ? m.count_changes({ count: amount.records }) : '';
  if (changes && photos) return m.and_word({ first: changes, second: photos });
  return changes || photos || m.nearby_amount_nothing();
}

/** What came, as the first sentence of the end. */
export function takenInWords(outcome: NearbyOutcome): string {
  const parts = [
    outcome.records > 0 ? m.count_changes({ count: outcome.records }) : '',
    outcome.photos > 0 ? m.count_photos({ count: outcome.photos }) : '',
  ].filter(Boolean);
  return parts.length > 0 ? m.nearby_taken({ what: parts.join(', ') }) : m.nearby_taken_nothing();
}

/** What a screen reader is told when it goes on to something else. */
export function stageInWords(view: NearbyView): string {
  const person = view.peer?.person ?? '';
  switch (view.stage) {
    case 'comparing':
      return m.nearby_code_read({ code: [...(view.code ?? '')].join(' ') });
    case 'waiting':
      return m.nearby_waiting({ person });
    case 'choosing':
      return view.inspections.length > 0 ? m.nearby_what() : m.nearby_nothing();
    case 'exchanging':
      return m.nearby_busy({ person });
    case 'done':
      return view.outcome ? takenInWords(view.outcome) : '';
    default:
      return '';
  }
}
