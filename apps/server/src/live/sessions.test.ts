import { CallError, MemoryCallStore, MemoryLiveEvents, MemorySessionStore } from '@earshot/calls';
import type { AgentMemory, PromptTurn } from '@earshot/conversation';
import { pino } from 'pino';
import { beforeEach, describe, expect, test } from 'vitest';
import { inboundPlan } from '../twilio/inbound-plan.ts';
import { noMark } from './call-scribe.ts';
import { Checkpoint, checkpointOf } from './checkpoint.ts';
import { Sessions } from './sessions.ts';

const log = pino({ level: 'silent' });
const away = () => Promise.reject(new CallError('store-unavailable', 'away'));

const memory = (...turns: PromptTurn[]): AgentMemory => ({
  turns,
  memory: { step: 1 },
  expectation: { topic: 'name', grammar: 'g', patient: true },
  elapsedMs: 4_000,
  toSay: ['We close soon.'],
  saying: '',
  noticeHeard: true,
});

const plan = inboundPlan({ callSid: 'CA1', from: '+1', to: '+2' }, 60_000);

let store: MemorySessionStore;
let calls: MemoryCallStore;
let nowMs: number;

const open = (instance: string) =>
  new Sessions({ store, calls, instance, log, now: () => nowMs, patienceMs: 20 });

beforeEach(() => {
  nowMs = 1_000_000;
  store = new MemorySessionStore({ now: () => nowMs, events: new MemoryLiveEvents() });
  calls = new MemoryCallStore();
});

describe('a session', () => {
  test('counts the streams of its call over all instances', async () => {
    const [a, b] = [open('a'), open('b')];
    await a.announce('call-1');
    expect(await a.claim('call-1')).toMatchObject({ epoch: 1, stream: 1, agent: null });
    expect(await b.claim('call-1')).toMatchObject({ epoch: 2, stream: 2 });
    expect(await store.find('call-1')).toMatchObject({ holder: 'b', warmAt: 'a' });
  });

  test('is begun by the claim where nobody has announced it', async () => {
    expect(await open('a').claim('call-1')).toMatchObject({ epoch: 1, stream: 1, agent: null });
  });

  test('hands memory and record on', async () => {
    const [a, b] = [open('a'), open('b')];
    const { epoch } = await a.claim('call-1');
    const mark = { ...noMark(), turns: 3, events: 9, streams: 1 };
    const known = memory({ speaker: 'caller', text: 'hello' });
    await a.keepLast('call-1', epoch, checkpointOf(mark, known));
    expect(await b.claim('call-1')).toEqual({
      epoch: 2,
      stream: 2,
      mark,
      agent: known,
      ending: null,
    });
  });

  test('whose holder died behind its checkpoint goes on behind the record, and takes no place twice', async () => {
    const [a, b] = [open('a'), open('b')];
    const { epoch } = await a.claim(plan.id);
    const mark = { ...noMark(), turns: 1, events: 2, streams: 1 };
    await a.keepLast(plan.id, epoch, checkpointOf(mark, memory()));
    const event = { type: 'turn', atMs: nowMs, data: {} };
    await calls.addEvents(plan.id, [{ ...event, serial: 7 }]);
    await calls.addTurns(plan.id, [
      {
        ...{ index: 3, speaker: 'caller', text: 'Hello', startedAtMs: nowMs, endedAtMs: nowMs },
        ...{ heardMs: null, interrupted: false, confidence: null },
      },
    ]);
    expect((await b.claim(plan.id)).mark).toMatchObject({ turns: 4, events: 7, streams: 1 });
  });

  test('whose holder died before it kept anything leaves room for what that may still bring', async () => {
    await open('a').claim('call-1');
    const { stream, mark } = await open('b').claim('call-1');
    expect(stream).toBe(2);
    expect(mark.events).toBeGreaterThan(0);
    expect(mark.turns).toBeGreaterThan(0);
  });

  test('keeps the newest of many checkpoints, and none of somebody who has lost it', async () => {
    const [a, b] = [open('a'), open('b')];
    const { epoch } = await a.claim('call-1');
    const saves: number[] = [];
    for (let turns = 1; turns <= 50; turns++)
      a.keep('call-1', epoch, () => {
        saves.push(turns);
        return checkpointOf({ ...noMark(), turns }, memory());
      });
    await new Promise((resolve) => setImmediate(resolve));
    expect(saves.length).toBeLessThan(5);
    expect((await b.claim('call-1')).mark.turns).toBe(50);
    a.keep('call-1', epoch, () => checkpointOf({ ...noMark(), turns: 99 }, memory()));
    await new Promise((resolve) => setImmediate(resolve));
    expect((await open('c').claim('call-1')).mark.turns).toBe(50);
  });

  test('in a form that is not ours counts as none', async () => {
    await store.create('call-1', null);
    const claimed = await store.claim('call-1', 0, 'x');
    await store.save('call-1', claimed?.epoch ?? 0, { version: 7, agent: 'what?' });
    expect(await open('a').claim('call-1')).toMatchObject({ epoch: 2, stream: 2, agent: null });
  });
});

describe('a store', () => {
  test('that fails keeps no caller waiting, and what was here is still known', async () => {
    const a = open('a');
    const { epoch } = await a.claim('call-1');
    const mark = { ...noMark(), turns: 2, streams: 1 };
    Object.assign(store, { find: away, save: away, claim: away, create: away });
    await a.keepLast('call-1', epoch, checkpointOf(mark, memory()));
    expect(await a.claim('call-1')).toMatchObject({ epoch: null, stream: 2, mark });
    await a.announce('call-2');
    expect(a.failed).toBeGreaterThan(0);
  });

  test('that never answers is given up, and not asked again for a while', async () => {
    let asked = 0;
    const never = () => {
      asked += 1;
      return new Promise<never>(() => {});
    };
    Object.assign(store, { find: never });
    const a = open('a');
    expect(await a.claim('call-1')).toMatchObject({ epoch: null, stream: 1, agent: null });
    expect(await a.claim('call-2')).toMatchObject({ epoch: null, stream: 1, agent: null });
    expect(asked).toBe(1);
    nowMs += 6_000;
    await a.claim('call-3');
    expect(asked).toBe(2);
  });
});

describe('a store that never answers', () => {
  const never = () => new Promise<never>(() => {});

  test('does not keep the other from telling what a call has had', async () => {
    await calls.create(plan, 1, 'CA1');
    const told = { type: 'stream-started', atMs: 999_000, data: { stream: 2 } };
    await calls.addEvents(plan.id, [{ serial: 7, ...told }]);
    await calls.addTurns(plan.id, [
      {
        ...{ index: 4, speaker: 'caller', text: 'hello', startedAtMs: 1, endedAtMs: 2 },
        ...{ heardMs: null, interrupted: false, confidence: null },
      },
    ]);
    Object.assign(store, { find: never });
    const a = open('a');
    await a.claim('call-other');
    expect(await open('b').claim(plan.id)).toMatchObject({
      epoch: null,
      stream: 3,
      mark: { turns: 5, events: 7 },
      agent: { turns: [{ speaker: 'caller', text: 'hello' }] },
    });
    // It rests for this one now, and the record is asked all the same.
    expect(await a.claim(plan.id)).toMatchObject({ stream: 3, mark: { turns: 5, events: 7 } });
  });

  test('nor both of them: what comes collides with nothing that may have been', async () => {
    Object.assign(store, { find: never });
    Object.assign(calls, { turns: never });
    const [a, b] = [open('a'), open('b')];
    const first = await a.claim('call-1');
    expect(first).toMatchObject({ epoch: null, mark: { turns: 10_000, events: 2_500 } });
    expect(first.stream).toBeGreaterThan(50);
    expect((await a.claim('call-1')).stream).toBeGreaterThan(first.stream);
    nowMs += 30_000;
    const later = await b.claim('call-1');
    expect(later.stream).toBeGreaterThan(first.stream);
    expect(later.stream).toBeLessThan(100);
    await a.announce('call-2');
    expect((await a.claim('call-2')).mark).toEqual(noMark());
  });

  test('is asked again at the next checkpoint, and the session kept from then on', async () => {
    const { find } = store;
    Object.assign(store, { find: never });
    const [a, b] = [open('a'), open('b')];
    const { epoch, stream } = await a.claim('call-1');
    expect(epoch).toBeNull();
    Object.assign(store, { find });
    nowMs += 6_000;
    const mark = { ...noMark(), turns: 3, streams: stream };
    a.keep('call-1', epoch, () => checkpointOf(mark, memory()));
    await new Promise((resolve) => setImmediate(resolve));
    expect(await b.claim('call-1')).toMatchObject({ epoch: 2, stream: stream + 1, mark });
  });
});

describe('a checkpoint', () => {
  test('drops the oldest turns rather than outgrow the store', () => {
    const turns = Array.from(
      { length: 1_000 },
      (_, at): PromptTurn => ({ speaker: 'caller', text: `${at} ${'x'.repeat(400)}` }),
    );
    const { agent } = checkpointOf(noMark(), memory(...turns));
    expect(JSON.stringify(agent).length).toBeLessThan(130_000);
    expect(agent.turns.at(-1)).toEqual(turns.at(-1));
    expect(agent.turns.length).toBeGreaterThan(200);
  });

  test('comes back from JSON as it was, tools included', () => {
    const known = memory(
      { speaker: 'agent', text: 'Hi.', interrupted: true },
      {
        speaker: 'tool',
        call: { id: '1', name: 'take_message', arguments: { name: 'Jane' } },
        result: { output: ['ok'] },
      },
      { speaker: 'tool', call: { id: '2', name: 'x', arguments: {} }, result: { error: 'no' } },
    );
    const checkpoint = checkpointOf(noMark(), known);
    expect(Checkpoint.parse(JSON.parse(JSON.stringify(checkpoint)))).toEqual(checkpoint);
  });
});
