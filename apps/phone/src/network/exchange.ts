import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Caller } from '../caller/caller.ts';
import type { Clock } from '../carrier/frame-clock.ts';
import { newSid } from '../carrier/signature.ts';
import type { CallEventName, CallOrder, RecordingOrder } from './call-order.ts';
import type { Callbacks } from './callbacks.ts';
import type { Callees } from './callees.ts';
import { converse } from './converse.ts';
import type { DialQueue } from './dial-queue.ts';
import { NetworkCall } from './network-call.ts';
import type { Pace } from './pace.ts';
import { placeCall } from './place-call.ts';
import { Recording } from './recording.ts';
import { rfc2822, secondsOf, statusReport } from './status-report.ts';
import type { Studio } from './studio.ts';

export interface ExchangeOptions {
  readonly accountSid: string;
  readonly authToken: string;
  readonly callees: Callees;
  readonly studio: Studio;
  readonly clock: Clock;
  readonly pace: Pace;
  readonly queue: DialQueue;
  readonly callbacks: Callbacks;
  /** Takes a line for people: a call's id and what became of it, never numbers or words. */
  readonly write: (line: string) => void;
  /** The REST server's own address, once it listens. */
  readonly baseUrl: () => string;
}

/** Ended calls that are remembered. */
const MAX_CALLS = 10_000;

/** The calls of one account: places them, rings the server, and remembers them. Disposing ends them. */
export class Exchange implements AsyncDisposable {
  readonly options: ExchangeOptions;
  readonly #calls = new Map<string, NetworkCall>();
  readonly #running = new Set<Promise<void>>();
  readonly #closing = new AbortController();
  #folder: Promise<string> | null = null;

  constructor(options: ExchangeOptions) {
    this.options = options;
  }

  /** Aborted when the exchange closes. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  /** Newest first. */
  get calls(): readonly NetworkCall[] {
    return [...this.#calls.values()].reverse();
  }

  get recordings(): readonly Recording[] {
    return this.calls.flatMap(({ recordings }) => recordings);
  }

  find(sid: string): NetworkCall | null {
    return this.#calls.get(sid) ?? null;
  }

  /** Places a call for the server; it waits in line when the account's pace wants it. */
  place(order: CallOrder, phoneNumberSid: string | null): NetworkCall {
    const call = new NetworkCall(order, phoneNumberSid, this.options.queue.join());
    this.#start(call, placeCall(call, this));
    return call;
  }

  /** Somebody rings a number of the server. */
  ring(order: CallOrder, caller: Caller, phoneNumberSid: string | null): NetworkCall {
    const call = new NetworkCall(order, phoneNumberSid, 0);
    call.ring();
    this.#start(call, converse(call, caller, this));
    return call;
  }

  /** Tells whoever asked to be told. */
  tell(call: NetworkCall, event: CallEventName): void {
    const { accountSid, callbacks, write } = this.options;
    write(`${call.sid} ${event === 'completed' ? call.status : event}`);
    const { statusCallback } = call;
    if (!statusCallback?.events.includes(event)) return;
    const { url, method } = statusCallback;
    callbacks.send({ url, method, params: statusReport(call, event, accountSid) });
  }

  async record(call: NetworkCall, order: RecordingOrder): Promise<Recording> {
    this.#folder ??= mkdtemp(path.join(tmpdir(), 'earshot-recordings-'));
    const sid = newSid('RE');
    const recording = new Recording(
      sid,
      call.sid,
      order,
      path.join(await this.#folder, `${sid}.wav`),
    );
    call.recordings.push(recording);
    this.tellRecording(recording);
    // The call may have ended while the folder was made.
    if (call.over.aborted) await this.finish(recording);
    return recording;
  }

  /** Completes a recording, and tells. */
  async finish(recording: Recording): Promise<void> {
    if (recording.status === 'completed' || recording.status === 'absent') return;
    await recording.finish();
    this.tellRecording(recording);
  }

  tellRecording(recording: Recording): void {
    const { callback, channels, track, source } = recording.order;
    if (!callback?.events.includes(recording.status)) return;
    const { accountSid, callbacks, baseUrl } = this.options;
    const { url, method } = callback;
    const params = {
      AccountSid: accountSid,
      CallSid: recording.callSid,
      RecordingSid: recording.sid,
      RecordingUrl: `${baseUrl()}/2010-04-01/Accounts/${accountSid}/Recordings/${recording.sid}`,
      RecordingStatus: recording.status,
      RecordingDuration: secondsOf(recording.durationMs),
      RecordingChannels: String(channels),
      RecordingStartTime: rfc2822(recording.startedAt),
      RecordingSource: source,
      RecordingTrack: track,
    };
    callbacks.send({ url, method, params });
  }

  async remove(recording: Recording): Promise<void> {
    const kept = this.find(recording.callSid)?.recordings;
    kept?.splice(kept.indexOf(recording), 1);
    await recording.remove();
  }

  /** Ends a call after so long from now. */
  limit(call: NetworkCall, ms: number): void {
    const until = AbortSignal.any([call.over, this.closing]);
    this.#track(this.options.pace.pass(ms, until).then(() => call.end('completed')));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#running);
    const folder = await this.#folder;
    if (folder !== null) await rm(folder, { recursive: true, force: true });
  }

  #start(call: NetworkCall, life: Promise<void>): void {
    this.#calls.set(call.sid, call);
    const ended = life.catch((cause: unknown) => {
      call.end('failed');
      this.options.write(`${call.sid} failed: ${cause instanceof Error ? cause.message : cause}`);
      this.tell(call, 'completed');
    });
    this.#track(ended);
    this.#forgetOld();
  }

  #track(work: Promise<void>): void {
    const running: Promise<void> = work.finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  #forgetOld(): void {
    for (const old of this.#calls.values()) {
      if (this.#calls.size <= MAX_CALLS) break;
      if (!old.over.aborted) continue;
      this.#calls.delete(old.sid);
      for (const recording of old.recordings) void recording.remove();
    }
  }
}
