import { describe, expect, it } from 'vitest';
import type { Controle, TimelineLine } from '../../src/desk/state/client';
import { behind, lines, noteOf } from '../../src/desk/state/lines';
import { daysSince, question } from '../../src/desk/state/worklist.svelte';

const finding = (number: string, item: string | null, slot: string | null, photos: number[]) => ({
  number,
  item,
  slot,
  title: number,
  kind: 'own',
  kind_label: 'Zelf gezien',
  text: '',
  norm: '',
  place: '',
  ordinary_explanation: '',
  author: 'M. Dekker',
  observed_at: null,
  photos,
});

const answer = { question_id: 'F2', question: 'Vraag', answer: 'Ja', note: '', author: '', counts: true };

const controle = {
  differences: [{ label: 'D3', subject: 'Wie is er?', values: [] }],
  findings: [finding('B1', 'bevinding', null, [2])],
  assumptions: [finding('V1', null, 'E1@schuur', [])],
  measures: [
    {
      number: 'M1',
      label: 'Waarschuwing',
      basis: '',
      text: '',
      deadline: null,
      decided_by: '',
      concerns: ['B1'],
    },
  ],
  photos: [
    { number: 1, item: 'foto-1' },
    { number: 2, item: 'foto-2' },
  ],
  participants: [],
  parts: [{ code: 'F', title: 'Gebouw', answers: [answer] }],
  reaction: null,
} as unknown as Controle;

const record = (n: number, about: string | null) => ({ n, about, record: String(n) }) as TimelineLine;
const timeline = [
  record(1, null),
  record(2, 'bevinding'),
  record(3, 'foto-1'),
  record(4, 'foto-2'),
  record(5, 'F2'),
  record(6, 'F2@gebouw'),
  record(7, 'F21'),
  record(8, 'E1@schuur'),
];

const line = (key: string) => lines(controle).find((one) => one.key === key)!;
const numbers = (key: string) => behind(line(key), controle.photos, timeline).map(({ n }) => n);

describe('the report as lines', () => {
  it('reads from the core by what must be decided and what was found to the answers', () => {
    expect(lines(controle).map(({ subject }) => subject.group)).toEqual([
      'core',
      'differences',
      'findings',
      'assumptions',
      'measures',
      'reaction',
      'answers',
    ]);
  });

  it('gives every line a key of its own, also when a question is asked per building', () => {
    const twice = { ...controle, parts: [controle.parts[0]!, controle.parts[0]!] };
    const keys = lines(twice).map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('has behind a finding its own records and those of its photos', () => {
    expect(numbers('B1')).toEqual([2, 4]);
    expect(numbers('V1')).toEqual([8]);
  });

  it('has behind a measure what it concerns', () => {
    expect(numbers('M1')).toEqual([2, 4]);
    expect(line('M1').photos).toEqual([2]);
  });

  it('has behind the core the controle’s own records, and photos that no finding shows', () => {
    expect(line('core').photos).toEqual([1]);
    expect(numbers('core')).toEqual([1, 3]);
  });

  it('has behind an answer its question in every building, and no other question', () => {
    const f2 = lines(controle).find(({ number }) => number === 'F2')!;
    expect(behind(f2, controle.photos, timeline).map(({ n }) => n)).toEqual([5, 6]);
  });
});

describe('the note for the team', () => {
  it('has what is general first, then each remark with the number of its line', () => {
    const remarks = { M1: 'Welk artikel?', B1: ' Voeg een foto toe. ', V1: '  ' };
    expect(noteOf(' Nog twee dingen. ', remarks, lines(controle))).toBe(
      'Nog twee dingen.\nB1: Voeg een foto toe.\nM1: Welk artikel?',
    );
  });

  it('is empty when only spaces were typed', () => {
    expect(noteOf('  ', { B1: ' ' }, lines(controle))).toBe('');
  });
});

describe('the work list', () => {
  it('asks for nothing that was not filled in', () => {
    const filters = { stand: 'busy', municipality: '', team: ' dekker ', text: ' ' } as const;
    expect(question(filters, 100)).toEqual({
      statuses: ['busy', 'stopped'],
      municipality: null,
      team: 'dekker',
      text: null,
      offset: 100,
    });
  });

  it('counts days by the calendar, not by the clock', () => {
    const now = new Date(2026, 10, 22, 0, 5);
    expect(daysSince(new Date(2026, 10, 21, 23, 55).toISOString(), now)).toBe(1);
    expect(daysSince(new Date(2026, 10, 22, 23, 55).toISOString(), now)).toBe(0);
    expect(daysSince(new Date(2026, 9, 24, 12, 0).toISOString(), now)).toBe(29);
  });
});
