import { CommandError, toAppError } from './errors';
import type { Event, HandedIn, InspectionView, PhotoAdd, PhotoSize, ReportCopy } from './contract';
import { REQUEST_HEADER, requestHeader } from './photo-header';
import type { CommandName, Platform, Request, Response as Answer } from './port';

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

  async function raw(path: string): Promise<Uint8Array> {
    return new Uint8Array(await (await answer(path)).arrayBuffer());
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
      return `${base}/foto/${encodeURIComponent(id)}?size=${size}`;
    },

    async uploadPhoto(file: Blob, photo: PhotoAdd) {
      const response = await answer('/opdracht/photo_add', {
        method: 'POST',
        headers: {
          'content-type': file.type || 'application/octet-stream',
          [REQUEST_HEADER]: requestHeader(photo),
        },
        body: file,
      });
      return (await json(response)) as InspectionView;
    },

    report: (inspection: string, copy: ReportCopy) =>
      raw(`/rapport/${encodeURIComponent(inspection)}?copy=${copy}`),

    deviceCard: () => raw('/kaart'),

    handover: (inspection: string, device: string) =>
      raw(`/overdracht/${encodeURIComponent(inspection)}?device=${encodeURIComponent(device)}`),

    async handIn(file: Blob) {
      const headers = { 'content-type': 'application/octet-stream' };
      const response = await answer('/opdracht/hand_in', { method: 'POST', headers, body: file });
      return (await json(response)) as HandedIn;
    },

    listen(heard) {
      const source = new EventSource(`${base}/gebeurtenissen`);
      source.onmessage = (message) => heard(JSON.parse(String(message.data)) as Event);
      return () => source.close();
    },
  };
}
