import { setTimeout } from 'node:timers/promises';
import type { CallObserver } from '../carrier/call-observer.ts';
import type { CallEnd, CallOptions } from '../carrier/call-options.ts';
import { FrameClock } from '../carrier/frame-clock.ts';
import { runCall } from '../carrier/run-call.ts';
import { TalkingCaller } from './talking-caller.ts';

/** New calls a second: a rush is a different test from many calls. */
const CALLS_A_SECOND = 25;

export interface LoadOptions
  extends Pick<CallOptions, 'voiceUrl' | 'accountSid' | 'authToken' | 'from' | 'to'> {
  readonly calls: number;
  /** Each caller hangs up after this time. */
  readonly seconds: number;
  /** Said in each turn, 8 kHz. */
  readonly speech: Int16Array;
}

/** What many calls at once came to. Gaps are those at the callers' ears. */
export interface LoadResult {
  readonly calls: number;
  readonly answered: number;
  /** How many calls ended in each way. */
  readonly outcomes: ReadonlyMap<string, number>;
  /** How often each code was found. */
  readonly findings: ReadonlyMap<string, number>;
  readonly firstFailure: CallEnd | null;
  /** Every call was ended by its caller or by the agent, without an error among its findings. */
  readonly inOrder: boolean;
  readonly firstSoundMs: readonly number[];
  readonly gapsMs: readonly number[];
  readonly unanswered: number;
  /** The emulator's own: beyond a few milliseconds it is too busy for what it measures to count. */
  readonly latenessMs: { readonly p50: number; readonly p99: number; readonly max: number };
}

/** Places `calls` calls within a few seconds on one clock and waits until all have ended. */
export async function runLoad(options: LoadOptions, signal: AbortSignal): Promise<LoadResult> {
  const clock = new FrameClock();
  const placed = Array.from({ length: options.calls }, async (_, index) => {
    const caller = new TalkingCaller(options.speech, options.seconds * 1000);
    const ear = new FirstSound();
    await setTimeout((index * 1000) / CALLS_A_SECOND, undefined, { signal }).catch(() => {});
    const end = await runCall({ ...options, caller, observer: ear, clock, signal });
    return { caller, ear, end };
  });
  const done = await Promise.all(placed);
  const ends = done.map(({ end }) => end);
  const { lateness } = clock;
  return {
    calls: options.calls,
    answered: done.filter(({ ear }) => ear.answered).length,
    outcomes: countsOf(ends.map(({ outcome }) => outcome.reason)),
    findings: countsOf(ends.flatMap(({ findings }) => findings.map(({ code }) => code))),
    firstFailure: ends.find(({ outcome }) => outcome.reason === 'failed') ?? null,
    inOrder: ends.every(isInOrder),
    firstSoundMs: done.flatMap(({ ear }) => ear.atMs ?? []),
    gapsMs: done.flatMap(({ caller }) => caller.gapsMs),
    unanswered: done.reduce((sum, { caller }) => sum + caller.unanswered, 0),
    latenessMs: {
      p50: lateness.percentileMs(0.5),
      p99: lateness.percentileMs(0.99),
      max: lateness.percentileMs(1),
    },
  };
}

function isInOrder({ outcome, findings }: CallEnd): boolean {
  const ended = outcome.reason === 'caller-hung-up' || outcome.reason === 'agent-hung-up';
  return ended && findings.every(({ level }) => level !== 'error');
}

/** Notes when a call was answered and when the agent was first heard. */
class FirstSound implements CallObserver {
  answered = false;
  atMs: number | null = null;

  observe(event: Parameters<CallObserver['observe']>[0]): void {
    if (event.type === 'answered') this.answered = true;
    if (event.type === 'agent-sound-started') this.atMs ??= event.atMs;
  }
}

function countsOf(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
