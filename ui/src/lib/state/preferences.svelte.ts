import { getLocale, overwriteGetLocale, setLocale, type Locale } from '$lib/paraglide/runtime.js';

// Every text of a screen asks for the language: it is looked up once, and not in the browser's storage each time.
let language: Locale = getLocale();
overwriteGetLocale(() => language);

export const THEMES = ['system', 'light', 'dark', 'contrast', 'contrast-dark'] as const;
export type Theme = (typeof THEMES)[number];

export const TEXT_SIZES = ['100', '125', '150', '200'] as const;
export type TextSize = (typeof TEXT_SIZES)[number];

/** How the screen looks on this device. Nothing about people or controles is kept here. */
class Preferences {
  theme = $state<Theme>('system');
  textSize = $state<TextSize>('100');
  locale = $state<Locale>(language);

  constructor() {
    this.theme = pick(THEMES, read('veldboek.theme'), 'system');
    this.textSize = pick(TEXT_SIZES, read('veldboek.text'), '100');
    this.#show();
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    write('veldboek.theme', theme);
    this.#show();
  }

  setTextSize(size: TextSize): void {
    this.textSize = size;
    write('veldboek.text', size);
    this.#show();
  }

  setLanguage(locale: Locale): void {
    void setLocale(locale, { reload: false });
    language = locale;
    this.locale = locale;
    this.#show();
  }

  #show(): void {
    const root = document.documentElement;
    if (this.theme === 'system') root.removeAttribute('data-theme');
    else root.setAttribute('data-theme', this.theme);
    root.setAttribute('data-text', this.textSize);
    root.lang = this.locale;
  }
}

function pick<T extends string>(allowed: readonly T[], value: string | null, otherwise: T): T {
  return allowed.find((option) => option === value) ?? otherwise;
}

/** A browser may refuse storage; then the choice lasts until the window closes. */
function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    return;
  }
}

export const preferences = new Preferences();
