import { describe, expect, test } from 'vitest';
import { PHASES } from '../call.ts';
import { outcome, REASONS, type Reason } from '../outcome.ts';
import type { OpenCallStore } from './call-store.contract.ts';
import { planOf } from './example-calls.ts';

const MOMENT = 1_800_000_000_123;

/** The row of a call, from its first note to its end. */
export function callLifeContract(open: OpenCallStore): void {
  describe('a call', () => {
    test('goes forward only', async () => {
      await using opened = await open();
      const { store } = opened;
      const plan = planOf();
      await store.create(plan, MOMENT, null);
      const seen: (string | undefined)[] = [];
      for (const phase of [
        'queued',
        'ringing',
        'queued',
        'answered',
        'ringing',
        'queued',
      ] as const) {
        await store.note(plan.id, { phase });
        seen.push((await store.find(plan.id))?.phase);
      }
      expect(seen).toEqual(['queued', 'ringing', 'ringing', 'answered', 'answered', 'answered']);
    });

    test('ends in the furthest phase when all are noted at once', async () => {
      await using opened = await open();
      const { store } = opened;
      const plan = planOf();
      await store.create(plan, MOMENT, null);
      const phases = ['answered', 'queued', 'ringing', 'queued', 'ringing'] as const;
      await Promise.all(phases.map((phase) => store.note(plan.id, { phase })));
      expect((await store.find(plan.id))?.phase).toBe('answered');
    });

    test('learns each moment and id once: what it already knows stays', async () => {
      await using opened = await open();
      const { store } = opened;
      const plan = planOf();
      await store.create(plan, MOMENT, null);
      const first = {
        carrierCallId: 'CA-first',
        dialledAtMs: MOMENT + 1,
        ringingAtMs: MOMENT + 2,
        answeredAtMs: MOMENT + 3,
        answeredBy: 'human',
      } as const;
      await store.note(plan.id, first);
      await store.note(plan.id, {
        carrierCallId: 'CA-second',
        dialledAtMs: 1,
        ringingAtMs: MOMENT + 50,
        answeredAtMs: MOMENT + 50,
        answeredBy: 'machine',
      });
      expect(await store.find(plan.id)).toMatchObject(first);
      expect(await store.findByCarrierId('CA-second')).toBeNull();
    });

    test('learns one thing without forgetting another, and nothing by an empty note', async () => {
      await using opened = await open();
      const { store } = opened;
      const plan = planOf();
      await store.create(plan, MOMENT, null);
      await store.note(plan.id, { carrierCallId: 'CA3' });
      await store.note(plan.id, { answeredBy: 'unknown' });
      const before = await store.find(plan.id);
      await store.note(plan.id, {});
      expect(await store.find(plan.id)).toEqual(before);
      expect(before).toMatchObject({ phase: 'queued', carrierCallId: 'CA3', ringingAtMs: null });
    });

    test('learns what many tell at once', async () => {
      await using opened = await open();
      const { store } = opened;
      const plan = planOf();
      await store.create(plan, MOMENT, null);
      await Promise.all([
        store.note(plan.id, { carrierCallId: 'CA4' }),
        store.note(plan.id, { dialledAtMs: MOMENT + 1 }),
        store.note(plan.id, { phase: 'ringing', ringingAtMs: MOMENT + 2 }),
        store.note(plan.id, { phase: 'answered', answeredAtMs: MOMENT + 3 }),
        store.note(plan.id, { answeredBy: 'fax' }),
      ]);
      expect(await store.find(plan.id)).toMatchObject({
        phase: 'answered',
        carrierCallId: 'CA4',
        dialledAtMs: MOMENT + 1,
        ringingAtMs: MOMENT + 2,
        answeredAtMs: MOMENT + 3,
        answeredBy: 'fax',
      });
    });

    test('ends once, from any phase', async () => {
      await using opened = await open();
      const { store } = opened;
      for (const phase of PHASES) {
        const plan = planOf();
        await store.create(plan, MOMENT, null);
        if (phase !== 'ended') await store.note(plan.id, { phase });
        expect(await store.settle(plan.id, outcome('busy'), MOMENT + 5)).toBe(true);
        expect(await store.settle(plan.id, outcome('completed'), MOMENT + 6)).toBe(false);
        expect(await store.find(plan.id)).toMatchObject({
          phase: 'ended',
          outcome: { blame: 'callee', reason: 'busy' },
          endedAtMs: MOMENT + 5,
        });
      }
    });

    test('keeps each outcome there is', async () => {
      await using opened = await open();
      const { store } = opened;
      for (const reason of Object.keys(REASONS) as Reason[]) {
        const plan = planOf();
        await store.create(plan, MOMENT, null);
        await store.settle(plan.id, outcome(reason), MOMENT);
        expect((await store.find(plan.id))?.outcome).toEqual(outcome(reason));
      }
    });

    test('has the first outcome of many at once', async () => {
      await using opened = await open();
      const { store } = opened;
      const plan = planOf();
      await store.create(plan, MOMENT, null);
      const reasons = ['busy', 'completed', 'no-answer', 'terminated', 'line-lost'] as const;
      const settled = await Promise.all(
        reasons.map((reason, i) => store.settle(plan.id, outcome(reason), MOMENT + i)),
      );
      expect(settled.filter(Boolean)).toHaveLength(1);
      const winner = settled.indexOf(true);
      expect(await store.find(plan.id)).toMatchObject({
        outcome: { reason: reasons[winner] },
        endedAtMs: MOMENT + winner,
      });
    });

    test('stays ended when news come late, and learns from them what it did not know', async () => {
      await using opened = await open();
      const { store } = opened;
      const plan = planOf();
      await store.create(plan, MOMENT, null);
      await store.note(plan.id, { ringingAtMs: MOMENT + 1 });
      await store.settle(plan.id, outcome('canceled'), MOMENT + 5);
      await store.note(plan.id, { phase: 'answered', carrierCallId: 'CA5', ringingAtMs: 7 });
      expect(await store.find(plan.id)).toMatchObject({
        phase: 'ended',
        outcome: outcome('canceled'),
        endedAtMs: MOMENT + 5,
        ringingAtMs: MOMENT + 1,
        carrierCallId: 'CA5',
      });
    });

    test('that is unknown is neither found nor changed', async () => {
      await using opened = await open();
      const { store } = opened;
      for (const id of ['call-none', '', 'call-\u0000', "'", 'x'.repeat(5000)]) {
        expect(await store.find(id)).toBeNull();
        expect(await store.findByCarrierId(id)).toBeNull();
        await store.note(id, { phase: 'ringing', carrierCallId: `CA-${id}` });
        expect(await store.settle(id, outcome('busy'), MOMENT)).toBe(false);
        expect(await store.find(id)).toBeNull();
      }
      expect((await store.list({}, 10, null)).calls).toEqual([]);
    });
  });
}
