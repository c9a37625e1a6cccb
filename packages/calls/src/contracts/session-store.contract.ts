import { describe, expect, test } from 'vitest';
import type { LiveEvent, LiveEvents, SessionStore } from '../session-store.ts';
import { MOST_CHECKPOINT_BYTES } from '../session-store.ts';
import { ODD_TEXTS } from './example-calls.ts';

export interface OpenedSessionStore extends AsyncDisposable {
  /** Keeps sessions for 7,200 s, ended ones for 300 s. */
  readonly store: SessionStore;
  /** A second instance's store of the same sessions; the same store when there is but one. */
  readonly other: SessionStore;
  /** What the stores tell of claims. */
  readonly events: LiveEvents;
  /** Resolves once all that listen are heard. */
  listening(): Promise<void>;
  /** Lets this time go by for all that is kept. */
  pass(ms: number): Promise<void>;
}

const TTL_MS = 7_200_000;
const ENDED_TTL_MS = 300_000;
const MARGIN_MS = 10_000;

/** What every session store does. */
export function sessionStoreContract(name: string, open: () => Promise<OpenedSessionStore>): void {
  describe(name, () => {
    test('has a session that nobody holds once it was created', async () => {
      await using opened = await open();
      const { store, other } = opened;
      expect(await store.create('a', 'instance-1')).toBe(true);
      expect(await store.create('b', null)).toBe(true);
      const fresh = { epoch: 0, holder: null, checkpoint: null };
      expect(await other.find('a')).toEqual({ callId: 'a', warmAt: 'instance-1', ...fresh });
      expect(await other.find('b')).toEqual({ callId: 'b', warmAt: null, ...fresh });
    });

    test('creates a session once, and the first stays as it was', async () => {
      await using opened = await open();
      const { store, other } = opened;
      const created = await Promise.all(
        [0, 1, 2, 3, 4, 5].map((i) => (i % 2 ? store : other).create('a', `instance-${i}`)),
      );
      expect(created.filter(Boolean)).toHaveLength(1);
      const winner = `instance-${created.indexOf(true)}`;
      expect((await store.find('a'))?.warmAt).toBe(winner);
      await store.claim('a', 0, 'x');
      expect(await store.create('a', 'late')).toBe(false);
      expect(await store.find('a')).toMatchObject({ holder: 'x', epoch: 1, warmAt: winner });
    });

    test('knows nothing of unknown sessions', async () => {
      await using opened = await open();
      const { store } = opened;
      for (const id of ['none', '', '*', '\u0000', 'x'.repeat(5000), '日本']) {
        expect(await store.find(id)).toBeNull();
        expect(await store.claim(id, 0, 'x')).toBeNull();
        expect(await store.save(id, 0, {})).toBe(false);
        await store.end(id);
        expect(await store.find(id)).toBeNull();
      }
    });

    test('lets claim at the epoch that was seen, and each claim adds one', async () => {
      await using opened = await open();
      const { store, other } = opened;
      await store.create('a', 'instance-1');
      const first = { callId: 'a', epoch: 1, holder: 'x', warmAt: 'instance-1', checkpoint: null };
      expect(await store.claim('a', 0, 'x')).toEqual(first);
      expect(await store.find('a')).toEqual(first);
      expect(await other.claim('a', 0, 'y')).toBeNull();
      expect(await other.claim('a', 2, 'y')).toBeNull();
      expect(await other.claim('a', 0.5, 'y')).toBeNull();
      expect(await store.find('a')).toEqual(first);
      expect(await other.claim('a', 1, 'y')).toEqual({ ...first, epoch: 2, holder: 'y' });
      expect(await other.claim('a', 2, 'y')).toEqual({ ...first, epoch: 3, holder: 'y' });
    });

    test('is claimed by one, however many try at once', async () => {
      await using opened = await open();
      const { store, other } = opened;
      await store.create('a', null);
      for (let epoch = 0; epoch < 5; epoch += 1) {
        const claims = await Promise.all(
          Array.from({ length: 16 }, (_, i) => (i % 2 ? store : other).claim('a', epoch, `h${i}`)),
        );
        const won = claims.flatMap((session) => session ?? []);
        expect(won).toHaveLength(1);
        expect(await store.find('a')).toEqual(won[0]);
      }
    });

    test('gives the last checkpoint to whoever claims it', async () => {
      await using opened = await open();
      const { store, other } = opened;
      await store.create('a', null);
      await store.claim('a', 0, 'x');
      expect(await store.save('a', 1, { turns: ['one'] })).toBe(true);
      expect(await store.save('a', 1, { turns: ['one', 'two'], handle: null })).toBe(true);
      expect((await other.claim('a', 1, 'y'))?.checkpoint).toEqual({
        turns: ['one', 'two'],
        handle: null,
      });
    });

    test('keeps a checkpoint of the newest epoch only', async () => {
      await using opened = await open();
      const { store, other } = opened;
      await store.create('a', null);
      await store.claim('a', 0, 'x');
      await other.claim('a', 1, 'y');
      expect(await store.save('a', 1, 'of x')).toBe(false);
      expect(await store.save('a', 3, 'of nobody')).toBe(false);
      expect(await other.save('a', 2, 'of y')).toBe(true);
      expect((await store.find('a'))?.checkpoint).toBe('of y');
    });

    test('is either saved before a claim, and claimed with it, or not saved', async () => {
      await using opened = await open();
      const { store, other } = opened;
      for (let i = 0; i < 20; i += 1) {
        await store.create(`a${i}`, null);
        const [saved, claimed] = await Promise.all([
          store.save(`a${i}`, 0, 'kept'),
          other.claim(`a${i}`, 0, 'y'),
        ]);
        expect(claimed?.checkpoint).toBe(saved ? 'kept' : null);
      }
    });

    test.each([
      ['a number', 7.25],
      ['a text', 'über 💥 \u0000 \ud83d'],
      ['false', false],
      ['null', null],
      ['an empty list', []],
      ['empty things', { list: [], object: {}, nested: [[], {}] }],
      ['odd texts', ODD_TEXTS.slice(0, -1)],
      ['large numbers', { large: 2 ** 53, small: 1e-300, precise: 0.1 + 0.2, negative: -1.5e21 }],
    ])('keeps %s as its checkpoint exactly', async (_, checkpoint) => {
      await using opened = await open();
      const { store } = opened;
      await store.create('a', null);
      expect(await store.save('a', 0, checkpoint)).toBe(true);
      expect((await store.find('a'))?.checkpoint).toEqual(checkpoint);
      expect((await store.claim('a', 0, 'x'))?.checkpoint).toEqual(checkpoint);
    });

    test('keeps a checkpoint of 256 KiB and no byte more; the one before stays', async () => {
      await using opened = await open();
      const { store } = opened;
      await store.create('a', null);
      const most = 'x'.repeat(MOST_CHECKPOINT_BYTES - 2);
      expect(await store.save('a', 0, most)).toBe(true);
      await expect(store.save('a', 0, `${most}x`)).rejects.toThrow(RangeError);
      await expect(store.save('a', 0, 'ü'.repeat(MOST_CHECKPOINT_BYTES / 2))).rejects.toThrow(
        RangeError,
      );
      expect((await store.find('a'))?.checkpoint).toBe(most);
    });

    test('finds nobody else’s object', async () => {
      await using opened = await open();
      const { store } = opened;
      const turns = ['one'];
      await store.create('a', null);
      await store.save('a', 0, { turns });
      turns.push('two');
      expect((await store.find('a'))?.checkpoint).toEqual({ turns: ['one'] });
    });

    test('forgets a session that nobody touches', async () => {
      await using opened = await open();
      const { store } = opened;
      await store.create('a', null);
      await opened.pass(TTL_MS - MARGIN_MS);
      expect(await store.find('a')).not.toBeNull();
      await opened.pass(MARGIN_MS);
      expect(await store.find('a')).toBeNull();
      expect(await store.claim('a', 0, 'x')).toBeNull();
      expect(await store.save('a', 0, {})).toBe(false);
      expect(await store.create('a', null)).toBe(true);
      expect(await store.find('a')).toMatchObject({ epoch: 0, holder: null, checkpoint: null });
    });

    test('remembers a session anew with each claim and save, not with a look or a vain try', async () => {
      await using opened = await open();
      const { store } = opened;
      await store.create('a', null);
      await opened.pass(TTL_MS - MARGIN_MS);
      await store.claim('a', 0, 'x');
      await opened.pass(TTL_MS - MARGIN_MS);
      await store.save('a', 1, {});
      await opened.pass(TTL_MS - MARGIN_MS);
      expect(await store.find('a')).not.toBeNull();
      expect(await store.claim('a', 0, 'y')).toBeNull();
      expect(await store.save('a', 0, {})).toBe(false);
      await opened.pass(MARGIN_MS);
      expect(await store.find('a')).toBeNull();
    });

    test('lets nobody claim or write a session that has ended, and forgets it soon', async () => {
      await using opened = await open();
      const { store, other } = opened;
      await store.create('a', null);
      await store.claim('a', 0, 'x');
      await store.save('a', 1, 'last');
      await other.end('a');
      expect(await store.find('a')).toMatchObject({ epoch: 1, holder: 'x', checkpoint: 'last' });
      expect(await store.claim('a', 1, 'y')).toBeNull();
      expect(await store.save('a', 1, 'later')).toBe(false);
      expect(await store.create('a', null)).toBe(false);
      await opened.pass(ENDED_TTL_MS - MARGIN_MS);
      expect(await store.find('a')).toMatchObject({ checkpoint: 'last' });
      await store.end('a');
      await opened.pass(MARGIN_MS);
      expect(await store.find('a')).toBeNull();
    });

    test('tells those that listen of each claim that was won, and of no other', async () => {
      await using opened = await open();
      const { store, events } = opened;
      const stop = new AbortController();
      const heard = events.listen('a', stop.signal)[Symbol.asyncIterator]();
      await opened.listening();
      await store.create('a', 'instance-1');
      await store.claim('a', 0, 'x');
      await store.claim('a', 0, 'y');
      await store.claim('a', 1, 'z');
      expect([await next(heard), await next(heard)]).toMatchObject([
        { callId: 'a', serial: 0, type: 'session-claimed', data: { epoch: 1, holder: 'x' } },
        { callId: 'a', serial: 0, type: 'session-claimed', data: { epoch: 2, holder: 'z' } },
      ]);
      stop.abort();
    });
  });
}

async function next(iterator: AsyncIterator<LiveEvent>): Promise<LiveEvent | null> {
  const { done, value } = await iterator.next();
  return done ? null : value;
}
