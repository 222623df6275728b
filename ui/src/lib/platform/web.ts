import { CommandError, toAppError } from './errors';
import type { Event, InspectionView, ReportCopy } from './contract';
import type { CommandName, PhotoFacts, PhotoSize, Platform, Request, Response as Answer } from './port';

/** The same commands over HTTP, for a browser on the loopback host. */
export function webPlatform(base = ''): Platform {
  async function answer(path: string, init?: RequestInit): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(`${base}${path}`, init);
    } catch (failure) {
      throw new CommandError({ code: 'unreachable', details: { text: String(failure) } });
    }
    if (response.ok) return response;
    const body: unknown = await response.json().catch(() => ({ code: `http-${response.status}` }));
    throw new CommandError(toAppError(body));
  }

  async function json(response: Response): Promise<unknown> {
    const text = await response.text();
    return text === '' ? null : JSON.parse(text);
  }

  return {
    kind: 'browser',

    async call<C extends CommandName>(name: C, request: Request<C>) {
      const response = await answer(`/opdracht/${name}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(request ?? {}),
      });
      return (await json(response)) as Answer<C>;
    },

    photoUrl(id: string, size: PhotoSize) {
      return `${base}/foto/${encodeURIComponent(id)}?formaat=${size === 'thumb' ? 'thumb' : 'origineel'}`;
    },

    async uploadPhoto(file: Blob, facts: PhotoFacts) {
      const response = await answer(`/opdracht/photo_add?${query(facts)}`, {
        method: 'PUT',
        headers: { 'content-type': file.type || 'application/octet-stream' },
        body: file,
      });
      return (await json(response)) as InspectionView;
    },

    async report(inspection: string, copy: ReportCopy) {
      const response = await answer(
        `/rapport/${encodeURIComponent(inspection)}?exemplaar=${copy === 'file' ? 'dossier' : 'achterlaten'}`,
      );
      return new Uint8Array(await response.arrayBuffer());
    },

    listen(heard) {
      const source = new EventSource(`${base}/gebeurtenissen`);
      source.onmessage = (message) => heard(JSON.parse(String(message.data)) as Event);
      return () => source.close();
    },
  };
}

/** The facts that are known, as the questions of an address. */
export function query(facts: PhotoFacts): string {
  const known = Object.entries(facts).filter(([, value]) => value !== null && value !== undefined);
  return new URLSearchParams(known.map(([key, value]) => [key, String(value)])).toString();
}
