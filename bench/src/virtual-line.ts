import { type AudioFrame, durationMs } from '@earshot/audio';
import type { Line, LineEvent } from '@earshot/conversation';

/** Speech that may wait at the caller's end, as on a telephone line. */
const AHEAD_MS = 400;

/** A line whose time passes only when told to. */
export class VirtualLine implements Line {
  readonly #events: LineEvent[] = [];
  #waiting: (() => void)[] = [];
  #givenMs = 0;
  #heardMs = 0;
  /** How often the agent's speech was cleared so far. */
  cleared = 0;

  /** The caller speaks this frame and hears as much of the agent, if there is any: whether there was. */
  pass(frame: AudioFrame): boolean {
    const hears = this.#heardMs < this.#givenMs;
    if (hears) {
      this.#heardMs = Math.min(this.#givenMs, this.#heardMs + durationMs(frame));
      this.#events.push({ type: 'heard', positionMs: this.#heardMs });
    }
    this.#events.push({ type: 'audio', frame });
    this.#tell();
    return hears;
  }

  async *events(signal: AbortSignal): AsyncGenerator<LineEvent> {
    while (!signal.aborted) {
      const event = this.#events.shift();
      if (event) yield event;
      else await this.#change(signal);
    }
  }

  async play(frame: AudioFrame, signal: AbortSignal): Promise<void> {
    this.#givenMs += durationMs(frame);
    while (!signal.aborted && this.#givenMs - this.#heardMs > AHEAD_MS) await this.#change(signal);
  }

  flush(): void {}

  async drain(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && this.#heardMs < this.#givenMs) await this.#change(signal);
  }

  clear(): number {
    const heardMs = this.#heardMs;
    this.#heardMs = this.#givenMs;
    this.cleared += 1;
    this.#tell();
    return heardMs;
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  #tell(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }

  async #change(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push(resolve);
    signal.addEventListener('abort', () => resolve(), { once: true });
    await promise;
  }
}
