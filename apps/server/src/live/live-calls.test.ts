import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readWav } from '@earshot/audio';
import {
  CallError,
  type CallReport,
  MemoryCallStore,
  MemoryLiveEvents,
  MemorySessionStore,
} from '@earshot/calls';
import { planOf } from '@earshot/calls/contracts';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FakeCallLine } from './call-line.fake.ts';
import { LiveCalls } from './live-calls.ts';
import { Recordings } from './recordings.ts';
import { Records } from './records.ts';
import { Reports } from './reports.ts';
import { ScriptedDesk } from './scripted-desk.fake.ts';
import { Sessions } from './sessions.ts';
import { spoolDisk } from './spool-disk.ts';
import { WarmAgents } from './warm-agents.ts';

const log = pino({ level: 'silent' });

const PLAN = planOf({ id: 'call-1' });

/** What several instances share. */
class House implements AsyncDisposable {
  readonly directory: string;
  readonly events = new MemoryLiveEvents();
  readonly store = new MemoryCallStore();
  readonly sessions: MemorySessionStore;
  readonly reported: CallReport[] = [];
  nowMs = 1_000_000;
  storeWorks = true;
  readonly #opened = new AsyncDisposableStack();

  constructor(directory: string) {
    this.directory = directory;
    this.sessions = new MemorySessionStore({ now: this.now, events: this.events });
  }

  readonly now = () => this.nowMs;

  /** A server of this house. */
  async instance(name: string) {
    const { events, sessions: store, now } = this;
    const wait = () => new Promise<void>((resolve) => setImmediate(resolve));
    const reports = await Reports.open({
      calls: this.store,
      lifecycle: {
        start: async () => {},
        report: async (_, report) => {
          this.reported.push(report);
        },
      },
      disk: spoolDisk(join(this.directory, name), 'reports'),
      log,
      wait,
    });
    const records = await Records.open({
      store: this.#failing(),
      disk: spoolDisk(join(this.directory, name), 'records'),
      log,
      wait,
    });
    const sessions = new Sessions({ store, calls: this.store, instance: name, log, now });
    const warm = new WarmAgents({ log, sessions, events, instance: name, now });
    const recordings = new Recordings({ directory: join(this.directory, 'recordings'), log });
    const calls = new LiveCalls({
      log,
      reports,
      records,
      sessions,
      warm,
      live: events,
      recordings,
      now,
    });
    const desk = new ScriptedDesk();
    calls.open(desk);
    warm.open(desk);
    for (const one of [reports, records, warm]) this.#opened.use(one);
    return { calls, desk, warm, reports, records, recordings };
  }

  /** The store, which is away while the test says so. */
  #failing(): MemoryCallStore {
    return new Proxy(this.store, {
      get: (store, name) => {
        const value = Reflect.get(store, name, store);
        if (typeof value !== 'function') return value;
        return async (...args: unknown[]) => {
          if (!this.storeWorks) throw new CallError('store-unavailable', 'away');
          return value.apply(store, args);
        };
      },
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#opened.disposeAsync();
  }
}

let house: House;
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'earshot-live-'));
  house = new House(directory);
  await house.store.create(PLAN, 999_000, 'CA1');
  await house.store.note('call-1', { phase: 'answered', answeredAtMs: 999_500 });
});

afterEach(async () => {
  vi.useRealTimers();
  await house[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

const types = () => house.reported.map((report) => report.type);

describe('a live call', () => {
  test('is reported to its life, and written down as it was heard', async () => {
    const { calls, reports, records } = await house.instance('a');
    const line = new FakeCallLine();
    const taken = calls.take(line, PLAN);
    await line.hears();
    await line.speaks(12);
    await line.presses('1', '9');
    await taken;
    await Promise.all([reports.settled(), records.settled()]);
    expect(house.reported).toEqual([
      { type: 'media-started', stream: 1, atMs: 1_000_000 },
      { type: 'media-ended', stream: 1, ending: 'agent-hung-up', atMs: 1_000_000 },
    ]);
    expect(await house.store.turns('call-1')).toMatchObject([
      { index: 0, speaker: 'agent', text: 'Hello there.', heardMs: 200, interrupted: false },
      { index: 1, speaker: 'caller', text: 'SECRET WORDS', heardMs: null, confidence: 0.8 },
      { index: 2, speaker: 'agent', text: 'Goodbye.' },
    ]);
    expect(await house.store.messages('call-1')).toEqual([
      {
        index: 0,
        name: 'SECRET NAME',
        number: '+15550199',
        text: 'SECRET MESSAGE',
        takenAtMs: 1_000_000,
      },
    ]);
    const events = await house.store.events('call-1', 0);
    expect(events.map(({ serial }) => serial)).toEqual(events.map((_, at) => at + 1));
    expect(events.map(({ type }) => type)).toEqual([
      'stream-started',
      'turn',
      'turn',
      'message-taken',
      'tool-called',
      'turn',
      'stream-ended',
    ]);
    expect(await house.store.metrics('call-1')).toMatchObject({
      timeToAnswerMs: 500,
      timeToWebsocketMs: 1_000,
      timeToFirstAudioMs: 1_000,
      totalAudioFramesReceived: 12,
      totalAudioFramesSent: 20,
      aiTurnCount: 2,
      userTurnCount: 1,
      websocketReconnectCount: 0,
      agentModelVersion: 'script',
      disconnectionReason: 'agent-hung-up',
      carrierStreamId: 'MZ1',
    });
    expect(calls.ending('call-1')).toBe('agent-hung-up');
  });

  test.each([
    ['hangs up', (line: FakeCallLine) => line.send({ type: 'hung-up' }), 'caller-hung-up'],
    ['is lost', (line: FakeCallLine) => line.send({ type: 'lost', reason: 'x' }), 'line-lost'],
    ['loses its agent', (line: FakeCallLine) => line.presses('0'), 'agent-lost'],
    ['has lasted as long as it may', (line: FakeCallLine) => line.presses('8'), 'max-duration'],
  ])('that %s says so', async (_, act, ending) => {
    const { calls, reports } = await house.instance('a');
    const line = new FakeCallLine();
    const taken = calls.take(line, PLAN);
    await line.hears();
    await act(line);
    await taken;
    await reports.settled();
    expect(house.reported.at(-1)).toMatchObject({ type: 'media-ended', ending });
  });

  test('that is ended through the API stops at once, and its life is told why first', async () => {
    const { calls, reports } = await house.instance('a');
    const line = new FakeCallLine();
    const taken = calls.take(line, PLAN);
    await line.hears();
    expect(calls.has('call-1')).toBe(true);
    calls.end('call-1');
    await taken;
    await reports.settled();
    expect(types()).toEqual(['media-started', 'terminate', 'media-ended']);
    expect(calls.has('call-1')).toBe(false);
    expect(calls.end('call-1')).toBe(false);
  });

  test('that is transferred is not taken for a hang-up', async () => {
    const { calls, reports } = await house.instance('a');
    const line = new FakeCallLine();
    const taken = calls.take(line, PLAN);
    await line.hears();
    calls.transferring('call-1', true);
    line.send({ type: 'hung-up' });
    await taken;
    await reports.settled();
    expect(house.reported.at(-1)).toMatchObject({ ending: 'transferring' });
    const b = await house.instance('b');
    const back = new FakeCallLine();
    const again = b.calls.take(back, PLAN);
    await back.hears();
    expect(b.desk.agents[0]?.call.ending).toBe('transferring');
    back.send({ type: 'hung-up' });
    await again;
  });

  test('has a line spoken that somebody wants to be said', async () => {
    const { calls, records } = await house.instance('a');
    const line = new FakeCallLine();
    const taken = calls.take(line, PLAN);
    await line.hears();
    expect(calls.say('call-1', 'We close soon.')).toBe('taken');
    expect(calls.say('call-2', 'Nobody is here.')).toBe('nobody-speaks');
    await line.hears();
    line.send({ type: 'hung-up' });
    await taken;
    await records.settled();
    const turns = await house.store.turns('call-1');
    expect(turns.map(({ text }) => text)).toContain('We close soon.');
  });

  test('goes on while its record cannot be kept, and the record is complete afterwards', async () => {
    const { calls, records } = await house.instance('a');
    house.storeWorks = false;
    const line = new FakeCallLine();
    const taken = calls.take(line, PLAN);
    await line.hears();
    await line.speaks(12);
    await line.presses('1');
    expect(await house.store.turns('call-1')).toEqual([]);
    house.storeWorks = true;
    await line.presses('9');
    await taken;
    await records.settled();
    expect((await house.store.turns('call-1')).map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(await house.store.messages('call-1')).toHaveLength(1);
    expect((await house.store.events('call-1', 0)).map(({ serial }) => serial)).toEqual([
      1, 2, 3, 4, 5, 6, 7,
    ]);
    expect(await house.store.metrics('call-1')).toMatchObject({ aiTurnCount: 2 });
  });

  test('is kept on disk when the process ends before the database is back', async () => {
    house.storeWorks = false;
    {
      await using first = new AsyncDisposableStack();
      const { calls, records } = await house.instance('a');
      first.use(records);
      const line = new FakeCallLine();
      const taken = calls.take(line, PLAN);
      await line.hears();
      line.send({ type: 'hung-up' });
      await taken;
    }
    house.storeWorks = true;
    const { records } = await house.instance('a');
    await records.settled();
    expect(await house.store.turns('call-1')).toHaveLength(1);
    expect(await house.store.metrics('call-1')).not.toBeNull();
  });

  test('of whose streams many come at once is answered on the newest, and never on two', async () => {
    const { calls, records, reports } = await house.instance('a');
    const lines = [1, 2, 3, 4].map(() => new FakeCallLine());
    const [first, second, third, newest] = lines.map((line) => calls.take(line, PLAN));
    await Promise.all([first, second, third]);
    await lines[3]?.hears();
    await calls.drain(0);
    await newest;
    await Promise.all([records.settled(), reports.settled()]);
    const events = await house.store.events('call-1', 0);
    const streams = events.flatMap(({ type }) => (type.startsWith('stream') ? [type] : []));
    expect(streams).toEqual(Array(4).fill(['stream-started', 'stream-ended']).flat());
    expect(house.reported.flatMap((told) => ('stream' in told ? [told.stream] : []))).toEqual([
      1, 1, 2, 2, 3, 3, 4, 4,
    ]);
    expect(house.reported.at(-1)).toMatchObject({ ending: 'moved' });
  });
});

describe('a call whose line is lost', () => {
  test('goes on at another instance, with its memory and its record', async () => {
    const a = await house.instance('a');
    const b = await house.instance('b');
    const line = new FakeCallLine();
    const taken = a.calls.take(line, PLAN);
    await line.hears();
    await line.speaks(12);
    line.send({ type: 'lost', reason: 'closed' });
    await taken;
    await a.records.settled();
    const next = new FakeCallLine();
    const takenOver = b.calls.take(next, PLAN);
    await next.hears();
    next.send({ type: 'hung-up' });
    await takenOver;
    await Promise.all([b.records.settled(), a.reports.settled(), b.reports.settled()]);
    expect(b.desk.agents[0]?.call.earlier?.turns).toMatchObject([
      { speaker: 'agent', text: 'Hello there.' },
      { speaker: 'caller', text: 'SECRET WORDS' },
    ]);
    expect((await house.store.turns('call-1')).map(({ text }) => text)).toEqual([
      'Hello there.',
      'SECRET WORDS',
      'I am back.',
    ]);
    expect(house.reported.at(-1)).toMatchObject({ stream: 2, ending: 'caller-hung-up' });
    expect(await house.store.metrics('call-1')).toMatchObject({
      websocketReconnectCount: 1,
      networkErrorCount: 1,
      aiTurnCount: 2,
    });
  });

  test('says elsewhere what it was to say when its process died', async () => {
    const [a, b] = [await house.instance('a'), await house.instance('b')];
    const line = new FakeCallLine();
    void a.calls.take(line, PLAN);
    await line.hears();
    expect(a.calls.say('call-1', 'We close soon.')).toBe('taken');
    await line.speaks(0);
    void b.calls.take(new FakeCallLine(), PLAN);
    await line.speaks(0);
    expect(b.desk.agents[0]?.call.earlier).toMatchObject({
      turns: [{ text: 'Hello there.' }],
      toSay: ['We close soon.'],
    });
  });

  test('has ended, and how, for every instance', async () => {
    const [a, b] = [await house.instance('a'), await house.instance('b')];
    const line = new FakeCallLine();
    const taken = a.calls.take(line, PLAN);
    await line.hears();
    expect(await b.calls.endingAnywhere('call-1')).toBeNull();
    await line.presses('9');
    await taken;
    expect(await a.calls.endingAnywhere('call-1')).toBe('agent-hung-up');
    expect(await b.calls.endingAnywhere('call-1')).toBe('agent-hung-up');
  });

  test('takes no line any more once its memory is handed on', async () => {
    const { calls } = await house.instance('a');
    const line = new FakeCallLine();
    const taken = calls.take(line, PLAN);
    await line.hears();
    const saved = Promise.withResolvers<boolean>();
    house.sessions.save = () => saved.promise;
    line.send({ type: 'hung-up' });
    await line.speaks(0);
    expect(calls.has('call-1')).toBe(true);
    expect(calls.say('call-1', 'Too late.')).toBe('nobody-speaks');
    saved.resolve(true);
    await taken;
  });

  test('goes on by its record where its session is lost with the process', async () => {
    const a = await house.instance('a');
    const line = new FakeCallLine();
    const taken = a.calls.take(line, PLAN);
    await line.hears();
    line.send({ type: 'lost', reason: 'closed' });
    await taken;
    await a.records.settled();
    const reborn = new House(directory);
    await using _ = reborn;
    Object.assign(reborn, { store: house.store });
    const again = await reborn.instance('a');
    const next = new FakeCallLine();
    const takenOver = again.calls.take(next, PLAN);
    await next.hears();
    next.send({ type: 'hung-up' });
    await takenOver;
    await Promise.all([again.records.settled(), again.reports.settled()]);
    expect(again.desk.agents[0]?.call.earlier?.turns).toMatchObject([{ text: 'Hello there.' }]);
    expect(reborn.reported[0]).toMatchObject({ type: 'media-started', stream: 2 });
    expect((await house.store.turns('call-1')).map(({ index }) => index)).toEqual([0, 1]);
  });

  test('goes on without its memory where no store answers', async () => {
    const a = await house.instance('a');
    Object.assign(house.sessions, {
      find: () => Promise.reject(new CallError('store-unavailable', 'away')),
    });
    Object.assign(house.store, {
      events: () => Promise.reject(new CallError('store-unavailable', 'away')),
    });
    const line = new FakeCallLine();
    const taken = a.calls.take(line, PLAN);
    await line.hears();
    line.send({ type: 'hung-up' });
    await taken;
    await a.reports.settled();
    expect(types()).toEqual(['media-started', 'media-ended']);
  });
});

describe('a warm agent', () => {
  test('is opened once, answers its call, and only that', async () => {
    const { calls, warm, desk } = await house.instance('a');
    warm.warm({ ...PLAN, greeting: 'Warm words.' });
    warm.warm({ ...PLAN, greeting: 'Warm words.' });
    expect(desk.agents).toHaveLength(1);
    const line = new FakeCallLine();
    const taken = calls.take(line, PLAN);
    await line.hears();
    await line.presses('1', '9');
    await taken;
    expect(desk.agents).toHaveLength(1);
    expect(desk.agents[0]?.closed).toBe(true);
    expect(warm.counts).toEqual({ warmed: 1, claimed: 1, dropped: 0, refused: 0 });
    expect(warm.claim('call-1')).toBeNull();
  });

  test('is let go where another instance got the stream', async () => {
    const a = await house.instance('a');
    const b = await house.instance('b');
    a.warm.warm(PLAN);
    await new Promise((resolve) => setImmediate(resolve));
    const line = new FakeCallLine();
    const taken = b.calls.take(line, PLAN);
    await line.hears();
    expect(a.warm.size).toBe(0);
    expect(a.desk.agents[0]?.closed).toBe(true);
    line.send({ type: 'hung-up' });
    await taken;
    expect(b.desk.agents).toHaveLength(1);
  });

  test('is let go when its call ends without a stream', async () => {
    const { warm, desk } = await house.instance('a');
    warm.warm(PLAN);
    expect(warm.drop('call-1')).toBe(true);
    expect(warm.drop('call-1')).toBe(false);
    expect(desk.agents[0]?.closed).toBe(true);
  });

  test('is not opened beyond a bound, nor where the desk fails', async () => {
    const { warm, desk } = await house.instance('a');
    for (let i = 0; i < 120; i++) warm.warm({ ...PLAN, id: `call-${i}` });
    expect(warm.size).toBe(100);
    expect(warm.counts.refused).toBe(20);
    Object.assign(desk, {
      answer: () => {
        throw new Error('no engine');
      },
    });
    warm.drop('call-1');
    expect(() => warm.warm(PLAN)).not.toThrow();
  });
});

describe('a recording', () => {
  test('has the caller on the left and the agent as heard on the right', async () => {
    const { calls, desk, recordings } = await house.instance('a');
    const line = new FakeCallLine();
    line.isTimed = true;
    const taken = calls.take(line, { ...PLAN, record: true });
    await line.hears();
    expect(calls.say('call-1', 'We close soon.')).toBe('taken');
    await line.hears();
    await line.speaks(12);
    line.send({ type: 'hung-up' });
    await taken;
    expect(desk.agents).toHaveLength(1);
    const wav = readWav(await readFile(recordings.pathOf('call-1') ?? ''));
    expect(wav).toMatchObject({ sampleRate: 8_000 });
    expect(wav.samples).toHaveLength(2);
    expect(wav.samples[0]?.length).toBe(12 * 160 + line.timedFrames * 160);
    expect(wav.samples[1]?.some((sample) => sample === 4_000)).toBe(true);
  });

  test('is not made of a caller who was not told, also not once the call goes on', async () => {
    const { calls, recordings, records } = await house.instance('a');
    const plan = { ...PLAN, record: true };
    const path = recordings.pathOf('call-1') ?? '';
    const line = new FakeCallLine();
    const taken = calls.take(line, plan);
    await line.speaks(200);
    line.send({ type: 'lost', reason: 'closed' });
    await taken;
    await expect(readFile(path)).rejects.toThrow('ENOENT');
    const next = new FakeCallLine();
    const again = calls.take(next, plan);
    await next.speaks(50);
    await next.hears();
    await next.speaks(20);
    next.send({ type: 'lost', reason: 'closed' });
    await again;
    const [left] = readWav(await readFile(path)).samples;
    expect(left?.length).toBe(70 * 160);
    expect(left?.findIndex(Boolean)).toBe(50 * 160);
    await records.settled();
    const events = await house.store.events('call-1', 0);
    expect(events.filter(({ type }) => type === 'notice-heard')).toHaveLength(1);
  });

  test('goes on at once where the call does, once the caller was told', async () => {
    const [a, b] = [await house.instance('a'), await house.instance('b')];
    const plan = { ...PLAN, record: true };
    for (const { calls } of [a, b]) {
      const line = new FakeCallLine();
      const taken = calls.take(line, plan);
      if (calls === a.calls) await line.hears();
      await line.speaks(10);
      line.send({ type: 'lost', reason: 'closed' });
      await taken;
    }
    expect(b.desk.agents[0]?.call.earlier?.noticeHeard).toBe(true);
    const [left] = readWav(await readFile(b.recordings.pathOf('call-1') ?? '')).samples;
    expect(left?.filter(Boolean)).toHaveLength(20 * 160);
  });

  test('on a disk that hangs keeps nobody from hearing that the call is over', async () => {
    const { calls, reports, recordings } = await house.instance('a');
    const disk = Promise.withResolvers<void>();
    recordings.closed = () => disk.promise;
    const line = new FakeCallLine();
    const taken = calls.take(line, { ...PLAN, record: true });
    await line.hears();
    line.send({ type: 'hung-up' });
    await expect.poll(() => house.reported.at(-1)?.type).toBe('media-ended');
    disk.resolve();
    await taken;
    await reports.settled();
  });

  test('is not made of a call that is not to be recorded', async () => {
    const { calls, recordings } = await house.instance('a');
    const line = new FakeCallLine();
    const taken = calls.take(line, PLAN);
    await line.hears();
    line.send({ type: 'hung-up' });
    await taken;
    expect(recordings.counts.begun).toBe(0);
  });
});

describe('a process that stops', () => {
  test('lets a call end, then leave after an answer, and not while one is due', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { calls, reports } = await house.instance('a');
    const line = new FakeCallLine();
    const taken = calls.take(line, PLAN);
    await line.hears();
    const drained = calls.drain(60_000);
    calls.say('call-1', 'Before its time.');
    await line.hears();
    vi.advanceTimersByTime(55_000);
    await line.speaks(12);
    expect(calls.has('call-1')).toBe(true);
    calls.say('call-1', 'An answer.');
    await line.hears();
    await Promise.all([drained, taken]);
    await reports.settled();
    expect(house.reported.at(-1)).toMatchObject({ type: 'media-ended', ending: 'moved' });
    expect((await house.store.turns('call-1')).at(-1)?.text).toBe('An answer.');
  });

  test('keeps no call beyond its time, and takes none', async () => {
    const { calls, reports } = await house.instance('a');
    const line = new FakeCallLine();
    const taken = calls.take(line, PLAN);
    const drained = calls.drain(100);
    await line.hears();
    await Promise.all([drained, taken]);
    const late = new FakeCallLine();
    await calls.take(late, { ...PLAN, id: 'call-2' });
    await reports.settled();
    expect(house.reported.filter(({ type }) => type === 'media-ended')).toMatchObject([
      { ending: 'moved' },
      { ending: 'moved' },
    ]);
    expect(line.closed && late.closed).toBe(true);
  });
});
