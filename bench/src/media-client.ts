import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { WebSocket } from 'ws';

/**
 * Simulated Twilio calls against one server, for machines without the peer's client; measures the
 * same way and prints a report of the same names. Every call sends 20 ms frames on absolute deadlines.
 */
const FRAME_MS = 20;
const FRAME_CODES = 160;
const TICK_MS = 10;

const flag = { type: 'string' } as const;
const names = ['url', 'server-pid', 'calls', 'seconds', 'ramp', 'settle', 'drain', 'warmup'];
const { values } = parseArgs({ options: Object.fromEntries(names.map((name) => [name, flag])) });
const number = (name: string): number => Number(values[name]);

// One second of a caller's noise: what it sounds like does not matter to a bridge.
const payloads = Array.from({ length: 50 }, (_, frame) =>
  Buffer.from(Uint8Array.from({ length: FRAME_CODES }, (_, i) => (i * 31 + frame * 17) % 256)),
).map((codes) => codes.toString('base64'));

/** One call: when its frames went out, and when how much had come back. */
class Call {
  readonly sentAt: number[] = [];
  /** When each 20 ms of agent audio were complete. */
  readonly arrivedAt: number[] = [];
  codes = 0;
  lost = false;
  #playedUntil = 0;
  readonly #streamSid: string;
  readonly #socket: WebSocket;

  constructor(index: number, url: string) {
    const id = String(index).padStart(32, '0');
    this.#streamSid = `MZ${id}`;
    this.#socket = new WebSocket(url, { perMessageDeflate: false });
    this.#socket.on('message', (data) => this.#receive(String(data)));
    this.#socket.on('close', () => {
      this.lost = true;
    });
    this.#socket.on('error', () => {
      this.lost = true;
    });
  }

  async open(): Promise<void> {
    await once(this.#socket, 'open');
    const id = this.#streamSid.slice(2);
    this.#send({ event: 'connected', protocol: 'Call', version: '1.0.0' });
    this.#send({
      event: 'start',
      sequenceNumber: '1',
      streamSid: this.#streamSid,
      start: {
        streamSid: this.#streamSid,
        accountSid: `AC${id}`,
        callSid: `CA${id}`,
        tracks: ['inbound'],
        mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
        customParameters: {},
      },
    });
  }

  speak(): void {
    if (this.lost) return;
    const frame = this.sentAt.length;
    this.sentAt.push(performance.now());
    const payload = payloads[frame % payloads.length] ?? '';
    this.#socket.send(
      `{"event":"media","sequenceNumber":"${frame + 2}","media":{"track":"inbound","chunk":"${frame + 1}","timestamp":"${frame * FRAME_MS}","payload":"${payload}"},"streamSid":"${this.#streamSid}"}`,
    );
  }

  hangUp(): void {
    this.#socket.terminate();
  }

  #receive(text: string): void {
    const now = performance.now();
    const message = JSON.parse(text);
    if (message.event === 'media') {
      const length = Buffer.byteLength(message.media.payload, 'base64');
      this.codes += length;
      this.#playedUntil = Math.max(now, this.#playedUntil) + length / 8;
      while ((this.arrivedAt.length + 1) * FRAME_CODES <= this.codes) this.arrivedAt.push(now);
    }
    if (message.event !== 'mark') return;
    const { mark } = message;
    const heard = () => this.#send({ event: 'mark', streamSid: this.#streamSid, mark });
    setTimeout(heard, Math.max(0, this.#playedUntil - now));
  }

  #send(message: object): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }
}

/** Speaks for all calls in turn, spread evenly over the 20 ms of a frame. */
class Pace {
  #timer: NodeJS.Timeout | undefined;
  #next = 0;
  readonly #calls: readonly Call[];
  readonly #startMs = performance.now();

  constructor(calls: readonly Call[]) {
    this.#calls = calls;
    this.#sleep();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #due(): number {
    return this.#startMs + (this.#next * FRAME_MS) / this.#calls.length;
  }

  // Node rounds timers up to whole milliseconds, so the aim is just before the deadline.
  #sleep(): void {
    this.#timer = setTimeout(
      () => {
        while (this.#due() <= performance.now() + 0.3) {
          this.#calls[this.#next % this.#calls.length]?.speak();
          this.#next++;
        }
        this.#sleep();
      },
      Math.max(0, Math.floor(this.#due() - performance.now())),
    );
  }
}

const url = String(values.url);
const calls: Call[] = [];
for (let i = 0; i < number('calls'); i++) {
  const call = new Call(i, url);
  calls.push(call);
  await call.open();
  await pause(number('ramp'));
}
const pace = new Pace(calls);
await pause(number('settle') * 1000);
const before = sample();
await pause(number('seconds') * 1000);
const after = sample();
pace.stop();
await pause(number('drain') * 1000);
console.log(JSON.stringify(report()));
for (const call of calls) call.hangUp();

interface Sample {
  readonly atMs: number;
  readonly cpuMs: number;
  readonly memoryMib: number;
}

/** The server's use of its core and of memory, from Linux's /proc; zeros elsewhere. */
function sample(): Sample {
  const atMs = performance.now();
  if (process.platform !== 'linux') return { atMs, cpuMs: 0, memoryMib: 0 };
  const stat = readFileSync(`/proc/${values['server-pid']}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const status = readFileSync(`/proc/${values['server-pid']}/status`, 'utf8');
  return {
    atMs,
    cpuMs: (Number(fields[11]) + Number(fields[12])) * TICK_MS,
    memoryMib: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024,
  };
}

function report() {
  const lateness: number[] = [];
  const delays: number[] = [];
  for (const { arrivedAt, sentAt } of calls) {
    const units = [...arrivedAt.entries()].filter(([, at]) => at >= before.atMs && at < after.atMs);
    const offsets = units.map(([unit, at]) => at - unit * FRAME_MS);
    const best = offsets.reduce(
      (least, offset) => Math.min(least, offset),
      Number.POSITIVE_INFINITY,
    );
    lateness.push(...offsets.map((offset) => offset - best));
    delays.push(...units.map(([unit, at]) => at - (sentAt[unit] ?? Number.NaN)));
  }
  const missing = calls.map(({ sentAt, codes }) => sentAt.length * FRAME_MS - codes / 8);
  return {
    latenessFromOwnBest: { p99: quantile(lateness, 0.99) },
    missingMs: { max: Math.max(...missing) },
    addedDelay: { p50: quantile(delays, 0.5), p99: quantile(delays, 0.99) },
    closed: calls.filter(({ lost }) => lost).length,
    errors: 0,
    machine: {
      serverCpuPct: Math.round((100 * (after.cpuMs - before.cpuMs)) / (after.atMs - before.atMs)),
      rssMaxMiB: after.memoryMib,
    },
  };
}

function quantile(numbers: readonly number[], share: number): number | undefined {
  const sorted = numbers.filter((x) => !Number.isNaN(x)).sort((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  return value === undefined ? undefined : Number(value.toFixed(2));
}
