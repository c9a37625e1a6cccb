import { Channel } from './channel.ts';
import type { Agent, AgentEvent, Heard, Speech } from './ports.ts';

/** An agent that does what the test says, and remembers what it was told. */
export class ScriptedAgent implements Agent {
  readonly #events = new Channel<AgentEvent>();
  readonly heardOfReplies: Heard[] = [];
  readonly digits: string[] = [];
  frames = 0;

  emit(event: AgentEvent): void {
    this.#events.push(event);
  }

  /** Emits a reply of one frame of 20 ms for each word. */
  reply(id: number, ...words: string[]): void {
    this.emit({ type: 'reply', id, speech: spoken(words) });
  }

  hear(): void {
    this.frames++;
  }

  press(digit: string): void {
    this.digits.push(digit);
  }

  heard(heard: Heard): void {
    this.heardOfReplies.push(heard);
  }

  events(signal: AbortSignal): AsyncIterable<AgentEvent> {
    return this.#events.until(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#events.close();
  }
}

async function* spoken(words: readonly string[]): AsyncGenerator<Speech> {
  for (const text of words)
    yield { frame: { samples: new Int16Array(160), sampleRate: 8000 }, text };
}
