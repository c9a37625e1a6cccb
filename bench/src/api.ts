import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { type Answers, delays } from './api-delays.ts';
import { askSteadily } from './api-requests.ts';
import { beside, type Figure, figure } from './figure.ts';
import { MediaServer } from './media-server.ts';
import { type Command, PinnedProcess } from './pinned-process.ts';
import type { Section } from './section.ts';
import { START_FLAGS } from './start-flags.ts';

const PRODUCT = new URL('../../apps/server/src/main.ts', import.meta.url).pathname;
const PHONE = new URL('../../apps/phone/src/main.ts', import.meta.url).pathname;
const CALLS = 50;
const REQUESTS_A_SECOND = 50;
const SECONDS = 20;
const LONG_SECONDS = 60;
/** Calls are placed 25 a second, and have heard their greeting by then. */
const SETTLE_MS = 6_000;

/** What callers hear beside the API's work, and without it. */
interface Heard {
  /** Median gap between a caller's last sound and the agent's first. */
  readonly gapMs: number;
  readonly gapP95Ms: number;
  /** Gaps inside the agent's speech. */
  readonly underruns: number;
}

/** The API at 50 requests a second beside 50 live calls: its answers, and what the calls hear of it. */
export const api: Section = async ({ long, note }, signal) => {
  const seconds = long ? LONG_SECONDS : SECONDS;
  const folder = await mkdtemp(join(tmpdir(), 'earshot-bench-'));
  try {
    await using server = await MediaServer.startProduct(product(folder), signal);
    const alone = await ringing(server.host, seconds, signal);
    note(`${CALLS} calls: ${told(alone)}`);
    const calls = ringing(server.host, seconds, signal);
    await pause(SETTLE_MS);
    const asked = (seconds - SETTLE_MS / 1000) * REQUESTS_A_SECOND;
    const answers = await askSteadily(server.host, asked, REQUESTS_A_SECOND, signal);
    const busy = await calls;
    note(`${CALLS} calls beside ${REQUESTS_A_SECOND} requests a second: ${told(busy)}`);
    return figures(answers, busy, alone);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** With nothing configured but where its data lies: embedded database, small engines, emulator. */
function product(folder: string): Command {
  const environment = {
    DATA_DIR: folder,
    MODELS_DIR: join(folder, 'models'),
    MODELS_DOWNLOAD: 'never',
    LOG_LEVEL: 'error',
  };
  return { line: [process.execPath, ...START_FLAGS, PRODUCT], environment };
}

async function ringing(host: string, seconds: number, signal: AbortSignal): Promise<Heard> {
  const flags = ['--calls', `${CALLS}`, '--seconds', `${seconds}`];
  const url = ['--url', `http://${host}/twilio/voice`];
  await using phone = new PinnedProcess(
    { line: [process.execPath, PHONE, 'load', ...flags, ...url] },
    'any',
    signal,
  );
  return read(await phone.finish());
}

function read(table: string): Heard {
  const [, p50, p95] = /gap at the ear +p50 (\d+) ms, p95 (\d+) ms/.exec(table) ?? [];
  const [, underruns] = /gaps inside the agent’s speech +(\d+)/.exec(table) ?? [];
  return { gapMs: Number(p50), gapP95Ms: Number(p95), underruns: Number(underruns) };
}

function told({ gapMs, gapP95Ms, underruns }: Heard): string {
  return `gap p50 ${gapMs}, p95 ${gapP95Ms} ms, ${underruns} gaps inside speech`;
}

function figures(answers: Answers, busy: Heard, alone: Heard): Figure[] {
  const { p50, p95, p99 } = delays(answers);
  const without = 'without requests';
  return [
    figure('api.p50', p50, 'ms'),
    figure('api.p95', p95, 'ms'),
    figure('api.p99', p99, 'ms'),
    figure('api.failed', answers.failed, `of ${answers.delaysMs.length + answers.failed}`),
    beside('api.calls.gap_ms.p50', busy.gapMs, 'ms', without, alone.gapMs),
    beside('api.calls.gap_ms.p95', busy.gapP95Ms, 'ms', without, alone.gapP95Ms),
    beside('api.calls.gaps_in_speech', busy.underruns, 'gaps', without, alone.underruns),
  ];
}

function pause(ms: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  setTimeout(resolve, ms);
  return promise;
}
