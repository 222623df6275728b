import {
  platform,
  toAppError,
  type AppError,
  type AppStatus,
  type Event,
  type Settings,
} from '$lib/platform';
import type { CommandName, Request, Response } from '$lib/platform/port';
import { preferences, TEXT_SIZES, THEMES } from '$lib/state/preferences.svelte';
import { saveAll } from '$lib/state/autosave.svelte';

type Heard = (event: Event) => void;

/** How far the app is, for whom, and the one line about what is kept and received. */
class Session {
  status = $state<AppStatus | null>(null);
  settings = $state<Settings | null>(null);
  /** The program behind the screens does not answer. */
  error = $state<AppError | null>(null);

  #listeners = new Set<Heard>();
  #idleTimer: ReturnType<typeof setTimeout> | null = null;

  /** Listens to the app from here on. Returns how to stop. */
  start(): () => void {
    const stop = platform.listen((event) => this.#hear(event));
    const touched = () => this.#touched();
    for (const kind of ['pointerdown', 'keydown'] as const)
      addEventListener(kind, touched, { passive: true });
    return () => {
      stop();
      for (const kind of ['pointerdown', 'keydown'] as const) removeEventListener(kind, touched);
    };
  }

  /** Asks how far the app is. */
  async refresh(): Promise<void> {
    try {
      this.adopt(await platform.call('status', {}));
      this.error = null;
    } catch (failure) {
      this.error = toAppError(failure);
    }
  }

  adopt(status: AppStatus): void {
    const opened = status.phase === 'open' && this.status?.phase !== 'open';
    this.status = status;
    if (opened) void this.#loadSettings();
  }

  /** What a screen wants to know of events, while it is there. */
  hear(listener: Heard): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Locks at once; what was being typed is saved first. */
  async lock(): Promise<void> {
    await saveAll();
    this.adopt(await platform.call('lock', {}));
  }

  async change(part: Partial<Settings>): Promise<void> {
    if (!this.settings) return;
    this.settings = await platform.call('change_settings', { ...this.settings, ...part });
    this.#show(this.settings);
    this.#touched();
  }

  async #loadSettings(): Promise<void> {
    this.settings = await platform.call('settings', {});
    this.#show(this.settings);
    this.#touched();
  }

  #show(settings: Settings): void {
    const theme = THEMES.find((theme) => theme === settings.theme);
    const size = TEXT_SIZES.find((size) => size === String(settings.text_size));
    if (theme && theme !== preferences.theme) preferences.setTheme(theme);
    if (size && size !== preferences.textSize) preferences.setTextSize(size);
    const language = settings.language === 'en' ? 'en' : 'nl';
    if (language !== preferences.locale) preferences.setLanguage(language);
  }

  #hear(event: Event): void {
    if (event.event === 'sync' && this.status) this.status = { ...this.status, sync: event.line };
    if (event.event === 'locked') void this.refresh();
    for (const listener of this.#listeners) listener(event);
  }

  #touched(): void {
    if (this.#idleTimer) clearTimeout(this.#idleTimer);
    const minutes = this.settings?.lock_after_minutes ?? 0;
    if (minutes > 0 && this.status?.phase === 'open')
      this.#idleTimer = setTimeout(() => void this.lock().catch(() => this.refresh()), minutes * 60_000);
  }
}

export const session = new Session();

/** Runs a command. When the app turns out to be locked, the unlock screen comes; what was typed stays in its field. */
export async function ask<C extends CommandName>(name: C, request: Request<C>): Promise<Response<C>> {
  try {
    return await platform.call(name, request);
  } catch (failure) {
    if (toAppError(failure).code === 'locked') void session.refresh();
    throw failure;
  }
}
