import { backend, type Photo } from './client';

/** A photo as it came in. */
export interface Seen {
  url: string;
  /** Whether its bytes still have the SHA-256 of its record; null where the browser can't compute one. */
  sealed: boolean | null;
}

/** The SHA-256 of bytes, hexadecimal. */
async function sha256(bytes: ArrayBuffer): Promise<string | null> {
  // Only pages from a secure origin may compute.
  if (!globalThis.crypto?.subtle) return null;
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The photos of one controle: each is fetched once, checked against its seal, and forgotten with the screen. */
export class Photos {
  readonly #controle: string;
  readonly #seen = new Map<string, Promise<Seen>>();

  constructor(controle: string) {
    this.#controle = controle;
  }

  /** The address of a photo's small version, for an `img`. Nothing vouches for it. */
  preview(photo: Photo): string {
    return backend.previewUrl(this.#controle, photo.item);
  }

  see(photo: Photo): Promise<Seen> {
    const known = this.#seen.get(photo.item);
    if (known) return known;
    const coming = this.#fetch(photo);
    this.#seen.set(photo.item, coming);
    coming.catch(() => this.#seen.delete(photo.item));
    return coming;
  }

  forget(): void {
    for (const coming of this.#seen.values())
      void coming.then(
        ({ url }) => URL.revokeObjectURL(url),
        () => undefined,
      );
    this.#seen.clear();
  }

  async #fetch(photo: Photo): Promise<Seen> {
    const bytes = await backend.photo(this.#controle, photo.item);
    const hash = await sha256(bytes);
    const sealed = hash === null ? null : hash === photo.sha256;
    return { url: URL.createObjectURL(new Blob([bytes], { type: 'image/jpeg' })), sealed };
  }
}
