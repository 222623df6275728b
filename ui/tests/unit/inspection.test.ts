import { describe, expect, it } from 'vitest';
import type { InspectionView, SlotView, StopView } from '$lib/platform';
import { newSafetyStop, readSlot, slotOf } from '../../src/field/state/inspection.svelte';
import { isReal } from '../../src/field/state/position';
import { nextOpen, places } from '../../src/field/state/progress';
import { numberOf } from '../../src/field/state/questions';
import { inWords, orCleared, pointInWords, readNumber } from '../../src/field/state/values';

const slot = (name: string, part: Partial<SlotView> = {}): SlotView => ({
  slot: name,
  visible: true,
  required: false,
  done: false,
  value: null,
  differs: false,
  violation: null,
  locked: null,
  note: '',
  reason: '',
  kept_at: null,
  author: '',
  received_at: null,
  photos: 0,
  ...part,
});
const question = (id: string) => ({ id });
const view = (slots: SlotView[]) =>
  ({
    sections: [
      { id: 'A', group: null, questions: [question('A1')] },
      { id: 'F', group: 'gebouw', questions: [question('F1'), question('F2')] },
    ],
    group_items: [
      { item: 'stal', group: 'gebouw', name: 'Stal' },
      { item: 'kap', group: 'gebouw', name: 'Kapschuur' },
    ],
    slots,
  }) as unknown as InspectionView;

describe('a place for an answer', () => {
  it('is written and read back', () => {
    expect(slotOf('E1', 'kap', 'slang')).toBe('E1@kap#slang');
    expect(readSlot('E1@kap#slang')).toEqual({ question: 'E1', item: 'kap', part: 'slang' });
    expect(readSlot('A1')).toEqual({ question: 'A1', item: null, part: null });
  });
  it('comes section by section and building by building', () => {
    expect(places(view([])).map((place) => place.slot)).toEqual([
      'A1',
      'F1@stal',
      'F2@stal',
      'F1@kap',
      'F2@kap',
    ]);
  });
});

describe('the next open question', () => {
  const all = [
    slot('A1'),
    slot('F1@stal', { done: true }),
    slot('F2@stal', { visible: false }),
    slot('F1@kap'),
  ];
  it('passes what is done and what does not count', () => {
    expect(nextOpen(view(all), 'A1')?.slot).toBe('F1@kap');
  });
  it('goes round to the beginning', () => {
    expect(nextOpen(view(all), 'F1@kap')?.slot).toBe('A1');
  });
  it('is nothing when all is done', () => {
    expect(nextOpen(view([slot('A1', { done: true })]), null)).toBeNull();
  });
});

describe('a stop', () => {
  const stop = (kind: string, at: string): StopView => ({
    kind,
    slot: at,
    text: '',
    offers_regime_switch: false,
  });
  it('opens the STOP screen when an answer just brought it', () => {
    expect(newSafetyStop([], [stop('safety', 'B2')])).toBe(true);
  });
  it('does not open it again for an answer of before', () => {
    expect(newSafetyStop([stop('safety', 'B2')], [stop('safety', 'B2')])).toBe(false);
  });
  it('does not open it when only the supervision stops', () => {
    expect(newSafetyStop([], [stop('supervision', 'K1')])).toBe(false);
  });
});

describe('values', () => {
  it('are read as people type them', () => {
    expect(readNumber(' 3,5 ')).toBe(3.5);
    expect(readNumber('drie')).toBeNull();
    expect(readNumber('')).toBeNull();
  });
  it('are taken away when nothing is left of them', () => {
    expect(orCleared('  ', (value) => ({ type: 'text', value }))).toEqual({ type: 'cleared' });
  });
  it('are shown in words', () => {
    expect(inWords({ type: 'time', value: '13:34:00' })).toBe('13:34');
    expect(pointInWords({ lat: 52.5581, lon: 4.8364, source: 'typed' })).toBe('52,5581 noord, 4,8364 oost');
  });
  it('of a stub that knows no place are refused', () => {
    expect(isReal({ latitude: 0, longitude: 0 }, 1)).toBe(false);
    expect(isReal({ latitude: 52, longitude: 4 }, 0)).toBe(false);
    expect(isReal({ latitude: 52, longitude: 4 }, 1)).toBe(true);
  });
});

describe('the number of a question', () => {
  it('is said as the checklist’s own texts say it', () => {
    expect(numberOf('Q5_2a')).toBe('5.2a');
    expect(numberOf('D2a')).toBe('D2a');
  });
});
