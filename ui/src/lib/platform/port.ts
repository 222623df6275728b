import type { Commands, Event, HandedIn, InspectionView, PhotoAdd, PhotoSize, ReportCopy } from './contract';

/** The name of a command that every host implements. */
export type CommandName = keyof Commands;
export type Request<C extends CommandName> = Commands[C]['request'];
export type Response<C extends CommandName> = Commands[C]['response'];

/**
 * What the screens ask of the program behind them. `tauri.ts` answers in the app's window, `web.ts` over HTTP in a
 * browser. It grows only when a screen needs something new.
 */
export interface Platform {
  /** Which host it is, for the words on the settings screen. */
  readonly kind: 'window' | 'browser';

  /** Runs a command; a failure is a `CommandError` with a code. */
  call<C extends CommandName>(name: C, request: Request<C>): Promise<Response<C>>;

  /** The address of a photo for an `img`. */
  photoUrl(id: string, size: PhotoSize): string;

  /** Hands over a photo's bytes exactly as they are; never as text. */
  uploadPhoto(file: Blob, photo: PhotoAdd): Promise<InspectionView>;

  /** The report that was just made, as PDF bytes. */
  report(inspection: string, copy: ReportCopy): Promise<Uint8Array>;

  /** This device's card, as the bytes of a file. */
  deviceCard(): Promise<Uint8Array>;

  /** The file that was just made to hand a controle over to a device. */
  handover(inspection: string, device: string): Promise<Uint8Array>;

  /** Takes a file that somebody brought: another device's card, or a hand-over. Its bytes go exactly as they are. */
  handIn(file: Blob): Promise<HandedIn>;

  /** Calls back when something changed that this screen did not do itself. Returns how to stop. */
  listen(heard: (event: Event) => void): () => void;
}
