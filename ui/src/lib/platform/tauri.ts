import { convertFileSrc, invoke } from '@tauri-apps/api/core';
import { listen as hear } from '@tauri-apps/api/event';
import { CommandError, toAppError } from './errors';
import type { Event, HandedIn, InspectionView, PhotoAdd, PhotoSize, ReportCopy } from './contract';
import { REQUEST_HEADER, requestHeader } from './photo-header';
import type { CommandName, Platform, Request, Response as Answer } from './port';

/** The protocol under which the window shows photos; their bytes never cross the command bridge as text. */
const PROTOCOL = 'veldboek';
/** The one event of the app: something changed. */
const CHANGED = 'veldboek';

/** The commands of the app's own window. */
export function tauriPlatform(): Platform {
  async function run(name: string, payload: Parameters<typeof invoke>[1], headers?: Record<string, string>) {
    try {
      return await invoke(name, payload, headers ? { headers } : undefined);
    } catch (failure) {
      throw new CommandError(toAppError(failure));
    }
  }

  /** `veldboek://localhost/…`, or `http://veldboek.localhost/…` where the system wants that. */
  const address = (path: string) => convertFileSrc(path, PROTOCOL).replaceAll('%2F', '/');

  /** Bytes that come raw, beside the command bridge. */
  async function raw(address: string): Promise<Uint8Array> {
    let response: Response;
    try {
      response = await fetch(address);
    } catch (failure) {
      throw new CommandError({ code: 'unreachable', details: { text: String(failure) } });
    }
    if (!response.ok)
      throw new CommandError(toAppError(await response.json().catch(() => ({ code: 'unreachable' }))));
    return new Uint8Array(await response.arrayBuffer());
  }

  return {
    kind: 'window',

    async call<C extends CommandName>(name: C, request: Request<C>) {
      return (await run(name, { request: request ?? {} })) as Answer<C>;
    },

    photoUrl(id: string, size: PhotoSize) {
      return `${address(`photo/${id}`)}?size=${size}`;
    },

    async uploadPhoto(file: Blob, photo: PhotoAdd) {
      const body = new Uint8Array(await file.arrayBuffer());
      return (await run('photo_add', body, { [REQUEST_HEADER]: requestHeader(photo) })) as InspectionView;
    },

    report: (inspection: string, copy: ReportCopy) => raw(`${address(`report/${inspection}`)}?copy=${copy}`),

    deviceCard: () => raw(address('card')),

    handover: (inspection: string, device: string) =>
      raw(`${address(`handover/${inspection}`)}?device=${device}`),

    async handIn(file: Blob) {
      return (await run('hand_in', new Uint8Array(await file.arrayBuffer()))) as HandedIn;
    },

    listen(heard) {
      let stopped = false;
      let stop: (() => void) | null = null;
      void hear<Event>(CHANGED, (event) => heard(event.payload)).then((unlisten) => {
        if (stopped) unlisten();
        else stop = unlisten;
      });
      return () => {
        stopped = true;
        stop?.();
      };
    },
  };
}
