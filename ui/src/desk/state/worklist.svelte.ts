import type { AppError } from '$lib/platform/errors';
import { backend, type Row, type Search } from './client';
import { session } from './session.svelte';

/** Where a controle stands, in the groups in which a coordinator thinks. */
export const STANDS = {
  review: ['closed'],
  team: ['sent_back'],
  agreed: ['agreed'],
  busy: ['busy', 'stopped'],
  planned: ['planned'],
  broken_off: ['broken_off'],
  all: [],
} as const;
export type Stand = keyof typeof STANDS;

/** What the list is narrowed by. */
export interface Filters {
  stand: Stand;
  municipality: string;
  team: string;
  text: string;
}

const NOTHING: Filters = { stand: 'review', municipality: '', team: '', text: '' };

/** The list as it was last asked for; the review screen walks through the same one. */
class Worklist {
  filters = $state<Filters>({ ...NOTHING });
  rows = $state<Row[]>([]);
  total = $state(0);
  /** Whether an answer has come for these filters. */
  ready = $state(false);
  error = $state<AppError | null>(null);
  /** Municipalities that were seen, to choose from. */
  municipalities = $state<string[]>([]);
  /** The controle that was last opened, to return to. */
  last = $state<string | null>(null);
  #asked = 0;

  get narrowed(): boolean {
    const { municipality, team, text } = this.filters;
    return municipality !== '' || team.trim() !== '' || text.trim() !== '';
  }

  async load(): Promise<void> {
    await this.#page(0);
  }

  async more(): Promise<void> {
    await this.#page(this.rows.length);
  }

  async ensure(): Promise<void> {
    if (!this.ready) await this.load();
  }

  widen(): void {
    this.filters = { ...NOTHING, stand: this.filters.stand };
  }

  /** Forgets what only somebody who is signed in may see. */
  forget(): void {
    this.rows = [];
    this.total = 0;
    this.ready = false;
    this.municipalities = [];
    this.last = null;
    this.filters = { ...NOTHING };
  }

  async #page(offset: number): Promise<void> {
    const asked = ++this.#asked;
    try {
      const found = await backend.search(question(this.filters, offset));
      // An answer to an earlier question must not replace that to a later one.
      if (asked !== this.#asked) return;
      this.rows = offset === 0 ? found.inspections : [...this.rows, ...found.inspections];
      this.total = found.total;
      this.ready = true;
      this.error = null;
      const seen = new Set([...this.municipalities, ...found.inspections.map((row) => row.municipality)]);
      this.municipalities = [...seen].filter(Boolean).sort((a, b) => a.localeCompare(b, 'nl'));
    } catch (failure) {
      if (asked === this.#asked) this.error = session.failed(failure);
    }
  }
}

/** The filters as the backend wants them: nothing means everything. */
export function question(filters: Filters, offset: number): Partial<Search> {
  return {
    statuses: [...STANDS[filters.stand]],
    municipality: filters.municipality || null,
    team: filters.team.trim() || null,
    text: filters.text.trim() || null,
    offset,
  };
}

/** Whole days that lie between a moment and now, by the calendar of this device. */
export function daysSince(moment: string, now: Date = new Date()): number {
  const at = new Date(moment);
  const day = (date: Date) => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  return Math.round((day(now) - day(at)) / 86_400_000);
}

export const worklist = new Worklist();
