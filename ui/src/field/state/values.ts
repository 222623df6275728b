import { m } from '$lib/paraglide/messages.js';
import { dayInWords, degrees, list, number, timeOfDay } from '$lib/format';
import type { Observation, Point, Question, Value } from '$lib/platform';
import type { ObservationValue } from '$lib/components/Observation.svelte';

/** The words of a value, with the labels of its question. */
export function inWords(value: Value, question?: Question): string {
  const label = (code: string) => question?.options.find((option) => option.code === code)?.label ?? code;
  switch (value.type) {
    case 'cleared':
      return '';
    case 'choice':
      return label(value.value);
    case 'choices':
      return list(value.value.map(label));
    case 'number':
      return [number(value.value, 3), question?.unit].filter(Boolean).join(' ');
    case 'text':
      return value.value;
    case 'date':
      return dayInWords(value.value);
    case 'time':
      return value.value.slice(0, 5);
    case 'date_time':
      return `${dayInWords(value.value)}, ${timeOfDay(value.value)}`;
    case 'address':
      return [value.value.line, value.value.part, value.value.town].filter(Boolean).join(', ');
    case 'point':
      return pointInWords(value.value);
    case 'matrix':
      return Object.entries(value.value)
        .map(
          ([row, code]) => `${question?.rows.find((one) => one.code === row)?.label ?? row}: ${label(code)}`,
        )
        .join('; ');
    case 'observation':
      return value.value.text;
    case 'signature':
      return value.value.name;
    case 'flag':
      return value.value ? m.yes() : m.no();
    case 'checklist':
      return m.version_word({ version: value.value.version });
    case 'person':
      // Whoever knows the team shows the name instead.
      return '';
  }
}

/** Coordinates in words, to read aloud: `52,5581 noord, 4,8364 oost`. */
export function pointInWords(point: Point): string {
  const north =
    point.lat >= 0 ? m.north({ degrees: degrees(point.lat) }) : m.south({ degrees: degrees(point.lat) });
  const east =
    point.lon >= 0 ? m.east({ degrees: degrees(point.lon) }) : m.west({ degrees: degrees(point.lon) });
  return `${north}, ${east}`;
}

/** The observation in a value, with all its fields. */
export function asObservation(value: Value | null): ObservationValue | null {
  if (value?.type !== 'observation') return null;
  return {
    ...value.value,
    ordinary_explanation: value.value.ordinary_explanation ?? '',
  } satisfies Observation;
}

/** Typed text as a value, where nothing typed takes the answer away. */
export function orCleared(text: string, value: (text: string) => Value): Value {
  return text.trim() === '' ? { type: 'cleared' } : value(text);
}

/** A number as people type it, with a comma or a point; nothing when it is no number. */
export function readNumber(text: string): number | null {
  const trimmed = text.trim().replace(',', '.');
  const value = Number(trimmed);
  return trimmed === '' || Number.isNaN(value) ? null : value;
}
