import { expect, test } from 'vitest';
import { type Candidate, chooseEngine } from './engine-choice.ts';

const never = new AbortController().signal;

const here = (kind: string): Candidate<string> => ({
  kind,
  open: async () => ({ engine: kind, name: `The ${kind}`, why: `${kind} is here` }),
});
const absent = (kind: string): Candidate<string> => ({
  kind,
  open: async () => ({ missing: `no ${kind} here` }),
});
const broken = (kind: string): Candidate<string> => ({
  kind,
  open: () => Promise.reject(new Error(`${kind} is broken\n    at some line`)),
});

test('takes the first that can be had, and tells why not the better ones', async () => {
  const candidates = [absent('best'), broken('good'), here('small'), here('smaller')];
  const { engine, row } = await chooseEngine('recognizer', 'auto', candidates, never);
  expect(engine).toBe('small');
  expect(row).toEqual({
    part: 'recognizer',
    engine: 'The small',
    why: 'small is here; no best here; good is broken',
  });
});

test('what is forced is taken, though better ones are there', async () => {
  const chosen = await chooseEngine('synthesizer', 'small', [here('best'), here('small')], never);
  expect(chosen.row.why).toBe('small is here');
  expect(chosen.engine).toBe('small');
});

test('what is forced and not there is an error, not something else', async () => {
  const candidates = [absent('best'), here('small')];
  await expect(chooseEngine('recognizer', 'best', candidates, never)).rejects.toMatchObject({
    code: 'engine-unavailable',
    message: 'No recognizer: no best here',
  });
  await expect(chooseEngine('recognizer', 'other', candidates, never)).rejects.toThrow(
    "there is no 'other'",
  );
});

test('an aborted choice ends with the reason and tries nothing more', async () => {
  const cancel = new AbortController();
  const opened: string[] = [];
  const aborting: Candidate<string> = {
    kind: 'first',
    open: async () => {
      cancel.abort('shutdown');
      throw new Error('no longer');
    },
  };
  const next: Candidate<string> = {
    kind: 'next',
    open: async () => {
      opened.push('next');
      return { engine: '', name: '', why: '' };
    },
  };
  await expect(chooseEngine('recognizer', 'auto', [aborting, next], cancel.signal)).rejects.toBe(
    'shutdown',
  );
  expect(opened).toEqual([]);
});
