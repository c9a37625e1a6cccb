import type { CallEvent, CallObserver } from '../carrier/call-observer.ts';
import type { CallControl, Instructions } from '../carrier/instructions.ts';
import { newSid } from '../carrier/signature.ts';
import type { CallOrder, StatusCallbackOrder } from './call-order.ts';
import type { AnsweredBy } from './machine-detection.ts';
import type { Recording } from './recording.ts';

export type FinalStatus = 'completed' | 'busy' | 'failed' | 'no-answer' | 'canceled';
export type CallStatus = 'queued' | 'ringing' | 'in-progress' | FinalStatus;

/** One call as the account knows it, from its order to its end and after. */
export class NetworkCall implements CallObserver {
  readonly sid = newSid('CA');
  readonly order: CallOrder;
  readonly createdAt = new Date();
  readonly phoneNumberSid: string | null;
  readonly queueTimeMs: number;
  readonly recordings: Recording[] = [];
  /** Whoever wants to see what happens on the line. */
  readonly observers: CallObserver[] = [];
  /** A live update may name another one. */
  statusCallback: StatusCallbackOrder | null;
  answeredBy: AnsweredBy | null = null;
  readonly #over = new AbortController();
  #status: CallStatus = 'queued';
  #updatedAt = this.createdAt;
  #startedAt: Date | null = null;
  #endedAt: Date | null = null;
  #durationMs = 0;
  #answered = false;
  #control: CallControl | null = null;
  #told = 0;

  constructor(order: CallOrder, phoneNumberSid: string | null, queueTimeMs: number) {
    this.order = order;
    this.phoneNumberSid = phoneNumberSid;
    this.queueTimeMs = queueTimeMs;
    this.statusCallback = order.statusCallback;
  }

  get status(): CallStatus {
    return this.#status;
  }

  get updatedAt(): Date {
    return this.#updatedAt;
  }

  get startedAt(): Date | null {
    return this.#startedAt;
  }

  get endedAt(): Date | null {
    return this.#endedAt;
  }

  /** Since the answer. */
  get durationMs(): number {
    return this.#durationMs;
  }

  get answered(): boolean {
    return this.#answered;
  }

  /** Aborted when the call is over. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  /** The next `SequenceNumber` of its status callbacks. */
  nextSequenceNumber(): number {
    this.#told += 1;
    return this.#told - 1;
  }

  dialled(): void {
    this.#startedAt ??= new Date();
  }

  ring(): void {
    this.dialled();
    this.#become('ringing');
  }

  answer(): void {
    this.#answered = true;
    this.#become('in-progress');
  }

  control(control: CallControl): void {
    this.#control = control;
    if (this.over.aborted) control.hangUp();
  }

  /** False when the call is not in progress. */
  redirect(instructions: Instructions): boolean {
    if (this.#status !== 'in-progress' || !this.#control) return false;
    this.#control.redirect(instructions);
    return true;
  }

  /** The first end counts. */
  end(status: FinalStatus): void {
    if (this.over.aborted) return;
    this.#become(status);
    this.#endedAt = this.#updatedAt;
    this.#over.abort();
    this.#control?.hangUp();
  }

  observe(event: CallEvent): void {
    if (event.type === 'frame') this.#durationMs = event.atMs + 20;
    for (const one of [...this.recordings, ...this.observers]) one.observe(event);
  }

  #become(status: CallStatus): void {
    if (this.over.aborted) return;
    this.#status = status;
    this.#updatedAt = new Date();
  }
}
