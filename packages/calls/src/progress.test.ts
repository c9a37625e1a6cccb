import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CARRIER_STATUSES } from './carrier.ts';
import { type CallProgress, merge, NO_PROGRESS, phaseOf } from './progress.ts';
import type { CallReport } from './report.ts';

const moments = fc.integer({ min: 0, max: 100 });

/** Reports of one call, as its carrier, the holder of its audio and its users may tell them. */
const reports: fc.Arbitrary<CallReport> = fc.oneof(
  fc.record({
    type: fc.constant('carrier' as const),
    carrierCallId: fc.constant('CA1'),
    status: fc.constantFrom(...CARRIER_STATUSES),
    sequence: fc.option(fc.nat(5)),
    atMs: moments,
  }),
  fc.record({
    type: fc.constant('answered-by' as const),
    answeredBy: fc.constantFrom('human', 'machine', 'fax', 'unknown'),
  }),
  fc.record({
    type: fc.constant('media-started' as const),
    stream: fc.integer({ min: -1, max: 102 }),
    atMs: moments,
  }),
  fc.record({
    type: fc.constant('media-ended' as const),
    stream: fc.integer({ min: -1, max: 102 }),
    ending: fc.constantFrom(
      ...(['caller-hung-up', 'agent-hung-up', 'max-duration', 'line-lost', 'agent-lost'] as const),
      ...(['moved', 'transferring'] as const),
    ),
    atMs: moments,
  }),
  fc.record({ type: fc.constant('terminate' as const), atMs: moments }),
);

const all = (told: readonly CallReport[], from = NO_PROGRESS) => told.reduce(merge, from);

function carrier(status: (typeof CARRIER_STATUSES)[number], sequence: number | null, atMs = 1) {
  return { type: 'carrier', carrierCallId: 'CA1', status, sequence, atMs } as const;
}

describe('what is known of a call', () => {
  test('does not depend on the order of reports', () => {
    const shuffled = fc
      .array(reports, { maxLength: 12 })
      .chain((told) =>
        fc.tuple(
          fc.constant(told),
          fc.shuffledSubarray(told, { minLength: told.length, maxLength: told.length }),
        ),
      );
    fc.assert(fc.property(shuffled, ([told, other]) => void expect(all(other)).toEqual(all(told))));
  });

  test('does not change when anything of it is told again', () => {
    const told = fc.array(reports, { minLength: 1, maxLength: 12 });
    const again = told.chain((once) => fc.tuple(fc.constant(once), fc.subarray(once)));
    fc.assert(
      fc.property(again, ([once, twice]) => void expect(all(twice, all(once))).toEqual(all(once))),
    );
  });

  test('is the same whether reports come one by one or in batches', () => {
    const told = fc.array(reports, { maxLength: 12 });
    const split = fc.tuple(told, fc.nat(12));
    fc.assert(
      fc.property(
        split,
        ([both, at]) => void expect(all(both.slice(at), all(both.slice(0, at)))).toEqual(all(both)),
      ),
    );
  });

  test('only grows: no report takes back a phase', () => {
    const order = ['queued', 'ringing', 'answered', 'ended'];
    const rank = (progress: CallProgress) => order.indexOf(phaseOf(progress));
    fc.assert(
      fc.property(
        fc.array(reports),
        reports,
        (told, next) =>
          void expect(rank(merge(all(told), next))).toBeGreaterThanOrEqual(rank(all(told))),
      ),
    );
  });
});

test('of two last words the one with the higher number counts, and one without a number least', () => {
  const told = [carrier('completed', null), carrier('busy', 3), carrier('failed', 2)];
  expect(all(told).terminal).toMatchObject({ status: 'busy', sequence: 3 });
});

test('an answer that is told after the end is known, and the call stays ended', () => {
  const progress = all([carrier('completed', 3, 9), carrier('in-progress', 2, 4)]);
  expect(progress).toMatchObject({ answeredAtMs: 4, terminal: { status: 'completed', atMs: 9 } });
  expect(phaseOf(progress)).toBe('ended');
});

test('audio is an answer, also when only its end is told', () => {
  const ended = { type: 'media-ended', stream: 1, ending: 'line-lost', atMs: 7 } as const;
  expect(all([ended]).answeredAtMs).toBe(7);
  expect(all([ended, { type: 'media-started', stream: 1, atMs: 5 }]).answeredAtMs).toBe(5);
});

test('a stream that is told of before an earlier one leaves it its place', () => {
  const { streams } = all([{ type: 'media-started', stream: 2, atMs: 1 }]);
  expect(streams).toEqual([
    { started: false, ending: null },
    { started: true, ending: null },
  ]);
});

test.each([0, -1, 1.5, 101, Number.NaN, 1e9])('a stream %d is not believed', (stream) => {
  expect(all([{ type: 'media-started', stream, atMs: 1 }]).streams).toEqual([]);
});

test('what is told of another leg than the call’s own changes nothing', () => {
  const known = all([carrier('in-progress', 1)]);
  const other = { ...carrier('completed', 9), carrierCallId: 'CA2' };
  expect(merge(known, other)).toEqual(known);
});
