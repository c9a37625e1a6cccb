import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import { WavWriter } from '@earshot/audio';
import type { CallEvent, CallObserver, CallOutcome, Finding } from '../carrier/call-observer.ts';
import { EarTimeline, type Stretch } from './ear-timeline.ts';
import { makeFolder } from './make-folder.ts';

/** What a call leaves behind besides its audio file. */
export interface Recording {
  readonly callSid: string | null;
  readonly outcome: CallOutcome;
  readonly durationMs: number;
  readonly agentStretches: readonly Stretch[];
  readonly peaks: EarTimeline['peaks'];
  readonly clears: readonly { readonly atMs: number; readonly droppedMs: number }[];
  readonly digits: readonly { readonly atMs: number; readonly digit: string }[];
  readonly findings: readonly Finding[];
  readonly streamStartedMs: number;
}

const FORMAT = { sampleRate: 8_000, channels: 2, encoding: 'pcm16' } as const;
const UNANSWERED: CallOutcome = { reason: 'failed', detail: 'the call was never answered' };

/**
 * Records a call as it goes: left channel the caller, right channel the agent as heard, in a stereo
 * WAV file of which nothing is held in memory. The file and its folder are made, or overwritten, when
 * there is something to write: a call that never came about leaves nothing, unless it is finished. A
 * failed write fails `finish`, never the call.
 */
export class CallRecorder implements CallObserver, AsyncDisposable {
  readonly #writer: WavWriter;
  readonly #timeline = new EarTimeline();
  readonly #clears: { atMs: number; droppedMs: number }[] = [];
  readonly #digits: { atMs: number; digit: string }[] = [];
  readonly #findings: Finding[] = [];
  #failure: unknown = null;
  #callSid: string | null = null;
  #outcome = UNANSWERED;
  #streamStartedMs: number | null = null;
  #file: FileHandle | null = null;
  #closed = false;

  constructor(file: string) {
    // The writer's writes come one after the other.
    const sink = {
      write: async (bytes: Uint8Array, position: number): Promise<void> => {
        this.#file ??= await openNew(file);
        await this.#file.write(bytes, 0, bytes.length, position);
      },
    };
    this.#writer = new WavWriter(sink, FORMAT);
  }

  observe(event: CallEvent): void {
    if (event.type === 'answered') this.#callSid = event.callSid;
    if (event.type === 'frame') this.#record(event.atMs, event.caller, event.agent);
    if (event.type === 'clear') this.#clears.push(event);
    if (event.type === 'digit') this.#digits.push(event);
    if (event.type === 'finding') this.#findings.push(event.finding);
    if (event.type === 'stream-started') this.#streamStartedMs ??= event.atMs;
    if (event.type === 'call-ended') this.#outcome = event.outcome;
  }

  /** What there is so far. */
  get recording(): Recording {
    return {
      callSid: this.#callSid,
      outcome: this.#outcome,
      durationMs: this.#timeline.durationMs,
      agentStretches: this.#timeline.agentStretches,
      peaks: this.#timeline.peaks,
      clears: this.#clears.map(({ atMs, droppedMs }) => ({ atMs, droppedMs })),
      digits: this.#digits.map(({ atMs, digit }) => ({ atMs, digit })),
      findings: this.#findings,
      streamStartedMs: this.#streamStartedMs ?? 0,
    };
  }

  /** Puts the audio file's true length into its header and closes it. */
  async finish(): Promise<Recording> {
    await this.#close();
    if (this.#failure) throw this.#failure;
    return this.recording;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#timeline.durationMs > 0) await this.#close();
  }

  #record(atMs: number, caller: Int16Array, agent: Int16Array): void {
    this.#timeline.hear(atMs, caller, agent);
    this.#writer.write(caller, agent).catch((error: unknown) => {
      this.#failure ??= error;
    });
  }

  async #close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    try {
      await this.#writer.close();
    } finally {
      await this.#file?.close();
    }
  }
}

async function openNew(file: string): Promise<FileHandle> {
  await makeFolder(path.dirname(file));
  return open(file, 'w');
}
