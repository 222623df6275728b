import { untrack } from 'svelte';

/** What a screen reader is told politely, such as "Bewaard 14:03". A sentence is told once in a row for a field. */
class Announcer {
  text = $state('');
  #last = new Map<string, string>();

  say(text: string, about = ''): void {
    if (about && this.#last.get(about) === text) return;
    if (about) this.#last.set(about, text);
    // An equal sentence in a row would not be read: a trailing space makes it new.
    untrack(() => (this.text = this.text === text ? `${text} ` : text));
  }
}

export const announcer = new Announcer();
