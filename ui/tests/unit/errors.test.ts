import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CommandError, toAppError } from '$lib/platform/errors';
import { errorText } from '$lib/state/error-texts';

describe('the words of a failure', () => {
  it('say what happened, what it means and what to do', () => {
    const text = errorText({ code: 'storage_full', details: {} });
    expect(text.what).toBe('De opslag van dit apparaat is vol');
    expect(text.means).not.toBe('');
    expect(text.todo).not.toBe('');
  });
  it('fill in the facts of the failure', () => {
    expect(errorText({ code: 'secret_too_short', details: { minimum: 12 } }).means).toContain('12');
  });
  it('stay usable for a code that nobody has heard of, and name it', () => {
    const text = errorText({ code: 'maan-in-de-weg', details: {} });
    expect(text.what).not.toBe('');
    expect(text.means).toContain('maan-in-de-weg');
  });
  it('take the backend’s own words when it has a problem of its own', () => {
    const text = errorText({
      code: 'code-verlopen',
      details: { title: 'De code is verlopen', detail: 'Na een dag.' },
    });
    expect(text).toEqual({ what: 'De code is verlopen', means: 'Na een dag.', todo: '' });
  });
  it('exist for every code that the app and the store can give', () => {
    const sources = ['app/src/error.rs', 'app/src/sync.rs', 'store/src/error.rs'].map((path) =>
      readFileSync(`../crates/${path}`, 'utf8'),
    );
    const codes = sources.flatMap((source) =>
      [...source.matchAll(/(?:=> |coded\()"([a-z_]+)"/g)].map((match) => match[1] ?? ''),
    );
    const known = JSON.parse(readFileSync('messages/errors/nl.json', 'utf8')) as Record<string, string>;
    expect(codes.length).toBeGreaterThan(20);
    expect(codes.filter((code) => !(`error_${code}_what` in known))).toEqual([]);
  });
});

describe('reading a failure', () => {
  it('keeps code and details of a command', () => {
    const failure = new CommandError({ code: 'must_wait', details: { wait_seconds: 30 } });
    expect(toAppError(failure)).toEqual({ code: 'must_wait', details: { wait_seconds: 30 } });
  });
  it('reads what a host sends', () => {
    expect(toAppError({ code: 'locked', details: { message: 'x' } })).toEqual({
      code: 'locked',
      details: { message: 'x' },
    });
  });
  it('calls anything else unknown, with its text as a fact', () => {
    expect(toAppError(new TypeError('kapot'))).toEqual({ code: 'unknown', details: { text: 'kapot' } });
  });
});
