import type { Platform } from './port';
import { tauriPlatform } from './tauri';
import { webPlatform } from './web';

export type { Platform, Request, Response } from './port';
export type * from './contract';
export { CommandError, toAppError, type AppError } from './errors';

/** The program behind the screens, chosen once: the app's window, or a browser on the loopback host. */
export const platform: Platform = '__TAURI_INTERNALS__' in window ? tauriPlatform() : webPlatform();
