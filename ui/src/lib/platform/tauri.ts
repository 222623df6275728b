import { convertFileSrc, invoke } from '@tauri-apps/api/core';
import { listen as hear } from '@tauri-apps/api/event';
import { CommandError, toAppError } from './errors';
import type { Event, InspectionView, ReportCopy } from './contract';
import type { CommandName, PhotoFacts, PhotoSize, Platform, Request, Response as Answer } from './port';

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

  return {
    kind: 'window',

    async call<C extends CommandName>(name: C, request: Request<C>) {
      return (await run(name, { request: request ?? {} })) as Answer<C>;
    },

    photoUrl(id: string, size: PhotoSize) {
      const path = convertFileSrc(`photo/${id}`, PROTOCOL).replaceAll('%2F', '/');
      return size === 'thumb' ? `${path}?thumb` : path;
    },

    async uploadPhoto(file: Blob, facts: PhotoFacts) {
      const body = new Uint8Array(await file.arrayBuffer());
      const headers: Record<string, string> = { 'content-type': file.type || 'application/octet-stream' };
      for (const [key, value] of Object.entries(facts)) {
        // A header holds ASCII only; a caption does not.
        if (value !== null && value !== undefined)
          headers[`x-veldboek-${key}`] = encodeURIComponent(String(value));
      }
      return (await run('photo_add', body, headers)) as InspectionView;
    },

    async report(inspection: string, copy: ReportCopy) {
      const path = convertFileSrc(`report/${inspection}`, PROTOCOL).replaceAll('%2F', '/');
      let response: Response;
      try {
        response = await fetch(`${path}?copy=${copy}`);
      } catch (failure) {
        throw new CommandError({ code: 'unreachable', details: { text: String(failure) } });
      }
      if (!response.ok)
        throw new CommandError(toAppError(await response.json().catch(() => ({ code: 'unreachable' }))));
      return new Uint8Array(await response.arrayBuffer());
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
