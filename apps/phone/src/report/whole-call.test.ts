import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { decodeMulaw, encodeMulaw, levelDbfs } from '@earshot/audio';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { parseScenario } from '../caller/parse-scenario.ts';
import { prepareCaller } from '../caller/prepare-caller.ts';
import { ManualClock } from '../carrier/manual-clock.ts';
import { runCall } from '../carrier/run-call.ts';
import { startScriptedServer } from '../carrier/scripted-server.ts';
import { type RecordedCall, recordCall } from './record-call.ts';

const RATE = 8_000;
const LOUD_DBFS = -28;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'earshot-whole-'));
});
afterAll(() => rm(folder, { recursive: true }));

function tone(ms: number): Int16Array {
  return Int16Array.from(
    { length: ms * 8 },
    (_, i) => 6_000 * Math.sin((2 * Math.PI * 300 * i) / RATE),
  );
}

/** Hums as long as somebody would need for the words, 60 ms a letter. */
const humming = {
  async *synthesize(text: string) {
    yield { samples: tone(text.length * 60), sampleRate: RATE };
  },
};

/**
 * An agent of tones: greets for 1 s, answers with 3 s after 500 ms of silence, falls silent when it
 * hears 200 ms of loud voice. It stands for a server, so it hears frames and no clock.
 */
function toneAgent(socket: WebSocket): void {
  let streamSid = '';
  let [loudMs, quietMs, owesAnswer] = [0, 0, false];
  const send = (message: object) => socket.send(JSON.stringify({ streamSid, ...message }));
  const speak = (ms: number) => {
    const payload = Buffer.from(encodeMulaw(tone(ms))).toString('base64');
    send({ event: 'media', media: { payload } });
  };
  const hear = (payload: string) => {
    const samples = decodeMulaw(Buffer.from(payload, 'base64'));
    const loud = levelDbfs(samples) > LOUD_DBFS;
    loudMs = loud ? loudMs + 20 : 0;
    quietMs = loud ? 0 : quietMs + 20;
    if (loudMs === 200) {
      send({ event: 'clear' });
      owesAnswer = true;
    }
    if (owesAnswer && quietMs === 500) {
      speak(3_000);
      owesAnswer = false;
    }
  };
  socket.on('message', (data) => {
    const message = JSON.parse(String(data));
    if (message.event === 'start') {
      streamSid = message.streamSid;
      speak(1_000);
    }
    if (message.event === 'media') hear(message.media.payload);
  });
}

async function ring(yaml: string): Promise<RecordedCall> {
  const scenario = parseScenario(yaml, 'x.yaml');
  const signal = AbortSignal.timeout(25_000);
  const caller = await prepareCaller(scenario, { voice: humming, folder }, signal);
  await using server = await startScriptedServer({
    answers: { '/voice': '<Response><Connect><Stream url="{ws}/media"/></Connect></Response>' },
    onStream: toneAgent,
  });
  const clock = new ManualClock();
  const call = { voiceUrl: `${server.url}/voice`, accountSid: 'AC1', authToken: 'token', clock };
  const place: Parameters<typeof recordCall>[0]['place'] = (observer, aborted) =>
    clock.passUntil(runCall({ ...call, from: '+1', to: '+2', caller, observer, signal: aborted }));
  const options = { scenario, caller, place, base: server.url, folder, write: () => {} };
  return await recordCall(options, signal);
}

test('gaps, a barge-in and a backchannel are measured at the ear of a whole call', async () => {
  const { report, checks } = await ring(`scenario: x
steps:
  - answer: How much is a cleaning?
  - murmur: {text: mm-hm, afterMs: 800, levelDb: -14}
  - answer: Tell me more.
  - bargeIn: {text: Can I leave a message, afterMs: 900}
  - answer: {parts: [my number, is this], pauseMs: 300}
  - wait: {for: agent-ends}
  - hangUp
expect: {turns: 9, bargeIns: 1, backchannels: 1, agentInterruptions: 0, outcome: caller-hung-up}`);
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  expect(report.turns.map(({ speaker }) => speaker.charAt(0)).join('')).toBe('acacacaca');
  expect(report.backchannels).toMatchObject([{ yielded: false }]);
  // Real sockets take a frame or a few on a clock that does not wait for them.
  expect(report.bargeIns[0]?.silentAfterMs).toBeGreaterThanOrEqual(180);
  for (const { gapMs } of report.turns.slice(1).filter(({ speaker }) => speaker === 'agent')) {
    expect(gapMs).toBeGreaterThanOrEqual(480);
  }
});

test('an agent that does not wait for the rest of a turn is told to have cut in', async () => {
  const { report, checks } = await ring(`scenario: x
steps:
  - answer: {parts: [my number, is this one here], pauseMs: 1200}
  - wait: {for: agent-ends}
  - hangUp
expect: {agentInterruptions: 0}`);
  expect(report.agentInterruptions).toHaveLength(1);
  expect(report.findings.map(({ code }) => code)).toContain('agent-interrupted');
  expect(checks.find(({ ok }) => !ok)?.name).toBe('interruptions by the agent');
});
