import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CommandError } from '$lib/platform/errors';
import { Autosave, SAVE_AFTER, anythingUnsaved, saveAll, saveWhenHidden } from '$lib/state/autosave.svelte';

const AT = '2026-11-19T14:03:22+01:00';

describe('a field that saves itself', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(async () => {
    await saveAll();
    vi.useRealTimers();
  });

  it('saves once, 300 ms after the last key', async () => {
    const save = vi.fn(async () => AT);
    const field = new Autosave('', null, save);
    field.type('Z');
    await vi.advanceTimersByTimeAsync(SAVE_AFTER - 1);
    field.type('Zu');
    await vi.advanceTimersByTimeAsync(SAVE_AFTER - 1);
    expect(save).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(save.mock.calls).toEqual([['Zu']]);
  });

  it('says that it is kept only after the command answered', async () => {
    let answer: (at: string) => void = () => undefined;
    const field = new Autosave('', null, () => new Promise<string>((resolve) => (answer = resolve)));
    field.type('Zuidgevel');
    const saved = field.flush();
    expect(field.state).toBe('saving');
    expect(field.keptAt).toBeNull();
    answer(AT);
    await saved;
    expect(field.state).toBe('kept');
    expect(field.keptAt).toBe(AT);
  });

  it('keeps the typed text and its error when saving fails, and saves it at the next try', async () => {
    let full = true;
    const save = vi.fn(async () => {
      if (full) throw new CommandError({ code: 'storage_full', details: {} });
      return AT;
    });
    const field = new Autosave('', null, save);
    field.type('Twee losse kabels');
    await vi.advanceTimersByTimeAsync(SAVE_AFTER);
    expect(field.state).toBe('failed');
    expect(field.error?.code).toBe('storage_full');
    expect(field.value).toBe('Twee losse kabels');
    expect(anythingUnsaved()).toBe(true);
    full = false;
    await field.flush();
    expect(field.state).toBe('kept');
    expect(save).toHaveBeenLastCalledWith('Twee losse kabels');
    expect(anythingUnsaved()).toBe(false);
  });

  it('saves what was typed during a save after that save, and never two at a time', async () => {
    const answers: (() => void)[] = [];
    const written: string[] = [];
    const field = new Autosave<string>('', null, (text) => {
      written.push(text);
      return new Promise<string>((resolve) => answers.push(() => resolve(AT)));
    });
    field.type('een');
    void field.flush();
    field.type('een twee');
    const second = field.flush();
    expect(written).toEqual(['een']);
    answers[0]?.();
    await vi.advanceTimersByTimeAsync(0);
    expect(written).toEqual(['een', 'een twee']);
    expect(field.state).toBe('saving');
    answers[1]?.();
    await second;
    expect(field.state).toBe('kept');
  });

  it('does not let a value from elsewhere overwrite what somebody is typing', () => {
    const field = new Autosave('oud', null, async () => AT);
    field.type('nieuw');
    field.adopt('van een collega', AT);
    expect(field.value).toBe('nieuw');
  });

  it('takes over a value from elsewhere when nobody is typing', () => {
    const field = new Autosave('oud', null, async () => AT);
    field.adopt('van een collega', AT);
    expect(field.value).toBe('van een collega');
    expect(field.state).toBe('kept');
  });

  it('is saved at once when the app goes to the background', async () => {
    const save = vi.fn(async () => AT);
    const field = new Autosave('', null, save);
    const stop = saveWhenHidden();
    field.type('half wo');
    Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
    await vi.advanceTimersByTimeAsync(0);
    expect(save).toHaveBeenCalledWith('half wo');
    stop();
  });
});
