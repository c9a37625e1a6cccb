import type { AudioFrame } from '@earshot/audio';
import type { LineFault } from './line-fault.ts';
import { clearMessage, markMessage, mediaMessage } from './media-message.ts';
import { PERIOD_MS } from './pacing-clock.ts';
import { PlayoutMarks } from './playout-marks.ts';
import { CODES_PER_MS, SpeechBuffer } from './speech-buffer.ts';
import { Waiting } from './waiting.ts';

/**
 * With less than this in the caller's buffer, speech goes out as it comes: the first sound of a
 * reply does not wait for the clock. It is more than one period, so that the clock's next turn comes
 * before the buffer runs dry.
 */
const DRY_MS = 100;

/**
 * A frame that comes so long after the one before is an agent's that speaks in real time, and goes
 * out at once with all that waits. Frames that a pause of the host held up come together; the
 * caller's buffer holds them for the rest of the run, and by the clock all that follow would be late.
 * Half of a frame's 20 ms; in bulk, frames come in a fraction of that, or wait until nothing more may
 * be sent.
 */
const STEADY_MS = 10;

/**
 * Speech that goes out frame for frame is marked this often. Between marks the heard position goes on
 * by the clock; one that came back for each frame would be a third of all that is read.
 */
const MARK_MS = 2 * PERIOD_MS;

/** Sums of sample times differ in their last digits. */
const ROUNDING_MS = 1;

export interface SpeechSenderOptions {
  readonly streamSid: string;
  /** Most speech sent and not yet heard. */
  readonly sendAheadMs: number;
  /** Most speech that waits here before `play` makes its producer wait. */
  readonly queueMs: number;
  readonly now: () => number;
  /** Writes messages, several as one. */
  readonly send: (messages: readonly string[]) => void;
  /** The socket takes no more for now. */
  readonly isFull: () => boolean;
  readonly report: (fault: LineFault) => void;
}

/** The agent's half of a line: speech in, paced messages out, and the account of what was heard. */
export class SpeechSender {
  readonly #options: SpeechSenderOptions;
  readonly #buffer = new SpeechBuffer();
  readonly #marks = new PlayoutMarks();
  readonly #waiting = new Waiting();
  #playedAtMs = 0;

  constructor(options: SpeechSenderOptions) {
    this.#options = options;
  }

  get heardMs(): number {
    return this.#marks.heardMs;
  }

  play(frame: AudioFrame, signal: AbortSignal): Promise<void> {
    if (signal.aborted || this.#waiting.ended) this.#buffer.skip(frame);
    else this.#buffer.play(frame);
    const nowMs = this.#options.now();
    this.#send(nowMs, DRY_MS, this.#isSteady(nowMs) ? this.#options.sendAheadMs : 0, 0);
    this.#playedAtMs = nowMs;
    return this.#waiting.until(() => this.#buffer.pendingMs <= this.#options.queueMs, signal);
  }

  flush(): void {
    this.#buffer.endRun();
    this.#send(this.#options.now(), DRY_MS);
  }

  async drain(signal: AbortSignal): Promise<void> {
    this.flush();
    await this.#waiting.until(() => this.#buffer.isEmpty && this.#marks.settled, signal);
  }

  clear(): number {
    const { now, send, streamSid } = this.#options;
    this.#buffer.drop();
    const heardMs = this.#marks.clear(this.#buffer.playedMs, now());
    send([clearMessage(streamSid)]);
    this.#waiting.check();
    return heardMs;
  }

  /** A mark came back; tells whether the caller has heard more than before. */
  returned(name: string): boolean {
    const before = this.#marks.heardMs;
    const result = this.#marks.returned(name, this.#options.now());
    if (result === 'unknown') this.#options.report('unknown-mark');
    this.#waiting.check();
    return this.#marks.heardMs > before;
  }

  /**
   * The clock's turn; tells whether speech counts as heard that no mark has proven. `aliveMs` is for
   * how long messages have come without a gap, up to now.
   */
  tick(nowMs: number, aliveMs: number): boolean {
    this.#send(nowMs, DRY_MS + PERIOD_MS, this.#options.sendAheadMs);
    const gaveUp = this.#marks.giveUpMarks(nowMs, aliveMs);
    if (gaveUp) this.#options.report('marks-missing');
    this.#waiting.check();
    return gaveUp;
  }

  /** The line is gone: nobody waits any longer. */
  end(): void {
    this.#buffer.drop();
    this.#waiting.end();
  }

  /**
   * Sends at once what keeps the caller's buffer above `dryMs`, and beyond that up to `aheadMs` in
   * messages of at least `leastMs`.
   */
  #send(nowMs: number, dryMs: number, aheadMs = 0, leastMs = PERIOD_MS): void {
    if (this.#options.isFull()) return;
    const messages: string[] = [];
    while (this.#isDue(nowMs, dryMs, aheadMs, leastMs)) this.#next(nowMs, messages);
    if (this.#buffer.isEmpty) this.#finish(nowMs, messages);
    if (messages.length > 0) this.#options.send(messages);
  }

  /** A run that begins, or begins anew, tells nothing of its pace yet. */
  #isSteady(nowMs: number): boolean {
    return this.#marks.bufferedMs(nowMs) > 0 && nowMs - this.#playedAtMs >= STEADY_MS;
  }

  #isDue(nowMs: number, dryMs: number, aheadMs: number, leastMs: number): boolean {
    const pendingMs = Math.min(this.#buffer.pendingMs, PERIOD_MS);
    if (pendingMs === 0) return false;
    if (this.#marks.bufferedMs(nowMs) < dryMs) return true;
    const whole = pendingMs >= leastMs || !this.#buffer.isRunning;
    // By the clock, too: a peer that returns its marks at once would be sent a whole reply at once.
    const unheardMs = Math.max(this.#marks.aheadMs(nowMs), this.#marks.bufferedMs(nowMs));
    return whole && unheardMs + pendingMs <= aheadMs;
  }

  #next(nowMs: number, messages: string[]): void {
    const piece = this.#buffer.take(PERIOD_MS * CODES_PER_MS);
    if (!piece) return;
    this.#marks.sent(piece.endMs, piece.codes.length / CODES_PER_MS, nowMs);
    messages.push(mediaMessage(this.#options.streamSid, piece.codes));
    const everyMs = piece.codes.length < PERIOD_MS * CODES_PER_MS ? MARK_MS : PERIOD_MS;
    if (this.#marks.unmarkedMs >= everyMs - ROUNDING_MS) this.#mark(messages);
  }

  /** All that can be sent is: marks the end of a run, and of speech that has paused. */
  #finish(nowMs: number, messages: string[]): void {
    const { endedMs, isRunning } = this.#buffer;
    if (!isRunning && endedMs > this.#marks.sentMs) this.#marks.sent(endedMs, 0, nowMs);
    const paused = !isRunning || this.#marks.dryForMs(nowMs) > PERIOD_MS;
    if (paused && this.#marks.unmarkedMs > 0) this.#mark(messages);
  }

  #mark(messages: string[]): void {
    messages.push(markMessage(this.#options.streamSid, this.#marks.mark()));
  }
}
