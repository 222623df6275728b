import { afterEach, describe, expect, it, vi } from 'vitest';
import { readFileSync } from 'node:fs';
import { CommandError } from '$lib/platform/errors';
import { requestHeader } from '$lib/platform/photo-header';
import { webPlatform } from '$lib/platform/web';

const answer = (status: number, body: unknown) =>
  vi.fn(async () => new Response(JSON.stringify(body), { status }));

describe('the platform in a browser', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('posts a command as JSON and gives its answer', async () => {
    const fetch = answer(200, { wait_seconds: 0 });
    vi.stubGlobal('fetch', fetch);
    await expect(webPlatform().call('status', {})).resolves.toEqual({ wait_seconds: 0 });
    expect(fetch).toHaveBeenCalledWith(
      '/opdracht/status',
      expect.objectContaining({ method: 'POST', body: '{}' }),
    );
  });
  it('throws the code and details of a refusal', async () => {
    vi.stubGlobal('fetch', answer(423, { code: 'locked', details: {} }));
    await expect(webPlatform().call('today', {})).rejects.toMatchObject({ code: 'locked' });
  });
  it('says that nobody answers when the program is gone', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
    await expect(webPlatform().call('today', {})).rejects.toBeInstanceOf(CommandError);
    await expect(webPlatform().call('today', {})).rejects.toMatchObject({ code: 'unreachable' });
  });
  it('hands over a photo’s bytes as they are, with the request beside them', async () => {
    const fetch = vi.fn<(path: string, init: RequestInit) => Promise<Response>>(
      async () => new Response('{}'),
    );
    vi.stubGlobal('fetch', fetch);
    const file = new Blob([new Uint8Array([255, 216, 255])], { type: 'image/jpeg' });
    await webPlatform().uploadPhoto(file, { inspection: 'i', item: 'p', position: null });
    const init = fetch.mock.calls[0]?.[1];
    expect(init?.body).toBe(file);
    const header = (init?.headers as Record<string, string>)['veldboek-request'] ?? '';
    expect(JSON.parse(atob(header))).toEqual({ inspection: 'i', item: 'p', position: null });
  });
  it('writes the request of a photo in ASCII, whatever is in it', () => {
    const header = requestHeader({ inspection: 'Ștefan', item: 'p', position: null });
    expect(header).toMatch(/^[A-Za-z0-9+/=]+$/);
    expect(new TextDecoder().decode(Uint8Array.from(atob(header), (c) => c.charCodeAt(0)))).toContain(
      'Ștefan',
    );
  });
});

describe('the list of commands', () => {
  it('is the list that the app offers', () => {
    const rust = readFileSync('../crates/app/src/api/commands.rs', 'utf8');
    const offered = [...rust.matchAll(/^\s+(\w+): \w+ =>/gm)].map((match) => match[1]);
    const contract = readFileSync('src/lib/platform/generated/contract.ts', 'utf8');
    const ours = [...contract.matchAll(/^\s+(\w+): \{ request: /gm)];
    expect(offered.length).toBeGreaterThan(20);
    expect(ours.map((match) => match[1])).toEqual(offered);
  });
});
