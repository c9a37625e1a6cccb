import type { AgentMemory } from './agent-memory.ts';
import type { Floor } from './floor-state.ts';
import type { Lines } from './lines.ts';
import type { Speaking } from './speaking.ts';
import { FAREWELL } from './spoken.ts';

/** Words that take longer than this are announced by a filler. */
const FILLER_MS = 1200;
/** Dead air: callers take the line for dead. */
const HOLDING_MS = 3000;
/** The language model is given up, and the next one answers. */
const GIVE_UP_MS = 5500;
/** A caller who says nothing for so long is asked whether they are there. */
const IDLE_MS = 8000;
/** How long before its end the call's limit is announced; half as long before it, that is no longer true. */
const WARNING_MS = 30_000;
const TIME_IS_UP = { ...FAREWELL, timeIsUp: true } as const;
const MAX_DURATION_MS = 1_800_000;
/** Lines that wait to be said. */
const MOST_WAITING = 20;

/** Watches over silence and time, and speaks up. One set of guards a call. */
export class Guards {
  readonly #lines: Lines;
  readonly #speaking: Speaking;
  readonly #maxDurationMs: number;
  readonly #toSay: string[];
  /** The newest of them to be spoken. */
  #announced: string | null = null;
  #clockMs: number;
  #silentMs = 0;
  /** Since anybody said anything. */
  #quietMs = 0;
  #idlePrompts = 0;
  #warned: boolean;
  #over = false;

  constructor(
    lines: Lines,
    speaking: Speaking,
    maxDurationMs: number | undefined,
    earlier: Pick<AgentMemory, 'elapsedMs' | 'toSay'> | null,
  ) {
    this.#lines = lines;
    this.#speaking = speaking;
    this.#maxDurationMs = maxDurationMs ?? MAX_DURATION_MS;
    this.#clockMs = earlier?.elapsedMs ?? 0;
    this.#warned = this.#maxDurationMs < 2 * WARNING_MS || this.#leftMs < WARNING_MS;
    this.#toSay = [...(earlier?.toSay ?? [])];
  }

  /** A line to be said once nobody else speaks. False when too many wait. */
  announce(line: string): boolean {
    if (this.#over || this.#toSay.length >= MOST_WAITING) return false;
    this.#toSay.push(line);
    return true;
  }

  /** The caller begins to speak: what was to be said and cannot be heard yet waits again. */
  callerSpeaks(): void {
    const line = this.#announced;
    this.#announced = null;
    if (line !== null && this.#speaking.withdraw()) this.#toSay.unshift(line);
  }

  /** The caller has said or keyed something: whoever only coughs may have left the phone. */
  callerAnswered(): void {
    this.#idlePrompts = 0;
  }

  /** It takes a moment to know what the caller has said, who has waited already. */
  askPatience(): void {
    this.#silentMs = FILLER_MS;
    this.#speaking.fill(this.#lines.filler);
  }

  /** What they have waited is not the language model's fault. */
  wordsCame(): void {
    this.#silentMs = Math.min(this.#silentMs, FILLER_MS);
  }

  /** What whoever goes on with the call needs to know: a line that is being said was not heard yet. */
  get kept(): Pick<AgentMemory, 'elapsedMs' | 'toSay' | 'saying'> {
    const { busy, saying } = this.#speaking;
    const announced = busy && this.#announced !== null ? [this.#announced] : [];
    return {
      elapsedMs: this.#clockMs,
      toSay: [...announced, ...this.#toSay],
      saying: announced.length > 0 ? '' : saying,
    };
  }

  /** Time passes. */
  pass(ms: number, floor: Floor): void {
    this.#clockMs += ms;
    if (this.#over) return;
    if (this.#clockMs >= this.#maxDurationMs) {
      this.#over = true;
      this.#speaking.say(this.#lines.timeIsUp, TIME_IS_UP);
      return;
    }
    this.#watchSilence(ms, floor);
    if (floor.at === 'caller' || floor.at === 'keys') this.#announced = null;
    if (floor.at === 'open' && !this.#speaking.busy) this.#speakUp(ms);
    else if (floor.at !== 'caller') this.#quietMs = 0;
  }

  /** The longest duration is reached: the goodbye is being said. */
  get over(): boolean {
    return this.#over;
  }

  get #leftMs(): number {
    return this.#maxDurationMs - this.#clockMs;
  }

  /** Adds up the silence within one reply; what fills it does not start the count again. */
  #watchSilence(ms: number, floor: Floor): void {
    if (floor.at !== 'owed' && floor.at !== 'agent') this.#silentMs = 0;
    else if (this.#speaking.silent) {
      const before = this.#silentMs;
      this.#silentMs += ms;
      const passes = (limitMs: number) => before < limitMs && this.#silentMs >= limitMs;
      if (passes(FILLER_MS)) this.#speaking.fill(this.#lines.filler);
      if (passes(HOLDING_MS)) this.#speaking.fill(this.#lines.holding);
      if (passes(GIVE_UP_MS) || passes(GIVE_UP_MS * 2)) this.#speaking.giveUp();
    }
  }

  #speakUp(ms: number): void {
    this.#quietMs += ms;
    this.#announced = this.#toSay.shift() ?? null;
    if (this.#announced === null) this.#watchCaller();
    else this.#speaking.say(this.#announced);
  }

  #watchCaller(): void {
    if (!this.#warned && this.#leftMs <= WARNING_MS) {
      this.#warned = true;
      if (this.#leftMs > WARNING_MS / 2) this.#speaking.say(this.#lines.timeIsShort);
    } else if (this.#quietMs >= IDLE_MS) {
      const line = this.#lines.idle[this.#idlePrompts] ?? this.#lines.idle[2];
      this.#speaking.say(line, this.#idlePrompts >= 2 ? FAREWELL : null);
      this.#idlePrompts++;
    }
  }
}
