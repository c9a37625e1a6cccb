import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CallPlan } from './call.ts';
import { planOf } from './contracts/example-calls.ts';
import { StoryParts } from './contracts/story-stage.fake.ts';
import { VirtualClock } from './contracts/virtual-clock.fake.ts';
import { EmbeddedWorld } from './embedded/embedded-world.ts';
import type { Outcome, Reason } from './outcome.ts';
import { NO_PROGRESS } from './progress.ts';
import type { CallReport, MediaEnding } from './report.ts';
import { runCall } from './script.ts';

const RING_TIMEOUT_MS = 30_000;
const LIMITS = { maxDurationMs: 120_000, ringTimeoutMs: RING_TIMEOUT_MS };
const BACK_MS = 15_000;
const MEDIA_MS = 20_000;
const LOOK_UP_MS = 16_000;

/** What really happens in one call, and how badly it is reported. Moments of one kind never meet those of another. */
interface Truth {
  readonly ringsMs: number;
  readonly does: 'answers' | 'busy' | 'fails';
  readonly answeredBy: 'human' | 'machine' | 'unknown';
  readonly detection: CallPlan['machineDetection'];
  /** From the answer. */
  readonly talksMs: number | null;
  readonly mediaMs: number | null;
  readonly ending: MediaEnding | null;
  /** From the answer. */
  readonly endingMs: number;
  /** From the order. */
  readonly terminateMs: number | null;
  /** The dial's answer is lost, and the call shows up after so long. */
  readonly foundMs: number | null;
  /** Arrivals of each callback's copies. */
  readonly callbacks: readonly (readonly number[])[];
  readonly mediaLateMs: number;
}

function momentsOf(maxSeconds: number, offsetMs: number): fc.Arbitrary<number> {
  return fc.nat(maxSeconds * 2).map((halves) => halves * 500 + offsetMs);
}

const truths: fc.Arbitrary<Truth> = fc
  .record({
    ringsMs: momentsOf(36, 11),
    does: fc.constantFrom('answers', 'answers', 'answers', 'busy', 'fails'),
    answeredBy: fc.constantFrom('human', 'machine', 'unknown'),
    detection: fc.constantFrom('off', 'report', 'hang-up'),
    talksMs: fc.option(momentsOf(60, 101)),
    mediaMs: fc.option(momentsOf(3, 203), { freq: 8 }),
    ending: fc.option(
      fc.constantFrom(
        ...(['agent-hung-up', 'max-duration', 'line-lost', 'agent-lost', 'transferring'] as const),
      ),
    ),
    endingMs: momentsOf(60, 307).map((ms) => ms + 4_000),
    terminateMs: fc.option(momentsOf(80, 409)),
    foundMs: fc.option(momentsOf(15, 503), { freq: 1 }),
    callbacks: fc.array(fc.array(momentsOf(100, 0), { maxLength: 3 }), {
      ...{ minLength: 5, maxLength: 5 },
    }),
    mediaLateMs: fc.nat(4_000),
  })
  .map(
    (truth): Truth =>
      // A lost answer moves everything that follows: its own stories hold what else may happen then.
      truth.foundMs === null
        ? truth
        : { ...truth, terminateMs: null, ending: truth.ending && 'agent-hung-up' },
  );

/** How it may end: in one way, except where two ends race. */
function endsOf(truth: Truth): ReadonlySet<Reason> {
  const answerMs = truth.does === 'answers' ? truth.ringsMs : Number.POSITIVE_INFINITY;
  const unanswered = unansweredEnd(truth);
  const terminateMs = truth.terminateMs ?? Number.POSITIVE_INFINITY;
  const hasRungMs = Math.min(truth.ringsMs, RING_TIMEOUT_MS);
  if (unanswered) return new Set([terminateMs < hasRungMs ? 'canceled' : unanswered]);
  if (terminateMs < answerMs) return new Set(['canceled']);
  const [end, endMs, knownMs] = answeredEnd(truth);
  const ends = new Set<Reason>([end]);
  // The wait for media begins when the answer is known, at the next look-up at the latest.
  const { talksMs } = truth;
  const isRace = talksMs !== null && talksMs > MEDIA_MS && talksMs < MEDIA_MS + LOOK_UP_MS;
  if (end === 'media-never-came' && isRace) ends.add('completed');
  const isMachine = truth.answeredBy === 'machine' && truth.detection === 'hang-up';
  if (isMachine) {
    ends.clear();
    ends.add('voicemail');
  }
  if (terminateMs < answerMs + endMs && !isMachine) return new Set(['terminated']);
  if (terminateMs < answerMs + Math.max(knownMs, endMs)) ends.add('terminated');
  return ends;
}

function unansweredEnd({ ringsMs, does }: Truth): Reason | null {
  if (ringsMs > RING_TIMEOUT_MS) return 'no-answer';
  return does === 'answers' ? null : does === 'busy' ? 'busy' : 'carrier-failed';
}

/** The reason, when it happened, and when we know at the latest; from the answer. */
function answeredEnd(truth: Truth): [Reason, number, number] {
  const { mediaMs, endingMs, ending, mediaLateMs } = truth;
  const talksMs = truth.talksMs ?? Number.POSITIVE_INFINITY;
  const longMs = 200_000;
  if (mediaMs === null)
    return talksMs < MEDIA_MS
      ? ['completed', talksMs, longMs]
      : ['media-never-came', MEDIA_MS, longMs];
  if (ending === null || talksMs < endingMs)
    return talksMs === Number.POSITIVE_INFINITY
      ? ['max-duration', 150_000, longMs]
      : ['completed', talksMs, longMs];
  if (ending === 'agent-hung-up') return ['completed', endingMs, endingMs + mediaLateMs + 5];
  if (ending === 'max-duration') return [ending, endingMs, endingMs + mediaLateMs + 5];
  if (ending === 'transferring')
    return ['transferred', Math.min(talksMs, endingMs + 9_000), longMs];
  const goneMs = endingMs + mediaLateMs + BACK_MS;
  if (ending === 'agent-lost') return ['agent-lost', Math.min(talksMs, goneMs), longMs];
  return talksMs < goneMs ? ['completed', talksMs, longMs] : ['line-lost', goneMs, longMs];
}

test('10,000 calls, however badly they are reported, end once and rightly, and leave nothing ringing', async () => {
  const seen = new Set<Reason>();
  await fc.assert(
    fc.asyncProperty(truths, async (truth) => {
      const { reason, settled, live, dials } = await play(truth);
      seen.add(reason);
      expect([...endsOf(truth)]).toContain(reason);
      expect({ settled, live, dials }).toEqual({
        settled: 1,
        live: 0,
        dials: 1,
      });
    }),
    { numRuns: 10_000 },
  );
  expect(seen.size).toBe(12);
});

async function play(truth: Truth) {
  const clock = new VirtualClock();
  using parts = new StoryParts(clock);
  let settled = 0;
  const activities = {
    ...parts.activities,
    settle: (...end: Parameters<typeof parts.activities.settle>) => {
      settled++;
      return parts.activities.settle(...end);
    },
  };
  const world = new EmbeddedWorld(activities, NO_PROGRESS, clock);
  parts.connect({
    start: async () => {},
    report: async (_callId: string, report: CallReport) => world.learn(report),
    state: async () => null,
    outcome: () => new Promise(() => {}),
  });
  stage(truth, parts, clock);
  const plan = planOf({ ...LIMITS, id: 'call', machineDetection: truth.detection });
  const ends: Outcome[] = [];
  void runCall(plan, world).then((end) => ends.push(end));
  await clock.until(() => ends.length > 0);
  const { live, dials } = parts.carrier;
  return { reason: ends[0]?.reason ?? 'internal-error', settled, live: live.length, dials };
}

function stage(truth: Truth, parts: StoryParts, clock: VirtualClock): void {
  const { carrier, audio } = parts;
  const { ringsMs, does, answeredBy, talksMs, foundMs, terminateMs } = truth;
  carrier.callee = { ringsMs, does, answeredBy, talksMs };
  carrier.callbackManners = (serial) => truth.callbacks[Math.min(serial, 4)] ?? [];
  if (foundMs !== null) carrier.dialManners = { type: 'loses-answer', foundAfterMs: foundMs };
  carrier.transferTalksMs = 9_000;
  audio.comesAfterMs = truth.mediaMs;
  audio.lateMs = truth.mediaLateMs;
  if (terminateMs !== null)
    clock.after(terminateMs, () => parts.report('call', { type: 'terminate', atMs: clock.now() }));
  if (truth.ending === null) return;
  const { ending } = truth;
  clock.after(ringsMs + truth.endingMs, () => {
    if (!audio.isLive('call')) return;
    audio.end('call', ending);
    const [leg] = carrier.live;
    if (leg && ending === 'transferring') void carrier.transfer(leg).catch(() => {});
  });
}
