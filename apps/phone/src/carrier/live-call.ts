import type { Caller, CallerNote, CallerTick } from '../caller/caller.ts';
import { AgentSound } from './agent-sound.ts';
import type { CallEvent, CallObserver, CallOutcome } from './call-observer.ts';
import { Findings } from './findings.ts';
import { type Clock, FRAME_MS, FRAME_SAMPLES } from './frame-clock.ts';
import type { CallControl, Instructions } from './instructions.ts';

/** What the caller is connected to at the moment: a media stream, or words of the carrier's own. */
export interface Side {
  /** 20 ms are over: whatever was pulled has sounded, and this is what the caller said meanwhile. */
  frameOver(said: CallerTick | null): void;
  /** The 160 samples that sound in the 20 ms that begin now. */
  pull(): Int16Array;
  press(digit: string): void;
}

/**
 * One answered call: every 20 ms it lets the ear hear what the other side plays and takes what the
 * caller says. A caller's frame leaves for the other side when it is complete, 20 ms after it began.
 */
export class LiveCall implements CallControl, Disposable {
  readonly findings: Findings;
  readonly #caller: Caller;
  readonly #observer: CallObserver;
  readonly #clock: Clock;
  readonly #maxDurationMs: number;
  readonly #ended = new AbortController();
  #interrupting = new AbortController();
  #instructions: Instructions | null = null;
  readonly #sound = new AgentSound();
  #ticking: Disposable | null = null;
  #answered = false;
  /** When the first frame began. */
  #beganAt: number | null = null;
  #frames = 0;
  #side: Side | null = null;
  #said: CallerTick | null = null;
  #outcome: CallOutcome | null = null;
  #failure: { readonly cause: unknown } | null = null;

  constructor(caller: Caller, observer: CallObserver, clock: Clock, maxDurationMs: number) {
    this.#caller = caller;
    this.#observer = observer;
    this.#clock = clock;
    this.#maxDurationMs = maxDurationMs;
    this.findings = new Findings(observer, () => this.nowMs);
  }

  /** Aborted when the call is over. */
  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  /** Aborted when the call is over, or when new instructions replace those that are being followed. */
  get interrupted(): AbortSignal {
    return this.#interrupting.signal;
  }

  /** Stands still once the call is over. */
  get nowMs(): number {
    if (this.ended.aborted) return this.durationMs;
    return this.#beganAt === null ? 0 : this.#clock.now() - this.#beganAt;
  }

  /** The length of the call in whole frames. */
  get durationMs(): number {
    return this.#frames * FRAME_MS;
  }

  get answered(): boolean {
    return this.#answered;
  }

  answer(callSid: string): void {
    if (this.#answered || this.#ended.signal.aborted) return;
    this.#answered = true;
    this.#ticking = this.#clock.join(() => this.#tick());
    this.observe({ type: 'answered', atMs: 0, callSid });
  }

  observe(event: CallEvent): void {
    this.#observer.observe(event);
  }

  note(event: CallerNote): void {
    this.#caller.note?.(event);
  }

  /** Connects the caller to `side` until the result is disposed. */
  connect(side: Side): Disposable {
    this.#side = side;
    this.#said = null;
    return {
      [Symbol.dispose]: () => {
        if (this.#side === side) this.#side = null;
      },
    };
  }

  redirect(instructions: Instructions): void {
    if (this.ended.aborted) return;
    this.#instructions = instructions;
    this.#interrupting.abort();
  }

  hangUp(): void {
    this.end({ reason: 'agent-hung-up', detail: 'hung up by REST' });
  }

  /** The new instructions, once; what follows them is not interrupted any more. */
  takeInstructions(): Instructions | null {
    const instructions = this.#instructions;
    if (!instructions || this.ended.aborted) return null;
    this.#instructions = null;
    this.#interrupting = new AbortController();
    return instructions;
  }

  /** The first end counts. */
  end(outcome: CallOutcome): void {
    if (this.#outcome) return;
    this.#outcome = outcome;
    this.#ticking?.[Symbol.dispose]();
    this.#ended.abort();
    this.#interrupting.abort();
  }

  /** Tells the end, after everything else of the call. */
  close(): CallOutcome {
    const outcome = this.outcome();
    const quiet = this.#sound.end();
    if (quiet) this.observe(quiet);
    const atMs = this.durationMs;
    this.observe({ type: 'call-ended', atMs, outcome });
    this.note({ type: 'call-ended', atMs });
    return outcome;
  }

  /** How the call ended. Throws what the caller or the observer threw. */
  outcome(): CallOutcome {
    if (this.#failure) throw this.#failure.cause;
    return this.#outcome ?? { reason: 'aborted', detail: 'the call was not finished' };
  }

  [Symbol.dispose](): void {
    this.end({ reason: 'aborted', detail: 'the call was given up' });
  }

  #tick(): void {
    try {
      this.#advance();
    } catch (cause) {
      this.#failure ??= { cause };
      this.end({ reason: 'aborted', detail: 'the caller failed' });
    }
  }

  #advance(): void {
    this.#beganAt ??= this.#clock.now();
    const atMs = this.durationMs;
    this.#side?.frameOver(this.#said);
    const agent = this.#side?.pull() ?? new Int16Array(FRAME_SAMPLES);
    const said = this.#caller.tick(agent, atMs);
    this.#said = said;
    this.#frames += 1;
    const caller = said.samples ?? new Int16Array(FRAME_SAMPLES);
    this.observe({ type: 'frame', atMs, caller, agent });
    const change = this.#sound.heard(agent, atMs);
    if (change) this.observe(change);
    if (said.digit !== undefined) {
      this.observe({ type: 'digit', atMs, digit: said.digit });
      this.#side?.press(said.digit);
    }
    if (said.hangUp) this.end({ reason: 'caller-hung-up', detail: '' });
    else if (this.durationMs >= this.#maxDurationMs) {
      this.end({ reason: 'time-limit', detail: `after ${this.#maxDurationMs / 1000} s` });
    }
  }
}
