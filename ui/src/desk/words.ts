import { m } from '$lib/paraglide/messages.js';
import { dayInWords, timeOfDay, withOffset } from '$lib/format';
import type { Group, Line } from './state/lines';
import { daysSince } from './state/worklist.svelte';

/** Where a controle stands, in words. */
export function status(word: string): string {
  const words: Record<string, () => string> = {
    planned: m.desk_status_planned,
    busy: m.desk_status_busy,
    stopped: m.desk_status_stopped,
    broken_off: m.desk_status_broken_off,
    closed: m.desk_status_closed,
    sent_back: m.desk_status_sent_back,
    agreed: m.desk_status_agreed,
  };
  return words[word]?.() ?? word;
}

/** How long ago, in days: `vandaag`, `1 dag`, `12 dagen`. A day to come says which. */
export function age(moment: string): string {
  const days = daysSince(moment);
  if (days < 0) return dayOf(moment);
  if (days === 0) return m.desk_age_today();
  return days === 1 ? m.desk_age_one() : m.desk_age_days({ count: days });
}

/** A count with its noun, in the number that the language wants. */
export function counted(
  count: number,
  one: (facts: { count: number }) => string,
  many: (facts: { count: number }) => string,
): string {
  return count === 1 ? one({ count }) : many({ count });
}

/** The day of a moment by this device's calendar, without the weekday. */
export function dayOf(moment: string): string {
  return dayInWords(withOffset(new Date(moment)), { weekday: false });
}

/** A day and a time: `19 november, 16:31`. */
export function moment(at: string): string {
  return `${dayOf(at)}, ${timeOfDay(at)}`;
}

/** The heading of a part of the report. */
export function heading(group: Group): string {
  return {
    core: m.desk_core,
    differences: m.desk_differences,
    findings: m.desk_findings,
    assumptions: m.desk_assumptions,
    measures: m.desk_measures,
    reaction: m.desk_reaction,
    participants: m.desk_participants,
    answers: m.desk_answers,
  }[group]();
}

/** A line by its number, or by what it is: `B2`, `de kern`. */
export function nameOf(line: Line): string {
  if (line.number) return line.number;
  if (line.subject.group === 'core') return m.desk_the_core();
  if (line.subject.group === 'participants') return line.subject.participant.name || m.desk_no_name();
  return line.subject.group === 'reaction' ? m.desk_the_reaction() : heading(line.subject.group);
}
