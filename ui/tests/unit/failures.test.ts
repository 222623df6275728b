import { beforeEach, describe, expect, it, vi } from 'vitest';

const FULL = { code: 'storage_full', details: {} };

// All the words are a few hundred modules here.
const PATIENCE = 30_000;

describe('the words of failures, which come after the first screen', { timeout: PATIENCE }, () => {
  beforeEach(() => void vi.resetModules());

  it('are there when they were loaded', async () => {
    const { inWords, loadFailures } = await import('$lib/state/failures.svelte');
    expect(inWords(FULL).what).toBe('');
    await loadFailures();
    expect(inWords(FULL).what).toBe('De opslag van dit apparaat is vol');
  });

  it('are asked for by whoever needs them first', async () => {
    const { inWords } = await import('$lib/state/failures.svelte');
    inWords(FULL);
    await vi.waitFor(() => expect(inWords(FULL).todo).not.toBe(''), PATIENCE);
  });

  it('give way to the code when they cannot be had', async () => {
    vi.doMock('$lib/state/error-texts', () => {
      throw new Error('no network');
    });
    const { inWords, loadFailures } = await import('$lib/state/failures.svelte');
    await loadFailures();
    expect(inWords(FULL).what).toBe('storage_full');
    vi.doUnmock('$lib/state/error-texts');
  });
});
