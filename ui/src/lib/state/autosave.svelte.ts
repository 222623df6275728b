import { toAppError, type AppError } from '$lib/platform/errors';

/** Milliseconds after the last key at which typed text is saved. */
export const SAVE_AFTER = 300;

/** What people are told about what they typed. Only `kept` means that it is on disk. */
export type SaveState = 'idle' | 'typing' | 'saving' | 'kept' | 'failed';

const unsaved = new Set<Autosave<unknown>>();

/** Saves everything that is still being typed: before leaving a screen, locking, or going to the background. */
export async function saveAll(): Promise<void> {
  await Promise.all([...unsaved].map((field) => field.flush()));
}

/** Whether something typed is not on disk. */
export function anythingUnsaved(): boolean {
  return unsaved.size > 0;
}

/** Saves at once when the app goes to the background or the page is put away. Returns how to stop. */
export function saveWhenHidden(target: Document = document, view: Window = window): () => void {
  const hidden = () => target.visibilityState === 'hidden' && void saveAll();
  const leaving = () => void saveAll();
  target.addEventListener('visibilitychange', hidden);
  view.addEventListener('pagehide', leaving);
  return () => {
    target.removeEventListener('visibilitychange', hidden);
    view.removeEventListener('pagehide', leaving);
  };
}

/**
 * One field that saves itself: 300 ms after the last key, and at once when asked. Saves run one after the other, and a
 * value that changed during a save is saved after it. After a failure the value stays here and the next `flush` tries
 * again.
 */
export class Autosave<T> {
  value = $state() as T;
  state = $state<SaveState>('idle');
  /** When the last save was on disk, as the command answered. */
  keptAt = $state<string | null>(null);
  error = $state<AppError | null>(null);

  #save: (value: T) => Promise<string | null>;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #dirty = false;
  #running: Promise<void> | null = null;

  /** `save` answers with the moment at which the value was on disk. */
  constructor(value: T, keptAt: string | null, save: (value: T) => Promise<string | null>) {
    this.value = value;
    this.keptAt = keptAt;
    this.state = keptAt ? 'kept' : 'idle';
    this.#save = save;
  }

  /** A key was pressed: the field holds this now. */
  type(value: T): void {
    this.value = value;
    this.#dirty = true;
    if (this.state !== 'failed') this.state = 'typing';
    unsaved.add(this as Autosave<unknown>);
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), SAVE_AFTER);
  }

  /** Takes over a value that came from elsewhere, unless somebody is typing here. */
  adopt(value: T, keptAt: string | null): void {
    if (this.#dirty || this.#running) return;
    this.value = value;
    this.keptAt = keptAt;
    this.state = keptAt ? 'kept' : 'idle';
  }

  /** Saves now what is not yet saved; done when it is on disk or has failed. */
  async flush(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#running) await this.#running;
    if (!this.#dirty) return;
    this.#running = this.#write();
    await this.#running;
    this.#running = null;
  }

  async #write(): Promise<void> {
    this.#dirty = false;
    this.state = 'saving';
    try {
      this.keptAt = await this.#save(this.value);
      this.error = null;
      if (!this.#dirty) {
        this.state = 'kept';
        unsaved.delete(this as Autosave<unknown>);
      }
    } catch (failure) {
      this.#dirty = true;
      this.error = toAppError(failure);
      this.state = 'failed';
    }
  }
}
