import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseScenario } from '../caller/parse-scenario.ts';
import { prepareCaller } from '../caller/prepare-caller.ts';
import type { CallObserver } from '../carrier/call-observer.ts';
import { recordCall } from './record-call.ts';

const RATE = 22_050;
const SPEAK = new Int16Array(160).map((_, i) => (i % 2 ? 4_000 : -4_000));
const QUIET = new Int16Array(160);

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'earshot-call-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A voice that hums for 60 ms for each letter. */
const humming = {
  async *synthesize(text: string) {
    const samples = Int16Array.from(
      { length: Math.round((text.length * 60 * RATE) / 1_000) },
      (_, i) => 5_000 * Math.sin((2 * Math.PI * 300 * i) / RATE),
    );
    yield { samples, sampleRate: RATE };
  },
};

const scenario = parseScenario(
  `scenario: A short call
steps:
  - answer: Hello there
  - hangUp
expect: {turns: 2, agentSays: good morning, outcome: caller-hung-up}`,
  'short.yaml',
);

/** Ten seconds of an agent that greets from 400 to 1400 ms, in no time at all. */
async function placed(observer: CallObserver): Promise<void> {
  const caller = await callers;
  observer.observe({ type: 'answered', atMs: 0, callSid: 'CA7' });
  for (let atMs = 0; atMs < 10_000; atMs += 20) {
    const agent = atMs >= 400 && atMs < 1_400 ? SPEAK : QUIET;
    const { samples, hangUp } = caller.tick(agent, atMs);
    observer.observe({ type: 'frame', atMs, caller: samples ?? QUIET, agent });
    if (!hangUp) continue;
    const outcome = { reason: 'caller-hung-up', detail: '' } as const;
    observer.observe({ type: 'call-ended', atMs, outcome });
    return;
  }
}

const callers = prepareCaller(
  scenario,
  { voice: humming, folder: '.' },
  AbortSignal.timeout(20_000),
);

const turns = [
  {
    speaker: 'agent',
    said: 'Good morning!',
    text: 'Good morning!',
    start_ms: 380,
    end_ms: 1_390,
    interrupted: false,
  },
];

async function withServer(status: number, use: (base: string) => Promise<void>): Promise<void> {
  const server = createServer((request, response) => {
    response.writeHead(request.url === '/calls/CA7/transcript' ? status : 404);
    response.end(JSON.stringify({ turns }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

test('a call leaves its recording, its report and its page, and its words scroll by', async () => {
  const lines: string[] = [];
  await withServer(200, async (base) => {
    const write = (line: string) => void lines.push(stripVTControlCharacters(line));
    const options = { scenario, caller: await callers, place: placed, base, folder, write };
    const { checks } = await recordCall(options, AbortSignal.timeout(20_000));
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  });
  const report = JSON.parse(await readFile(path.join(folder, 'report.json'), 'utf8'));
  expect(report.turns).toMatchObject([
    { speaker: 'agent', heard: 'Good morning!', startMs: 400, endMs: 1_400, gapMs: null },
    { speaker: 'caller', said: 'Hello there' },
  ]);
  expect(await readFile(path.join(folder, 'report.html'), 'utf8')).toContain('Hello there');
  expect((await readFile(path.join(folder, 'call.wav'))).subarray(0, 4).toString()).toBe('RIFF');
  expect(lines).toMatchObject(
    [/0:00\.4 {2}agent .*Good morning!/, /caller .*Hello there/].map((line) =>
      expect.stringMatching(line),
    ),
  );
});

test('a server that does not tell its words is noted, and the ear’s report stands', async () => {
  await withServer(500, async (base) => {
    const caller = await callers;
    const place = async (observer: CallObserver) =>
      observer.observe({ type: 'answered', atMs: 0, callSid: 'CA7' });
    const options = { scenario, caller, place, base, folder, write: () => {} };
    const { report, checks } = await recordCall(options, AbortSignal.timeout(20_000));
    expect(report.findings).toMatchObject([{ code: 'no-transcript', level: 'note' }]);
    expect(report.outcome).toBe('failed');
    expect(checks.filter(({ ok }) => !ok).map(({ name }) => name)).toContain('the outcome');
  });
});
