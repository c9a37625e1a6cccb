import type { AnsweredBy } from '../call.ts';
import { CallError } from '../call-error.ts';
import type { Carrier, CarrierCall, CarrierStatus, DialOrder, PhoneLeg } from '../carrier.ts';
import type { Clock } from '../embedded/clock.ts';
import { isTerminal } from '../progress.ts';
import type { CallReport } from '../report.ts';

/** What happens at the other end of a call of ours. */
export interface Callee {
  /** It rings so long, or until the carrier gives up. */
  readonly ringsMs: number;
  readonly does: 'answers' | 'busy' | 'fails';
  readonly answeredBy: AnsweredBy;
  /** Whoever answered hangs up after so long; null: never. */
  readonly talksMs: number | null;
}

/** What the carrier does with a dial. */
export type DialManners =
  | { readonly type: 'takes' }
  | { readonly type: 'refuses'; readonly carrierCode: number }
  | { readonly type: 'is-down' }
  /** It dials, and its answer is lost; found after so long, null: not while it rings. */
  | { readonly type: 'loses-answer'; readonly foundAfterMs: number | null }
  /** It does not dial, and its answer is lost. */
  | { readonly type: 'loses-request' };

/** After how long each copy of the callback with this serial number arrives; none: it is lost. */
export type CallbackManners = (serial: number) => readonly number[];

export interface SimulatedCall extends CarrierCall {
  /** Ours. */
  readonly callId: string;
  readonly status: CarrierStatus;
  /** Ended by our request. */
  readonly endedByUs: boolean;
  /** Callbacks told so far. */
  readonly told: number;
  readonly foundAtMs: number;
}

/** Who holds the audio of the carrier's calls. */
export interface AudioHolder {
  answered(callId: string): void;
  ended(callId: string): void;
  /** Nobody answered where the call was transferred to. */
  returned(callId: string): void;
}

const LATENCY_MS = 1;

/** A carrier with callees, good manners and bad, on any clock. */
export class SimulatedCarrier implements Carrier {
  callee: Callee = { ringsMs: 0, does: 'answers', answeredBy: 'human', talksMs: null };
  dialManners: DialManners = { type: 'takes' };
  callbackManners: CallbackManners = () => [0];
  /** Whoever a call is transferred to talks so long; null: does not answer. */
  transferTalksMs: number | null = 0;
  /** Nothing can be asked of it. */
  isDown = false;
  dials = 0;
  readonly #clock: Clock;
  readonly #refused = new Map<string, DialManners>();
  readonly #calls = new Map<string, SimulatedCall>();
  #report: (callId: string, report: CallReport) => void = () => {};
  #audio: AudioHolder | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Where its callbacks go, and who is told of audio. */
  connect(report: (callId: string, report: CallReport) => void, audio: AudioHolder): void {
    this.#report = report;
    this.#audio = audio;
  }

  get calls(): readonly SimulatedCall[] {
    return [...this.#calls.values()];
  }

  /** Calls that ring or live. */
  get live(): readonly SimulatedCall[] {
    return this.calls.filter(({ status }) => !isTerminal(status));
  }

  /** It takes no calls to this number. */
  refuses(to: string, carrierCode: number): void {
    this.#refused.set(to, { type: 'refuses', carrierCode });
  }

  /** Somebody calls us; `talksMs` as of callees. */
  arrive(callId: string, carrierCallId: string, talksMs: number | null): void {
    this.#add(callId, carrierCallId, 0);
    this.#move(carrierCallId, 'in-progress');
    this.#later(talksMs, () => this.#move(carrierCallId, 'completed'));
  }

  async dial(order: DialOrder): Promise<string> {
    this.dials++;
    await this.#answer();
    const manners = this.#refused.get(order.to) ?? this.dialManners;
    switch (manners.type) {
      case 'refuses':
        throw new CallError(
          'carrier-refused',
          `The carrier refuses: ${manners.carrierCode}`,
          manners,
        );
      case 'is-down':
        throw new CallError('carrier-unavailable', 'The carrier does not answer');
      case 'loses-request':
        throw new CallError('carrier-ambiguous', 'The carrier did not answer');
      case 'loses-answer':
        this.#place(order, manners.foundAfterMs ?? Number.POSITIVE_INFINITY);
        throw new CallError('carrier-ambiguous', 'The carrier did not answer');
      case 'takes':
        return this.#place(order, 0);
    }
  }

  async find({ callId }: DialOrder, sinceMs: number): Promise<CarrierCall | null> {
    await this.#answer();
    const nowMs = this.#clock.now();
    const isIt = (call: SimulatedCall) =>
      call.callId === callId && call.foundAtMs <= nowMs && (call.startedAtMs ?? nowMs) >= sinceMs;
    return this.calls.find(isIt) ?? null;
  }

  async lookUp(carrierCallId: string): Promise<CarrierCall | null> {
    await this.#answer();
    return this.#calls.get(carrierCallId) ?? null;
  }

  async hangUp(carrierCallId: string): Promise<void> {
    await this.#answer();
    const call = this.#calls.get(carrierCallId);
    if (!call || isTerminal(call.status)) return;
    this.#change(call, { endedByUs: true });
    this.#move(carrierCallId, call.status === 'in-progress' ? 'completed' : 'canceled');
  }

  async transfer(leg: PhoneLeg): Promise<void> {
    await this.#answer();
    this.#checkLive(leg);
    const { transferTalksMs } = this;
    if (transferTalksMs !== null)
      this.#later(transferTalksMs, () => this.#move(leg.carrierCallId, 'completed'));
    else this.#later(LATENCY_MS * 5, () => this.#return(leg));
  }

  async sendDigits(leg: PhoneLeg): Promise<void> {
    await this.#answer();
    this.#checkLive(leg);
  }

  #checkLive({ carrierCallId }: PhoneLeg): void {
    const call = this.#calls.get(carrierCallId);
    if (!call || isTerminal(call.status)) throw new CallError('call-over', 'The call is over');
    if (call.status === 'in-progress') return;
    throw new CallError('call-not-answered', 'The call has not been answered');
  }

  #place(order: DialOrder, foundAfterMs: number): string {
    const carrierCallId = `CA-${order.callId}-${this.dials}`;
    const { ringsMs, does, answeredBy, talksMs } = this.callee;
    this.#add(order.callId, carrierCallId, foundAfterMs);
    this.#move(carrierCallId, 'initiated');
    this.#move(carrierCallId, 'ringing');
    this.#later(Math.min(ringsMs, order.ringTimeoutMs), () => {
      if (ringsMs > order.ringTimeoutMs) return this.#move(carrierCallId, 'no-answer');
      if (does !== 'answers') return this.#move(carrierCallId, does === 'busy' ? 'busy' : 'failed');
      this.#move(carrierCallId, 'in-progress');
      if (order.machineDetection !== 'off') this.#detect(order.callId, carrierCallId, answeredBy);
      this.#later(talksMs, () => this.#move(carrierCallId, 'completed'));
      this.#later(order.maxDurationMs, () => this.#move(carrierCallId, 'completed'));
    });
    return carrierCallId;
  }

  #add(callId: string, carrierCallId: string, foundAfterMs: number): void {
    const startedAtMs = this.#clock.now();
    this.#calls.set(carrierCallId, {
      ...{ callId, carrierCallId, status: 'queued', answeredBy: null, told: 0 },
      ...{ startedAtMs, endedAtMs: null, endedByUs: false, foundAtMs: startedAtMs + foundAfterMs },
    });
  }

  #detect(callId: string, carrierCallId: string, answeredBy: AnsweredBy): void {
    this.#later(LATENCY_MS * 4, () => {
      const call = this.#calls.get(carrierCallId);
      if (call?.status !== 'in-progress') return;
      this.#change(call, { answeredBy });
      for (const delayMs of this.callbackManners(10))
        this.#later(delayMs, () => this.#report(callId, { type: 'answered-by', answeredBy }));
    });
  }

  #move(carrierCallId: string, status: CarrierStatus): void {
    const call = this.#calls.get(carrierCallId);
    if (!call || isTerminal(call.status)) return;
    const atMs = this.#clock.now();
    const sequence = call.told;
    const { callId } = call;
    const endedAtMs = isTerminal(status) ? atMs : null;
    this.#change(call, { status, endedAtMs, told: sequence + 1 });
    const report: CallReport = { type: 'carrier', carrierCallId, status, sequence, atMs };
    for (const delayMs of this.callbackManners(sequence))
      this.#later(delayMs, () => this.#report(callId, report));
    if (status === 'in-progress') this.#audio?.answered(callId);
    if (isTerminal(status)) this.#audio?.ended(callId);
  }

  #return({ carrierCallId, callId }: PhoneLeg): void {
    if (this.#calls.get(carrierCallId)?.status !== 'in-progress') return;
    this.#audio?.returned(callId);
  }

  #change(call: SimulatedCall, change: Partial<SimulatedCall>): void {
    this.#calls.set(call.carrierCallId, { ...call, ...change });
  }

  async #answer(): Promise<void> {
    await new Promise<void>((resolve) => this.#later(LATENCY_MS, resolve));
    if (this.isDown) throw new CallError('carrier-unavailable', 'The carrier cannot be reached');
  }

  #later(delayMs: number | null, action: () => void): void {
    if (delayMs !== null) this.#clock.after(delayMs, action);
  }
}
