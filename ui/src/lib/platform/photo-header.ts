import type { PhotoAdd } from './contract';

/** The header beside a photo's raw bytes. */
export const REQUEST_HEADER = 'veldboek-request';

/** The request that goes with a photo's bytes: UTF-8 JSON as base64, since a header holds ASCII only. */
export function requestHeader(photo: PhotoAdd): string {
  const json = new TextEncoder().encode(JSON.stringify(photo));
  return btoa(Array.from(json, (byte) => String.fromCharCode(byte)).join(''));
}
