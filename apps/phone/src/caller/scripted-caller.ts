import type { Finding } from '../carrier/call-observer.ts';
import type { Caller, CallerTick } from './caller.ts';
import { Ear } from './ear.ts';
import { Mouth } from './mouth.ts';
import { Network } from './network.ts';
import type { Move, Script } from './script.ts';
import type { SpokenTurn } from './spoken.ts';

/** Sound of the agent that counts as an answer; less is the rest of what it was saying before. */
const ANSWER_MS = 300;
/** The agent is through: a murmur or a barge-in comes too late. */
const THROUGH_QUIET_MS = 1_500;
const SAY_OVER_LIMIT_MS = 20_000;
const KEY_GAP_MS = 200;
const FRAME_MS = 20;

/** Plays a script against whatever it hears: a pure machine in steps of 20 ms. */
export class ScriptedCaller implements Caller {
  readonly #script: Script;
  readonly #network: Network | null;
  readonly #ear = new Ear();
  readonly #mouth = new Mouth();
  readonly #findings: Finding[] = [];
  #position = 0;
  #inMoveMs = 0;
  #pressed = 0;
  #vanished = false;
  #hungUp = false;

  constructor(script: Script) {
    this.#script = script;
    this.#network = script.network ? new Network(script.network) : null;
  }

  /** What was said so far, and what is being said now. */
  get spoken(): readonly SpokenTurn[] {
    return this.#mouth.spoken;
  }

  /** Where the agent did not let the caller do as the script wants. */
  get findings(): readonly Finding[] {
    return this.#findings;
  }

  tick(heard: Int16Array, atMs: number): CallerTick {
    this.#ear.hear(heard, atMs);
    if (atMs >= this.#script.limitMs && !this.#hungUp) {
      this.#find(
        atMs,
        'time-limit',
        `the call was not over after ${this.#script.limitMs / 1000} s`,
        'error',
      );
      this.#hungUp = true;
    }
    const digit = this.#move(atMs);
    const voice = this.#mouth.next(atMs);
    // Only what follows the caller's turn answers it; what follows a murmur still answers the turn before.
    if (voice && !this.#mouth.speaking && this.#mouth.kind === 'turn') this.#ear.forget();
    const network = this.#vanished ? 'half-open' : this.#network?.next();
    return {
      samples: mixed(voice, this.#script.background?.next()),
      ...(digit !== null && { digit }),
      ...(this.#hungUp && { hangUp: true }),
      ...(network !== undefined && { network }),
    };
  }

  /** Makes as many moves as this frame allows and returns the key pressed, if any. */
  #move(atMs: number): string | null {
    for (;;) {
      const move = this.#script.moves[this.#position];
      if (!move || this.#hungUp || this.#mouth.speaking) return null;
      if (move.type === 'press') return this.#press(move.digits);
      if (!this.#make(move, atMs)) {
        this.#inMoveMs += FRAME_MS;
        return null;
      }
      this.#position += 1;
      this.#inMoveMs = 0;
    }
  }

  /** Whether the move is made. */
  #make(move: Exclude<Move, { type: 'press' }>, atMs: number): boolean {
    switch (move.type) {
      case 'delay':
        return this.#inMoveMs >= move.ms;
      case 'wait':
        return this.#wait(move.wait, atMs);
      case 'say':
        this.#mouth.say(move.line);
        return true;
      case 'say-over':
        return this.#sayOver(move, atMs);
      case 'vanish':
        this.#vanished = true;
        return true;
      case 'hang-up':
        this.#hungUp = true;
        return true;
    }
  }

  #wait(wait: Extract<Move, { type: 'wait' }>['wait'], atMs: number): boolean {
    const begun = this.#ear.heardMs >= ANSWER_MS;
    const met = wait.for === 'agent-begins' ? begun : begun && this.#ear.quietMs >= wait.quietMs;
    if (met) return true;
    if (this.#inMoveMs < wait.limitMs) return false;
    const what = begun ? 'did not stop speaking' : 'said nothing';
    this.#find(atMs, 'waited-in-vain', `the agent ${what} for ${wait.limitMs / 1000} s`);
    return true;
  }

  #sayOver(move: Extract<Move, { type: 'say-over' }>, atMs: number): boolean {
    if (this.#ear.speakingMs >= Math.max(FRAME_MS, move.afterMs)) {
      this.#mouth.say(move.line);
      return true;
    }
    const through = this.#ear.heardMs >= ANSWER_MS && this.#ear.quietMs >= THROUGH_QUIET_MS;
    if (!through && this.#inMoveMs < SAY_OVER_LIMIT_MS) return false;
    return this.#tooLate(move, atMs);
  }

  // A barge-in is then said as a turn, so that the call goes on; a murmur into silence would be an answer.
  #tooLate(move: Extract<Move, { type: 'say-over' }>, atMs: number): boolean {
    const what = move.line.kind === 'turn' ? 'barge in' : 'murmur';
    const text = `no chance to ${what}: the agent did not speak for ${move.afterMs} ms on end`;
    this.#find(atMs, 'nothing-to-speak-over', text);
    if (move.line.kind === 'turn') this.#mouth.say(move.line);
    return true;
  }

  #press(digits: string): string | null {
    const due = this.#inMoveMs % KEY_GAP_MS === 0;
    const digit = due ? (digits[this.#pressed++] ?? null) : null;
    this.#inMoveMs += FRAME_MS;
    if (this.#pressed < digits.length) return digit;
    this.#ear.forget();
    this.#pressed = 0;
    this.#inMoveMs = 0;
    this.#position += 1;
    return digit;
  }

  #find(atMs: number, code: string, text: string, level: Finding['level'] = 'warning'): void {
    this.#findings.push({ code, level, text, atMs });
  }
}

function mixed(voice: Int16Array | null, background: Float32Array | undefined): Int16Array | null {
  if (!background) return voice;
  return Int16Array.from(background, (sound, i) =>
    Math.max(-32_768, Math.min(32_767, Math.round(sound + (voice?.[i] ?? 0)))),
  );
}
