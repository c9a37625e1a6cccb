import { levelDbfs, readWav } from '@earshot/audio';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { CalledPhones } from './called-phones.ts';
import { CallsApi } from './calls-api.ts';
import { ProductProcess } from './product-process.ts';
import { storyEnvironment } from './story-environment.ts';
import { storyFolder } from './story-folder.ts';

const TALKS = '+12025550142';
const PATIENCE = { timeout: 20_000, interval: 200 };

// Calls take the time that calls take: all of them at once.
describe.concurrent('the first call', { timeout: 180_000 }, () => {
  test('with nothing configured, one POST /calls has a callee talk with the agent, and all of it is told', async () => {
    await using own = new AsyncDisposableStack();
    const folder = await storyFolder(own);
    const environment = storyEnvironment(folder);
    const server = own.use(await ProductProcess.open({ main: 'server', folder, environment }));
    const calls = new CallsApi(server.base);

    const id = await calls.place({ phone_number: TALKS, record: true });
    const [events, call] = await Promise.all([calls.events(id), calls.ended(id)]);
    expect(call).toMatchObject({
      status: 'completed',
      phase: 'ended',
      outcome: { blame: 'nobody', reason: 'completed' },
      call_sid: expect.stringMatching(/^CA[0-9a-f]{32}$/),
    });

    const { turns } = await calls.transcript(id);
    const said = turns.map(({ speaker, text }) => `${speaker}: ${text}`);
    expect(turns.map(({ index }) => index)).toEqual([...turns.keys()]);
    expect(call.total_transcript_segments).toBe(turns.length);
    expect(said[0]).toMatch(/agent: This call is recorded. Hello!/);
    // On a machine that is too busy to understand in time, that is what is told.
    expect(said.join('\n')).toMatch(
      /^caller: .*(saturday|cleaning|\[unclear\])[\s\S]*^agent: .*(saturday|\$120|catch that)/im,
    );

    const names = events.map(({ event }) => event);
    expect(names[0]).toBe('phase');
    expect(names.at(-1)).toBe('phase');
    expect(events.at(-1)?.data).toContain('"status":"completed"');
    for (const once of ['stream-started', 'stream-ended'])
      expect(names.filter((name) => name === once)).toHaveLength(1);
    expect(names.filter((name) => name === 'turn')).toHaveLength(turns.length);

    const recording = await calls.ask(`/calls/${id}/recording`);
    const { samples, sampleRate } = readWav(new Uint8Array(await recording.arrayBuffer()));
    expect(samples).toHaveLength(2);
    for (const channel of samples) expect(levelDbfs(channel)).toBeGreaterThan(-45);
    const seconds = (samples[0]?.length ?? 0) / sampleRate;
    expect(Math.abs(seconds - (call.duration_seconds ?? 0))).toBeLessThan(3);
  });
});

describe.concurrent('a call that is placed', { timeout: 180_000 }, () => {
  const stack = new AsyncDisposableStack();
  let phones: CalledPhones;
  let api: CallsApi;
  let troubled: CalledPhones;
  let troubledApi: CallsApi;

  async function openServer(trouble: string): Promise<[CalledPhones, CallsApi]> {
    const folder = await storyFolder(stack);
    const opened = stack.use(await CalledPhones.open({ folder, trouble }));
    const own = { ...opened.environment, DATABASE_URL: 'memory:' };
    const environment = { ...storyEnvironment(folder), ...own };
    const server = stack.use(await ProductProcess.open({ main: 'server', folder, environment }));
    return [opened, new CallsApi(server.base)];
  }

  beforeAll(async () => {
    [[phones, api], [troubled, troubledApi]] = await Promise.all([
      openServer(''),
      openServer('down'),
    ]);
  }, 180_000);
  afterAll(() => stack.disposeAsync());

  test.for([
    ['busy', '+12025550110', {}, 'busy', { blame: 'callee', reason: 'busy' }],
    [
      'not answered',
      '+12025550111',
      { ring_timeout_seconds: 5 },
      'no_answer',
      { blame: 'callee', reason: 'no-answer' },
    ],
    ['rejected', '+12025550114', {}, 'busy', { blame: 'callee', reason: 'busy' }],
    ['unreachable', '+12025550115', {}, 'failed', { blame: 'carrier', reason: 'carrier-failed' }],
    ['hung up at once', '+12025550113', {}, 'completed', { blame: 'nobody', reason: 'completed' }],
    [
      'a voicemail',
      '+12025550112',
      { machine_detection: 'hang_up' },
      'completed',
      { blame: 'callee', reason: 'voicemail' },
    ],
  ] as const)('%s: the call ends so', async ([, number, more, status, outcome]) => {
    const id = await api.place({ phone_number: number, ...more });
    expect(await api.ended(id)).toMatchObject({ status, outcome });
    const [call, again] = phones.callsTo(number);
    expect(call?.over.aborted).toBe(true);
    expect(again).toBeUndefined();
  });

  test('ended while it rings: the phone falls silent at once, and nobody ever talks', async () => {
    const number = '+12025550116';
    const id = await api.place({ phone_number: number });
    const phone = await phones.called(number);
    await phone.ringing();
    expect(await api.terminate(id)).toBe(204);
    expect(await phone.over()).toBe('canceled');
    const outcome = { blame: 'nobody', reason: 'canceled' };
    expect(await api.ended(id)).toMatchObject({ status: 'canceled', outcome, metrics: null });
    expect(await api.terminate(id)).toBe(204);
  });

  test('ended in mid-call: the phone leg ends at once, and the record is there', async () => {
    const number = '+12025550143';
    const id = await api.place({ phone_number: number });
    const phone = await phones.called(number);
    await phone.at('caller-speaks', 1);
    expect(await api.terminate(id)).toBe(204);
    expect(await phone.over()).toBe('completed');
    expect(await api.ended(id)).toMatchObject({
      status: 'completed',
      outcome: { blame: 'nobody', reason: 'terminated' },
    });
    await vi.waitFor(async () => {
      const { turns } = await api.transcript(id);
      expect(turns[0]).toMatchObject({ speaker: 'agent', text: expect.stringMatching(/^Hello/) });
    }, PATIENCE);
  });

  test('too long: the agent ends it at the maximum duration', async () => {
    const number = '+12025550117';
    const id = await api.place({ phone_number: number, max_duration_seconds: 10 });
    const phone = await phones.called(number);
    expect(await phone.over()).toBe('completed');
    const outcome = { blame: 'nobody', reason: 'max-duration' };
    expect(await api.ended(id)).toMatchObject({ status: 'completed', outcome });
  });

  test('one Idempotency-Key is one call, asked for twice at once', async () => {
    const number = '+12025550144';
    const ask = () => api.place({ phone_number: number }, { 'idempotency-key': 'once' });
    const [id, same] = await Promise.all([ask(), ask()]);
    expect(same).toBe(id);
    const phone = await phones.called(number);
    await api.terminate(id);
    await phone.over();
    await api.ended(id);
    expect(phones.callsTo(number)).toHaveLength(1);
  });

  test('a carrier that tells late, twice and in disorder, that loses its answers, or cannot be asked at all: calls are dialled once, and end rightly', async () => {
    const { troubles } = troubled.network;
    const [lost, talks, busy, rings] = [TALKS, '+12025550145', '+12025550110', '+12025550111'];
    const strikes = vi.spyOn(troubles, 'strikes');
    const unheard = await troubledApi.place({ phone_number: lost });
    await vi.waitFor(() => expect(strikes).toHaveReturnedWith(true), { timeout: 20_000 });

    troubles.set('late,doubled,shuffled,lost-answer');
    const ids = await Promise.all([
      troubledApi.place({ phone_number: talks }),
      troubledApi.place({ phone_number: busy }),
      troubledApi.place({ phone_number: rings, ring_timeout_seconds: 5 }),
    ]);
    const ended = await Promise.all(ids.map((id) => troubledApi.ended(id)));
    expect(ended.map(({ outcome }) => outcome?.reason)).toEqual(['completed', 'busy', 'no-answer']);
    for (const number of [talks, busy, rings]) expect(troubled.callsTo(number)).toHaveLength(1);

    // The carrier's API is away again while a call lives: it is ended all the same.
    troubles.set('');
    const live = '+12025550146';
    const id = await troubledApi.place({ phone_number: live });
    const phone = await troubled.called(live);
    await phone.at('agent-speaks', 0);
    troubles.set('down');
    expect(await troubledApi.terminate(id)).toBe(204);
    expect(await phone.over()).toBe('completed');
    const terminated = { blame: 'nobody', reason: 'terminated' };
    expect(await troubledApi.ended(id)).toMatchObject({ outcome: terminated });

    const unknown = { blame: 'carrier', reason: 'dial-unknown' };
    expect(await troubledApi.ended(unheard)).toMatchObject({ status: 'failed', outcome: unknown });
    expect(troubled.callsTo(lost)).toHaveLength(0);
  });
});
