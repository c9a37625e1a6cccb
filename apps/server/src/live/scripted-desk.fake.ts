import type { AgentEvent, AgentMemory, CallAgent, Heard, Speech } from '@earshot/conversation';
import type { AgentCall, Desk } from './desk.ts';
import { messageTool } from './message-tool.ts';

const GREETING = 'Hello there.';

/**
 * An agent without engines: greets, which holds all that has to be told, understands "SECRET WORDS" after ten frames, takes a message on
 * key 1, calls a tool that it made up on key 2, says goodbye on key 9, breaks on key 0.
 */
export class ScriptedAgent implements CallAgent {
  readonly call: AgentCall;
  readonly #queue: AgentEvent[] = [];
  readonly #turns: AgentMemory['turns'][number][];
  /** By reply, the lines that somebody wanted to be said and that were not heard yet. */
  readonly #toSay = new Map<number, string>();
  #wake = Promise.withResolvers<void>();
  #noticeHeard: boolean;
  #frames = 0;
  #replies = 0;
  closed = false;

  constructor(call: AgentCall) {
    this.call = call;
    this.#noticeHeard = call.earlier?.noticeHeard ?? false;
    this.#turns = [...(call.earlier?.turns ?? [])];
    this.#reply(call.earlier ? 'I am back.' : (call.plan.greeting ?? GREETING));
  }

  hear(): void {
    this.#frames += 1;
    if (this.#frames !== 10) return;
    const words = { type: 'words', text: 'SECRET WORDS', startMs: 0, endMs: 200 } as const;
    this.#emit({ ...words, final: false });
    this.#emit({ ...words, final: true, confidence: 0.8 });
    this.#turns.push({ speaker: 'caller', text: words.text });
  }

  press(digit: string): void {
    if (digit === '0') this.#emit({ type: 'lost', reason: 'script' });
    if (digit === '1') void this.#takeMessage();
    if (digit === '2') this.#inventTool();
    if (digit === '8') this.#emit({ type: 'farewell', timeIsUp: true });
    if (digit !== '9') return;
    this.#reply('Goodbye.');
    this.#emit({ type: 'farewell' });
  }

  heard({ replyId, text, ended }: Heard): void {
    if (ended) this.#toSay.delete(replyId);
    if (text !== '' && replyId === 1 && this.call.plan.record && !this.#noticeHeard) {
      this.#noticeHeard = true;
      this.#emit({ type: 'notice-heard' });
    }
    if (ended && text !== '') this.#turns.push({ speaker: 'agent', text, interrupted: false });
  }

  get memory(): AgentMemory {
    const toSay = [...this.#toSay.values()];
    const kept = { turns: [...this.#turns], toSay, saying: '', noticeHeard: this.#noticeHeard };
    return { ...kept, memory: null, expectation: { topic: 'anything' }, elapsedMs: 0 };
  }

  async *events(signal: AbortSignal): AsyncGenerator<AgentEvent> {
    const aborted = () => this.#wake.resolve();
    signal.addEventListener('abort', aborted);
    while (!signal.aborted) {
      const event = this.#queue.shift();
      if (event) yield event;
      else await this.#wake.promise;
    }
    signal.removeEventListener('abort', aborted);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.closed = true;
  }

  say(text: string): boolean {
    this.#reply(text);
    this.#toSay.set(this.#replies, text);
    return true;
  }

  #reply(text: string): void {
    this.#replies += 1;
    this.#emit({ type: 'reply', id: this.#replies, speech: speech(text) });
  }

  async #takeMessage(): Promise<void> {
    const args = { name: 'SECRET NAME', number: '+15550199', message: 'SECRET MESSAGE' };
    const call = { id: '1', name: 'take_message', arguments: args };
    const tool = messageTool((message) => this.call.keep(message), this.call.plan);
    const result = await tool.run(args, new AbortController().signal);
    this.#emit({ type: 'tool-called', call, result });
  }

  #inventTool(): void {
    const call = { id: '2', name: 'call_SECRET_NAME_15550199', arguments: {} };
    this.#emit({ type: 'tool-called', call, result: { error: 'There is no such tool' } });
  }

  #emit(event: AgentEvent): void {
    this.#queue.push(event);
    this.#wake.resolve();
    this.#wake = Promise.withResolvers();
  }
}

async function* speech(text: string): AsyncGenerator<Speech> {
  const samples = new Int16Array(1600).fill(4000);
  yield { frame: { samples, sampleRate: 8000 }, text };
}

/** Answers every call with a `ScriptedAgent`, and remembers them, and whether it was closed. */
export class ScriptedDesk implements Desk {
  readonly toolNames = ['take_message'];
  readonly model = 'script';
  readonly systemRoom = 20_000;
  readonly agents: ScriptedAgent[] = [];
  closed = false;

  answer(call: AgentCall): CallAgent {
    const agent = new ScriptedAgent(call);
    this.agents.push(agent);
    return agent;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.closed = true;
  }
}
