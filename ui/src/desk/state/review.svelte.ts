import type { AppError } from '$lib/platform/errors';
import { backend, type Controle, type TimelineLine } from './client';
import { lines, noteOf } from './lines';
import { session } from './session.svelte';

/** What a coordinator typed about one controle and has not sent. */
export interface Draft {
  /** By line. */
  remarks: Record<string, string>;
  /** About the controle as a whole. */
  general: string;
  /** The day by which, or empty. */
  due: string;
}

/** By controle; what was typed stays until it is sent, also when the session ends. */
const drafts: Record<string, Draft> = $state({});

const blank = (): Draft => ({ remarks: {}, general: '', due: '' });

/** Whether anything was typed that is nowhere but on this screen. */
export function anythingTyped(): boolean {
  const typed = (draft: Draft) =>
    [draft.general, ...Object.values(draft.remarks)].some((text) => text.trim());
  return Object.values(drafts).some(typed);
}

export function forgetDrafts(): void {
  for (const id of Object.keys(drafts)) delete drafts[id];
}

/** One controle on the review screen. */
export class Review {
  readonly id: string;
  controle = $state<Controle | null>(null);
  timeline = $state<TimelineLine[]>([]);
  error = $state<AppError | null>(null);
  /** The key of the line whose facts are shown. */
  chosen = $state('');

  constructor(id: string) {
    this.id = id;
    drafts[id] ??= blank();
  }

  lines = $derived(this.controle ? lines(this.controle) : []);
  line = $derived(this.lines.find((line) => line.key === this.chosen) ?? this.lines[0] ?? null);

  get draft(): Draft {
    return drafts[this.id] ?? blank();
  }

  get remarks(): number {
    return this.lines.filter((line) => this.draft.remarks[line.key]?.trim()).length;
  }

  /** What the team will read. */
  get note(): string {
    return noteOf(this.draft.general, this.draft.remarks, this.lines);
  }

  async load(): Promise<void> {
    this.error = null;
    try {
      const [controle, timeline] = await Promise.all([backend.controle(this.id), backend.timeline(this.id)]);
      this.controle = controle;
      this.timeline = timeline;
      if (!this.lines.some((line) => line.key === this.chosen)) this.chosen = this.#first();
    } catch (failure) {
      this.error = session.failed(failure);
    }
  }

  /** Sends the verdict. What was typed is forgotten only when the backend has it. */
  async decide(agreed: boolean): Promise<void> {
    await backend.review(this.id, { agreed, note: this.note, due: (!agreed && this.draft.due) || null });
    drafts[this.id] = blank();
    await this.load();
  }

  /** Where reading begins: what a person must decide, else the first finding. */
  #first(): string {
    const order = ['differences', 'findings', 'assumptions', 'core'];
    const rank = order.map((group) => this.lines.find((line) => line.subject.group === group));
    return rank.find((line) => line !== undefined)?.key ?? '';
  }
}
