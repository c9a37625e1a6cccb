import { describe, expect, test } from 'vitest';
import type { LiveEvent, LiveEvents } from '../session-store.ts';
import { ODD_TEXTS } from './example-calls.ts';

export interface OpenedLiveEvents extends AsyncDisposable {
  /** A slow listener may be behind by 1,000 events. */
  readonly events: LiveEvents;
  /** Another instance's events; the same when there is but one. */
  readonly other: LiveEvents;
  /** Resolves once all that listen are heard. */
  listening(): Promise<void>;
  /** Resolves once all that was told has come to all that listen. */
  told(): Promise<void>;
}

const MOST_WAITING = 1000;

/** What all live events do. */
export function liveEventsContract(name: string, open: () => Promise<OpenedLiveEvents>): void {
  describe(name, () => {
    test('are heard by who listens to their call or to all, on any instance', async () => {
      await using opened = await open();
      const { events, other } = opened;
      using stop = stopper();
      const listeners = [
        events.listen('a', stop.signal),
        other.listen('a', stop.signal),
        events.listen('*', stop.signal),
        other.listen('*', stop.signal),
      ];
      await opened.listening();
      events.tell(eventOf('a', 1));
      for (const listener of listeners) expect(await take(listener, 1)).toEqual([eventOf('a', 1)]);
      other.tell(eventOf('a', 2));
      for (const listener of listeners) expect(await take(listener, 1)).toEqual([eventOf('a', 2)]);
    });

    test('of another call are not heard', async () => {
      await using opened = await open();
      const { events, other } = opened;
      using stop = stopper();
      const heard = events.listen('a', stop.signal);
      await opened.listening();
      for (const name of ['b', 'a2', 'A', 'a*', '', '*x', '日本']) other.tell(eventOf(name, 1));
      other.tell(eventOf('a', 9));
      expect(await take(heard, 1)).toEqual([eventOf('a', 9)]);
    });

    test.each(['a*', '[ab]', '?', 'a\\', 'a b', 'ü💥', 'x'.repeat(200)])(
      'of a call by the odd name %j are its own',
      async (odd) => {
        await using opened = await open();
        const { events, other } = opened;
        using stop = stopper();
        const heard = events.listen(odd, stop.signal);
        await opened.listening();
        other.tell(eventOf('ab', 1));
        other.tell(eventOf('a', 1));
        other.tell(eventOf(odd, 2));
        expect(await take(heard, 1)).toEqual([eventOf(odd, 2)]);
      },
    );

    test('are heard from the moment of listening on, before anybody reads', async () => {
      await using opened = await open();
      const { events, other } = opened;
      using stop = stopper();
      other.tell(eventOf('a', 1));
      await opened.told();
      const heard = events.listen('a', stop.signal);
      await opened.listening();
      other.tell(eventOf('a', 2));
      events.tell(eventOf('a', 3));
      await opened.told();
      const serials = (await take(heard, 2)).map(({ serial }) => serial);
      expect(serials.toSorted()).toEqual([2, 3]);
    });

    test('come in the order in which an instance told them, each once', async () => {
      await using opened = await open();
      const { events, other } = opened;
      using stop = stopper();
      const listeners = [events.listen('a', stop.signal), other.listen('*', stop.signal)];
      await opened.listening();
      for (let serial = 1; serial <= 300; serial += 1) events.tell(eventOf('a', serial));
      for (const listener of listeners) {
        const serials = (await take(listener, 300)).map(({ serial }) => serial);
        expect(serials).toEqual(Array.from({ length: 300 }, (_, i) => i + 1));
      }
    });

    test('keep all that JSON can say', async () => {
      await using opened = await open();
      const { events, other } = opened;
      using stop = stopper();
      const heard = other.listen('a', stop.signal);
      await opened.listening();
      const data = { texts: ODD_TEXTS, nested: [[{ a: null }], true, 0.5], empty: {} };
      events.tell({ ...eventOf('a', 0), data });
      expect((await take(heard, 1))[0]?.data).toEqual(data);
    });

    test('that wait for a slow listener are the newest; the others are counted', async () => {
      await using opened = await open();
      const { events } = opened;
      using stop = stopper();
      const slow = events.listen('a', stop.signal);
      const quick = events.listen('b', stop.signal);
      await opened.listening();
      for (let serial = 1; serial <= MOST_WAITING + 50; serial += 1)
        events.tell(eventOf('a', serial));
      events.tell(eventOf('b', 1));
      await opened.told();
      expect(await take(quick, 1)).toHaveLength(1);
      const serials = (await take(slow, MOST_WAITING)).map(({ serial }) => serial);
      expect(serials).toEqual(Array.from({ length: MOST_WAITING }, (_, i) => i + 51));
      expect(events.dropped).toBe(50);
    });

    test('that nobody hears are no loss', async () => {
      await using opened = await open();
      const { events } = opened;
      for (let serial = 1; serial <= 2000; serial += 1) events.tell(eventOf('a', serial));
      await opened.told();
      expect(events.dropped).toBe(0);
    });

    test('that are no JSON fail nobody', async () => {
      await using opened = await open();
      const { events } = opened;
      const round: Record<string, unknown> = {};
      round.round = round;
      for (const data of [round, { large: 1n }]) events.tell({ ...eventOf('a', 1), data });
      await opened.told();
    });

    test('end with the signal, for one who waits and one who does not', async () => {
      await using opened = await open();
      const { events } = opened;
      const stop = new AbortController();
      const waiting = events.listen('a', stop.signal)[Symbol.asyncIterator]();
      const idle = events.listen('a', stop.signal)[Symbol.asyncIterator]();
      const next = waiting.next();
      events.tell(eventOf('b', 1));
      stop.abort();
      expect((await next).done).toBe(true);
      expect((await idle.next()).done).toBe(true);
      events.tell(eventOf('a', 2));
      expect((await waiting.next()).done).toBe(true);
    });

    test('have ended for a signal that was aborted before', async () => {
      await using opened = await open();
      const heard = opened.events.listen('a', AbortSignal.abort());
      opened.events.tell(eventOf('a', 1));
      expect((await heard[Symbol.asyncIterator]().next()).done).toBe(true);
    });

    test('go on for others when one listener leaves its loop', async () => {
      await using opened = await open();
      const { events, other } = opened;
      using stop = stopper();
      const stays = other.listen('a', stop.signal);
      const leaves = other.listen('a', stop.signal);
      await opened.listening();
      events.tell(eventOf('a', 1));
      for await (const event of leaves) if (event.serial === 1) break;
      events.tell(eventOf('a', 2));
      expect((await take(stays, 2)).map(({ serial }) => serial)).toEqual([1, 2]);
      const back = other.listen('a', stop.signal);
      await opened.listening();
      events.tell(eventOf('a', 3));
      expect((await take(back, 1)).map(({ serial }) => serial)).toEqual([3]);
    });
  });
}

function eventOf(callId: string, serial: number): LiveEvent {
  return { callId, serial, type: 'turn-ended', atMs: 1_800_000_000_000 + serial, data: { serial } };
}

async function take(listener: AsyncIterable<LiveEvent>, count: number): Promise<LiveEvent[]> {
  const iterator = listener[Symbol.asyncIterator]();
  const events: LiveEvent[] = [];
  while (events.length < count) {
    const { done, value } = await iterator.next();
    if (done) break;
    events.push(value);
  }
  return events;
}

function stopper(): Disposable & { signal: AbortSignal } {
  const controller = new AbortController();
  return { signal: controller.signal, [Symbol.dispose]: () => controller.abort() };
}
