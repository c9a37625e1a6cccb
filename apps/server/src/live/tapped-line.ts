import type { AudioFrame } from '@earshot/audio';
import type { Line, LineEvent } from '@earshot/conversation';

/** Listens in on a line: what the caller says, and what is played, heard and cleared of the agent. */
export interface LineTap {
  caller?(frame: AudioFrame): void;
  played?(frame: AudioFrame): void;
  flushed?(): void;
  /** Up to this position of the playout clock. */
  heard?(positionMs: number): void;
  cleared?(positionMs: number): void;
}

/** A line with listeners. They must not throw. */
export class TappedLine implements Line {
  readonly #line: Line;
  readonly #taps: readonly LineTap[];

  constructor(line: Line, taps: readonly LineTap[]) {
    this.#line = line;
    this.#taps = taps;
  }

  /** No generator: of those each event costs three promises, fifty times a second a call. */
  events(signal: AbortSignal): AsyncIterable<LineEvent> {
    const events = this.#line.events(signal);
    return {
      [Symbol.asyncIterator]: () => {
        const iterator = events[Symbol.asyncIterator]();
        return {
          next: async () => {
            const result = await iterator.next();
            if (!result.done) this.#tell(result.value);
            return result;
          },
          return: () => iterator.return?.() ?? Promise.resolve({ done: true, value: undefined }),
        };
      },
    };
  }

  #tell(event: LineEvent): void {
    if (event.type === 'audio') for (const tap of this.#taps) tap.caller?.(event.frame);
    if (event.type === 'heard') for (const tap of this.#taps) tap.heard?.(event.positionMs);
  }

  play(frame: AudioFrame, signal: AbortSignal): Promise<void> {
    for (const tap of this.#taps) tap.played?.(frame);
    return this.#line.play(frame, signal);
  }

  flush(): void {
    for (const tap of this.#taps) tap.flushed?.();
    this.#line.flush();
  }

  async drain(signal: AbortSignal): Promise<void> {
    await this.#line.drain(signal);
  }

  clear(): number {
    const positionMs = this.#line.clear();
    for (const tap of this.#taps) tap.cleared?.(positionMs);
    return positionMs;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#line[Symbol.asyncDispose]();
  }
}
