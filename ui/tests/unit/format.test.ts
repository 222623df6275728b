import { describe, expect, it } from 'vitest';
import {
  bytes,
  dayInWords,
  degrees,
  shortHash,
  timeOfDay,
  timeWithSeconds,
  today,
  withOffset,
} from '$lib/format';

describe('times', () => {
  it('shows the clock of the device that wrote it, whatever the zone of this one', () => {
    expect(timeOfDay('2026-11-19T14:03:22+01:00')).toBe('14:03');
    expect(timeOfDay('2026-11-19T14:03:22.512-05:00')).toBe('14:03');
    expect(timeWithSeconds('2026-11-19T14:03:22.512+01:00')).toBe('14:03:22');
  });
  it('shows what it can not read as it is', () => {
    expect(timeOfDay('straks')).toBe('straks');
    expect(dayInWords('ooit')).toBe('ooit');
  });
  it('writes a day in words with a capital', () => {
    expect(dayInWords('2026-11-19')).toBe('Donderdag 19 november');
    expect(dayInWords('2026-11-19T23:59:00+01:00', { year: true, weekday: false })).toBe('19 november 2026');
  });
  it('writes a moment with the offset of this device, and reads it back as the same moment', () => {
    const moment = new Date(2026, 10, 19, 14, 3, 22);
    expect(withOffset(moment)).toMatch(/^2026-11-19T14:03:22[+-]\d\d:\d\d$/);
    expect(new Date(withOffset(moment)).getTime()).toBe(moment.getTime());
    expect(today(moment)).toBe('2026-11-19');
  });
});

describe('figures', () => {
  it('counts bytes in powers of ten, with one decimal where it matters', () => {
    expect(bytes(0)).toBe('0 B');
    expect(bytes(999)).toBe('999 B');
    expect(bytes(4_200_000)).toBe('4,2 MB');
    expect(bytes(41_000_000)).toBe('41 MB');
  });
  it('writes a coordinate with four decimals and a comma', () => {
    expect(degrees(4.83637)).toBe('4,8364');
  });
  it('shortens a hash to what people compare by eye', () => {
    expect(shortHash(`9f3c71aa04de82b6${'0'.repeat(40)}5e0cb1e7`)).toBe('9f3c71aa 04de82b6 … 5e0cb1e7');
  });
});
