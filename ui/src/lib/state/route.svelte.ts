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

  /** STOP from here: it knows the controle that is open. */
  get stop(): string {
    const [screen, id] = this.current.path;
    return screen === 'controle' && id ? `#/stop?controle=${encodeURIComponent(id)}` : '#/stop';
  }

  constructor() {
    addEventListener('hashchange', (event) => {
      const next = read(location.hash);
      if (next.path[0] === 'stop' && this.current.path[0] !== 'stop')
        this.before = new URL(event.oldURL).hash;
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
