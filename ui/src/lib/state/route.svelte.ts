import { saveAll } from './autosave.svelte';

/** The screen as words of the address after `#/`, and the address's questions. */
export interface Route {
  path: string[];
  query: URLSearchParams;
}

function read(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  return { path: path.split('/').filter(Boolean).map(decodeURIComponent), query: new URLSearchParams(query) };
}

class Router {
  current = $state<Route>(read(location.hash));
  /** The address before the STOP screen, to return to. */
  before = $state('#/vandaag');

  constructor() {
    addEventListener('hashchange', () => {
      const next = read(location.hash);
      // What was typed on the screen that is left is saved first; the fields flush themselves as well.
      void saveAll();
      this.current = next;
    });
  }

  go(address: string): void {
    location.hash = address;
  }

  replace(address: string): void {
    history.replaceState(null, '', address);
    this.current = read(address);
  }
}

export const router = new Router();

/** An address of the app from words, each made safe. */
export function to(...words: string[]): string {
  return `#/${words.map(encodeURIComponent).join('/')}`;
}
