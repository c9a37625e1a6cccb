import { ScriptedPiperServer } from '@earshot/local/fakes';
import { describe, expect, test } from 'vitest';
import { Attacker } from './attacker.ts';
import { agentSaid, failures, picture } from './call-words.ts';
import { sendGarbage } from './garbage.ts';
import { type Moment, moments } from './moments.ts';
import { engineProcesses, killEngine } from './server-processes.ts';
import { StoryServer } from './story-server.ts';

const MESSAGE_CALL = `scenario: A message
steps:
  - answer: Can I leave a message?
  - answer: My name is Thomas Wilson.
  - answer: Yes, that's right.
  - answer: { parts: [five five five, three one six, zero nine two four], pauseMs: 350 }
  - answer: Yes.
  - answer: I'd like to change my appointment.
  - answer: Yes, that's correct.
  - answer: No, that's all, thank you.
expect:
  messages: [{ name: Thomas Wilson, number: "5553160924" }]
  farewell: goodbye
  agentInterruptions: 0
  outcome: agent-hung-up`;

const QUESTIONS_CALL = `scenario: A caller who knows nothing of all that
steps:
  - answer: When are you open on Saturday?
  - answer: How much is a cleaning?
  - answer: Can I leave a message?
  - answer: My name is Thomas Wilson.
  - answer: Yes, that's right.
  - wait: {for: agent-ends}
  - hangUp
expect:
  agentSays: [saturday, cleaning, Thomas Wilson, number]
  turns: 11
  agentInterruptions: 0
  outcome: caller-hung-up`;

const NAME_CALL = `scenario: A caller whose name no voice has spoken ahead
steps:
  - answer: Can I leave a message?
  - answer: My name is Thomas Wilson.
  - answer: Yes, that's right.
  - wait: {for: agent-ends}
  - hangUp
expect:
  agentSays: [Thomas Wilson, number]
  agentInterruptions: 0
  outcome: caller-hung-up`;

// Calls take the time that calls take: both at once.
describe.concurrent('a call in trouble', { timeout: 180_000 }, () => {
  test('each engine is killed in mid-call, and the call goes on to its end with its message taken', async () => {
    await using server = await StoryServer.open({ engines: 'small' });
    const plan: Readonly<Record<string, string>> = {
      'caller-speaks 1': 'silero',
      'caller-pauses 2': 'grammar',
      'agent-speaks 3': 'flite',
      'caller-pauses 3': 'smart-turn',
    };
    const killed = new Map<string, number>();
    const strike = (moment: Moment, turn: number) => {
      const engine = plan[`${moment} ${turn}`];
      if (engine && !killed.has(engine)) killed.set(engine, killEngine(server.pid, engine));
    };
    const call = await server.ring(MESSAGE_CALL, moments(strike));
    expect(killed.size, picture(call)).toBe(Object.keys(plan).length);
    expect(failures(call), picture(call)).toEqual([]);
    const after = engineProcesses(server.pid);
    expect(await server.printed()).not.toMatch(/Wilson|5553160924/);
    for (const engine of Object.values(plan)) {
      expect(after.get(engine), engine).toBeDefined();
      expect(after.get(engine), engine).not.toBe(killed.get(engine));
    }
    expect(await server.ready()).toBe(true);
  });

  test('a Piper server hangs in mid-call, and Flite speaks in its place: the call goes on in the same stream', async () => {
    let hangs = false;
    await using piper = await ScriptedPiperServer.open({
      speak: ({ text }) => {
        hangs ||= text.includes('Wilson');
        return hangs ? { stall: true } : text.length * 60;
      },
    });
    const environment = { SYNTHESIZER: 'http', PIPER_URL: piper.url };
    await using server = await StoryServer.open({ engines: 'small', environment });
    const call = await server.ring(NAME_CALL);
    expect(failures(call), picture(call)).toEqual([]);
    expect(agentSaid(call), picture(call)).not.toContain('cut off');
    expect(piper.abandonedAnswers).toBeGreaterThanOrEqual(1);
    const printed = await server.printed();
    expect(printed).toMatch(/"code":"engine-late".*its stand-in speaks/);
    expect(printed).not.toMatch(/Wilson|agent-lost/);
  });

  test('garbage of every kind to every endpoint and socket is refused, and the call in progress goes on to its end', async () => {
    await using server = await StoryServer.open({ engines: 'small' });
    const inCall = Promise.withResolvers<void>();
    const call = server.ring(QUESTIONS_CALL, ({ type }) => {
      if (type === 'agent-sound-started') inCall.resolve();
    });
    await Promise.race([inCall.promise, call]);
    await Promise.all([sendGarbage(new Attacker(server.base, server.authToken)), call]);
    const ended = await call;
    expect(failures(ended), picture(ended)).toEqual([]);
    expect(await server.ready()).toBe(true);
  });
});
