/** A line that has heard no mark for so long after its speech should be over is not told any. */
const MARK_GRACE_MS = 5_000;

/**
 * What was sent to the caller's ear and what has arrived there, on the playout clock. Marks are the
 * only proof; between them time passes, so the position now is estimated and bounded by what was sent.
 * Every clear begins a new generation: Twilio returns the marks of cleared speech too, and those
 * prove nothing.
 */
export class PlayoutMarks {
  #generation = 0;
  #serial = 0;
  #open: { readonly name: string; readonly positionMs: number }[] = [];
  #sentMs = 0;
  #markedMs = 0;
  #heardMs = 0;
  /** When the caller's buffer runs dry, if messages take no time. */
  #dryAtMs = 0;
  /** A position and when it was heard, from which time has gone on. Null while nothing is under way. */
  #anchor: { readonly positionMs: number; readonly atMs: number } | null = null;

  get heardMs(): number {
    return this.#heardMs;
  }

  get sentMs(): number {
    return this.#sentMs;
  }

  /** Everything sent was marked, and every mark came back. */
  get settled(): boolean {
    return this.#open.length === 0 && this.#markedMs === this.#sentMs;
  }

  /** Speech sent since the newest mark. */
  get unmarkedMs(): number {
    return this.#sentMs - this.#markedMs;
  }

  /** Speech that goes out now, ends at `endMs` of the playout clock and sounds for `durationMs`. */
  sent(endMs: number, durationMs: number, nowMs: number): void {
    if (this.estimate(nowMs) >= this.#sentMs)
      this.#anchor = { positionMs: Math.max(this.#sentMs, endMs - durationMs), atMs: nowMs };
    this.#dryAtMs = Math.max(this.#dryAtMs, nowMs) + durationMs;
    this.#sentMs = Math.max(this.#sentMs, endMs);
  }

  /** Names a mark for everything sent so far. */
  mark(): string {
    this.#serial += 1;
    const name = `${this.#generation}-${this.#serial}`;
    this.#markedMs = this.#sentMs;
    this.#open.push({ name, positionMs: this.#sentMs });
    return name;
  }

  /** A mark came back. Also stands for all before it. */
  returned(name: string, nowMs: number): 'heard' | 'cleared' | 'unknown' {
    const at = this.#open.findIndex((mark) => mark.name === name);
    if (at === -1) return this.#wasCleared(name) ? 'cleared' : 'unknown';
    const [mark] = this.#open.splice(0, at + 1).slice(-1);
    const positionMs = Math.max(this.#heardMs, mark?.positionMs ?? 0);
    this.#heardMs = positionMs;
    this.#anchor = { positionMs, atMs: nowMs };
    return 'heard';
  }

  #wasCleared(name: string): boolean {
    const [, generation] = /^(\d{1,9})-\d{1,9}$/.exec(name) ?? [];
    return generation !== undefined && Number(generation) < this.#generation;
  }

  /** Where the caller's ear is by now: proven by marks, carried on by time, never beyond what was sent. */
  estimate(nowMs: number): number {
    if (!this.#anchor) return this.#sentMs;
    const { positionMs, atMs } = this.#anchor;
    return Math.max(this.#heardMs, Math.min(this.#sentMs, positionMs + nowMs - atMs));
  }

  /** Speech sent and not heard yet, as far as marks tell. */
  aheadMs(nowMs: number): number {
    return this.#sentMs - this.estimate(nowMs);
  }

  /** Speech in the caller's buffer, if messages take no time. Marks are late by the way back. */
  bufferedMs(nowMs: number): number {
    return Math.max(0, this.#dryAtMs - nowMs);
  }

  /** For how long there has been none. */
  dryForMs(nowMs: number): number {
    return Math.max(0, nowMs - this.#dryAtMs);
  }

  /** The caller's buffer is emptied. Sending goes on at `playedMs`; tells where the ear was. */
  clear(playedMs: number, nowMs: number): number {
    const heardMs = this.#anchor ? this.estimate(nowMs) : this.#heardMs;
    this.#generation += 1;
    this.#open = [];
    this.#heardMs = heardMs;
    this.#sentMs = playedMs;
    this.#markedMs = playedMs;
    this.#dryAtMs = 0;
    this.#anchor = null;
    return heardMs;
  }

  /**
   * True once, when marks stay away although all speech must long be over: it counts as heard then.
   * Only marks are missing, and not the network, when the peer has been alive all the while.
   */
  giveUpMarks(nowMs: number, aliveMs: number): boolean {
    if (this.#open.length === 0 || aliveMs < MARK_GRACE_MS) return false;
    if (nowMs < this.#dryAtMs + MARK_GRACE_MS) return false;
    this.#open = [];
    this.#heardMs = this.#sentMs;
    return true;
  }
}
