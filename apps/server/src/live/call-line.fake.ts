import { type AudioFrame, durationMs } from '@earshot/audio';
import type { LineEvent } from '@earshot/conversation';
import type { CallLine } from './attendant.ts';

/** A line whose caller does what the test says. What is played is heard when `hears` says so. */
export class FakeCallLine implements CallLine {
  readonly start = { callSid: 'CA1', streamSid: 'MZ1' };
  readonly counts = {};
  readonly #events: LineEvent[] = [];
  #wake = Promise.withResolvers<void>();
  #givenMs = 0;
  #heardMs = 0;
  /** Time passes for the caller, too, while they listen. */
  isTimed = false;
  timedFrames = 0;
  closed = false;

  send(event: LineEvent): void {
    this.#events.push(event);
    this.#tell();
  }

  /** The caller listens, in silence, to all that was said. */
  async hears(): Promise<void> {
    await settle();
    while (this.#heardMs < this.#givenMs) {
      if (this.isTimed) this.#passes();
      this.#heardMs = Math.min(this.#givenMs, this.#heardMs + 20);
      this.send({ type: 'heard', positionMs: this.#heardMs });
      await settle();
    }
  }

  async speaks(frames: number): Promise<void> {
    for (let i = 0; i < frames; i++)
      this.send({
        type: 'audio',
        frame: { samples: new Int16Array(160).fill(900), sampleRate: 8_000 },
      });
    await settle();
  }

  async presses(...digits: string[]): Promise<void> {
    for (const digit of digits) this.send({ type: 'digit', digit });
    await settle();
    await this.hears();
  }

  async *events(signal: AbortSignal): AsyncGenerator<LineEvent> {
    const tell = () => this.#tell();
    signal.addEventListener('abort', tell);
    while (!signal.aborted) {
      const event = this.#events.shift();
      if (event === undefined) await this.#wake.promise;
      else yield event;
      if (event?.type === 'hung-up' || event?.type === 'lost') return;
    }
    signal.removeEventListener('abort', tell);
  }

  async play(frame: AudioFrame): Promise<void> {
    this.#givenMs += durationMs(frame);
  }

  flush(): void {}

  async drain(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && this.#heardMs < this.#givenMs) await settle();
  }

  clear(): number {
    const heardMs = this.#heardMs;
    this.#heardMs = this.#givenMs;
    return heardMs;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.closed = true;
  }

  #passes(): void {
    this.timedFrames += 1;
    this.send({ type: 'audio', frame: { samples: new Int16Array(160), sampleRate: 8_000 } });
  }

  #tell(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers();
  }
}

/** Lets every promise that can settle do so. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 6; turn++) await new Promise((resolve) => setImmediate(resolve));
}
