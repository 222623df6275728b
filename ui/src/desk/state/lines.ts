import type { Controle, Finding, Photo, TimelineLine } from './client';

/** The parts of a report in the order in which it is read. */
export type Group =
  'core' | 'differences' | 'findings' | 'assumptions' | 'measures' | 'reaction' | 'participants' | 'answers';

type Answer = Controle['parts'][number]['answers'][number];

/** What a line of the report is about. */
export type Subject =
  | { group: 'core' }
  | { group: 'differences'; difference: Controle['differences'][number] }
  | { group: 'findings' | 'assumptions'; finding: Finding }
  | { group: 'measures'; measure: Controle['measures'][number] }
  | { group: 'reaction'; reaction: string | null }
  | { group: 'participants'; participant: Controle['participants'][number] }
  | { group: 'answers'; answer: Answer; part: Controle['parts'][number] };

/** One line of the report: what can be chosen, remarked upon and looked behind. */
export interface Line {
  /** Unique in the report. */
  key: string;
  /** As it is called in the margin: `B2`, `F3`. Empty for lines without a number. */
  number: string;
  subject: Subject;
  /** What the records behind it are about, as the time line names them. */
  about: string[];
  /** Numbers of the photos behind it; behind the core, those that no finding shows. */
  photos: number[];
}

/** The report as lines, from the core to the answers. */
export function lines(controle: Controle): Line[] {
  const found = (group: 'findings' | 'assumptions', finding: Finding): Line => ({
    key: finding.number,
    number: finding.number,
    subject: { group, finding },
    about: [finding.item, finding.slot].filter((about) => typeof about === 'string'),
    photos: finding.photos,
  });
  const behind = (numbers: string[]) =>
    [...controle.findings, ...controle.assumptions].filter((finding) => numbers.includes(finding.number));
  const shown = [...controle.findings, ...controle.assumptions].flatMap((finding) => finding.photos);
  const loose = controle.photos.map((photo) => photo.number).filter((number) => !shown.includes(number));
  return [
    { key: 'core', number: '', subject: { group: 'core' }, about: [], photos: loose },
    ...controle.differences.map((difference, index): Line => ({
      key: `difference-${index}`,
      number: difference.label,
      subject: { group: 'differences', difference },
      about: [difference.label],
      photos: [],
    })),
    ...controle.findings.map((finding) => found('findings', finding)),
    ...controle.assumptions.map((finding) => found('assumptions', finding)),
    ...controle.measures.map((measure): Line => {
      const concerned = behind(measure.concerns);
      return {
        key: measure.number,
        number: measure.number,
        subject: { group: 'measures', measure },
        about: concerned.flatMap((finding) => found('findings', finding).about),
        photos: [...new Set(concerned.flatMap((finding) => finding.photos))].sort((a, b) => a - b),
      };
    }),
    {
      key: 'reaction',
      number: '',
      subject: { group: 'reaction', reaction: controle.reaction ?? null },
      about: [],
      photos: [],
    },
    ...controle.participants.map((participant, index): Line => ({
      key: `participant-${index}`,
      number: '',
      subject: { group: 'participants', participant },
      about: [],
      photos: [],
    })),
    ...controle.parts.flatMap((part, place) =>
      part.answers.map((answer, index): Line => ({
        key: `answer-${place}-${index}`,
        number: answer.question_id,
        subject: { group: 'answers', answer, part },
        about: [answer.question_id],
        photos: [],
      })),
    ),
  ];
}

/** Whether a record is about a place: `F2` also covers `F2` of one building, `F2@…`. */
function concerns(about: string, wanted: string): boolean {
  return about === wanted || (about.startsWith(wanted) && /^[^A-Za-z0-9]/.test(about.slice(wanted.length)));
}

/** The records behind a line, oldest first; behind the core also those about the controle as a whole. */
export function behind(line: Line, photos: Photo[], timeline: TimelineLine[]): TimelineLine[] {
  const whole = line.subject.group === 'core';
  const items = photos.filter((photo) => line.photos.includes(photo.number)).map((photo) => photo.item);
  const wanted = [...line.about, ...items];
  return timeline.filter(({ about }) => (about ? wanted.some((place) => concerns(about, place)) : whole));
}

/** The remarks as one text for the team: what is general first, then by line. */
export function noteOf(general: string, remarks: Record<string, string>, all: Line[]): string {
  const byLine = all
    .map((line) => [line.number, remarks[line.key]?.trim() ?? ''] as const)
    .filter(([, remark]) => remark !== '')
    .map(([number, remark]) => (number ? `${number}: ${remark}` : remark));
  return [general.trim(), ...byLine].filter(Boolean).join('\n');
}
