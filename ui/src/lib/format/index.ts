import { getLocale } from '$lib/paraglide/runtime.js';

/** The tag for number and date formats of the language that is shown. */
function tag(): string {
  return getLocale() === 'en' ? 'en-GB' : 'nl-NL';
}

/**
 * The wall clock of a moment as `14:03`. A moment with an offset shows the clock of the device that wrote it;
 * a moment in UTC shows this device's clock.
 */
export function timeOfDay(moment: string): string {
  const written = /T(\d\d:\d\d)(?::\d\d)?(?:\.\d+)?[+-]\d\d:\d\d$/.exec(moment);
  if (written?.[1]) return written[1];
  const date = new Date(moment);
  if (Number.isNaN(date.getTime())) return moment;
  return new Intl.DateTimeFormat('nl-NL', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(
    date,
  );
}

/** The wall clock with seconds, for evidence. */
export function timeWithSeconds(moment: string): string {
  const written = /T(\d\d:\d\d:\d\d)(?:\.\d+)?[+-]\d\d:\d\d$/.exec(moment);
  if (written?.[1]) return written[1];
  const date = new Date(moment);
  if (Number.isNaN(date.getTime())) return moment;
  return new Intl.DateTimeFormat('nl-NL', {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).format(date);
}

/** A calendar day in words: `Donderdag 19 november`. Takes `2026-11-19` or a moment. */
export function dayInWords(day: string, options: { year?: boolean; weekday?: boolean } = {}): string {
  const date = calendarDay(day);
  if (!date) return day;
  const text = new Intl.DateTimeFormat(tag(), {
    weekday: options.weekday === false ? undefined : 'long',
    day: 'numeric',
    month: 'long',
    year: options.year ? 'numeric' : undefined,
  }).format(date);
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A calendar day in words inside a sentence: `donderdag 19 november`. */
export function dayWithin(day: string): string {
  const text = dayInWords(day);
  // Dutch writes the days of the week without a capital; English does not.
  return tag().startsWith('nl') ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}

/** A calendar day in short: `19 nov`. */
export function shortDay(day: string): string {
  const date = calendarDay(day);
  return date ? new Intl.DateTimeFormat(tag(), { day: 'numeric', month: 'short' }).format(date) : day;
}

function calendarDay(day: string): Date | null {
  const parts = /^(\d{4})-(\d\d)-(\d\d)/.exec(day);
  if (!parts) return null;
  return new Date(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3]));
}

/** This device's day as `2026-11-19`. */
export function today(now: Date = new Date()): string {
  const two = (n: number) => String(n).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

/** A moment with this device's offset, as records write it: `2026-11-19T14:03:22+01:00`. */
export function withOffset(moment: Date): string {
  const two = (n: number) => String(Math.trunc(Math.abs(n))).padStart(2, '0');
  const minutes = -moment.getTimezoneOffset();
  const sign = minutes < 0 ? '-' : '+';
  return (
    `${today(moment)}T${two(moment.getHours())}:${two(moment.getMinutes())}:${two(moment.getSeconds())}` +
    `${sign}${two(minutes / 60)}:${two(minutes % 60)}`
  );
}

/** Bytes as people count them, in powers of ten: `4,2 MB`. */
export function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  let value = count;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit > 1 && value < 10 ? 1 : 0;
  return `${number(value, digits)} ${units[unit]}`;
}

/** A number in the language's notation. */
export function number(value: number, digits = 0): string {
  return new Intl.NumberFormat(tag(), { maximumFractionDigits: digits }).format(value);
}

/** A coordinate to read aloud, with four decimals (about ten metres). */
export function degrees(value: number): string {
  return new Intl.NumberFormat(tag(), { minimumFractionDigits: 4, maximumFractionDigits: 4 }).format(
    Math.abs(value),
  );
}

/** A SHA-256 as two groups at the start and one at the end, for people who compare by eye. */
export function shortHash(hash: string): string {
  return hash.length < 32 ? hash : `${hash.slice(0, 8)} ${hash.slice(8, 16)} … ${hash.slice(-8)}`;
}

/** A length of time in its largest unit: `4 jaar`, `3 uur`, `5 minuten`. */
export function span(seconds: number): string {
  const minutes = Math.max(1, Math.round(seconds / 60));
  const sizes: [string, number][] = [
    ['year', 525_600],
    ['day', 1_440],
    ['hour', 60],
    ['minute', 1],
  ];
  const [unit, size] = sizes.find(([, size]) => minutes >= size) ?? ['minute', 1];
  const style = { style: 'unit', unit, unitDisplay: 'long', maximumFractionDigits: 0 } as const;
  return new Intl.NumberFormat(tag(), style).format(Math.floor(minutes / size));
}

/** Several words as one phrase: `F3, G1 en H2`. */
export function list(words: string[]): string {
  return new Intl.ListFormat(tag(), { style: 'long', type: 'conjunction' }).format(words);
}
