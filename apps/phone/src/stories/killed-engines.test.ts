import { levelDbfs } from '@earshot/audio';
import { expect, test } from 'vitest';
import type { CallEvent } from '../carrier/call-observer.ts';
import { failures, picture } from './call-words.ts';
import { engineProcesses, killEngine } from './server-processes.ts';
import { StoryServer, type Watch } from './story-server.ts';

const MESSAGE = `scenario: A message
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

const VOICE_DBFS = -45;
/** By then the recognizer is at work on what was said. */
const PAUSED_MS = 180;
/** In the middle of a turn. */
const SPEAKING_MS = 400;

type Moment = 'caller-speaks' | 'caller-pauses' | 'agent-speaks';

/** Tells moments of a call, numbered by the caller's turns. */
function moments(tell: (moment: Moment, turn: number) => void): Watch {
  let turn = 0;
  let [voicedMs, quietMs] = [0, 0];
  const hear = (loud: boolean) => {
    if (loud && quietMs >= PAUSED_MS) voicedMs = 0;
    quietMs = loud ? 0 : quietMs + 20;
    voicedMs += loud ? 20 : 0;
    if (loud && voicedMs === 20) turn += 1;
    if (loud && voicedMs === SPEAKING_MS) tell('caller-speaks', turn);
    if (!loud && quietMs === PAUSED_MS && voicedMs > 0) tell('caller-pauses', turn);
  };
  return (event: CallEvent) => {
    if (event.type === 'frame') hear(levelDbfs(event.caller) > VOICE_DBFS);
    if (event.type === 'agent-sound-started') tell('agent-speaks', turn);
  };
}

test('each engine is killed in mid-call, and the call goes on to its end with its message taken', {
  timeout: 180_000,
}, async () => {
  await using server = await StoryServer.open({ engines: 'small' });
  const before = engineProcesses(server.pid);
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
  const call = await server.ring(MESSAGE, moments(strike));
  expect(Object.fromEntries(killed), picture(call)).toEqual(
    Object.fromEntries(Object.values(plan).map((engine) => [engine, before.get(engine)])),
  );
  expect(failures(call), picture(call)).toEqual([]);
  const after = engineProcesses(server.pid);
  for (const engine of Object.values(plan)) {
    expect(after.get(engine), engine).toBeDefined();
    expect(after.get(engine), engine).not.toBe(before.get(engine));
  }
  expect(await server.ready()).toBe(true);
});
