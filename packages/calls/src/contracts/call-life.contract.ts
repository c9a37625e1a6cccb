import { describe, expect, test } from 'vitest';
import { PHASES } from '../call.ts';
import { outcome, REASONS, type Reason } from '../outcome.ts';
import { storable } from '../storable.ts';
import type { OpenCallStore } from './call-store.contract.ts';
import { ODD_TEXTS, planOf } from './example-calls.ts';

const MOMENT = 1_800_000_000_123;

/** The row of a call, from its creation to its end. */
export function callLifeContract(open: OpenCallStore): void {
  describe('a call', () => {
    test('is found as it was ordered', async () => {
      await using opened = await open();
      const { store } = opened;
      const plan = planOf({
        receptionistId: 'r-1',
        greeting: 'Hello!',
        systemPrompt: 'You sell flowers.',
        machineDetection: 'hang-up',
        record: true,
        vadConfig: { silence_duration_ms: 300.5, start: 'LOW', on: true, off: null },
        metadata: { order: 17, nested: { list: [1, 'two', null, { three: 3 }] }, empty: {} },
        agent: 'cascade',
      });
      expect(await store.create(plan, MOMENT, null)).toBe(true);
      expect(await store.find(plan.id)).toEqual({
        ...plan,
        createdAtMs: MOMENT,
        phase: 'queued',
        carrierCallId: null,
        dialledAtMs: null,
        ringingAtMs: null,
        answeredAtMs: null,
        answeredBy: null,
        endedAtMs: null,
        outcome: null,
      });
    });

    test('that rang in is known by the carrier’s id from its first moment', async () => {
      await using opened = await open();
      const { store } = opened;
      const plan = planOf({ direction: 'inbound', from: 'anonymous' });
      await store.create(plan, MOMENT, 'CA1');
      expect(await store.find(plan.id)).toMatchObject({ carrierCallId: 'CA1', from: 'anonymous' });
      expect((await store.findByCarrierId('CA1'))?.id).toBe(plan.id);
    });

    test('is not created twice, and the first stays as it was', async () => {
      await using opened = await open();
      const { store } = opened;
      const plan = planOf({ greeting: 'first' });
      await store.create(plan, MOMENT, null);
      await store.note(plan.id, { phase: 'ringing', ringingAtMs: MOMENT + 1 });
      const before = await store.find(plan.id);
      expect(await store.create({ ...plan, greeting: 'second' }, MOMENT + 9, 'CA2')).toBe(false);
      expect(await store.find(plan.id)).toEqual(before);
      expect(await store.findByCarrierId('CA2')).toBeNull();
    });

    test('is created once, however many try at once', async () => {
      await using opened = await open();
      const { store } = opened;
      const plan = planOf();
      const tries = Array.from({ length: 12 }, (_, i) =>
        store.create({ ...plan, greeting: `${i}` }, MOMENT + i, null),
      );
      const created = await Promise.all(tries);
      expect(created.filter(Boolean)).toHaveLength(1);
      expect((await store.find(plan.id))?.greeting).toBe(`${created.indexOf(true)}`);
      expect((await store.list({}, 10, null)).calls).toHaveLength(1);
    });

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

    test('without a carrier’s id is not found by one', async () => {
      await using opened = await open();
      const { store } = opened;
      await store.create(planOf(), MOMENT, null);
      expect(await store.findByCarrierId('')).toBeNull();
      expect(await store.findByCarrierId('null')).toBeNull();
    });

    test.each(ODD_TEXTS.map((text) => [JSON.stringify(text).slice(0, 40), text]))(
      'keeps the text %s',
      async (_, text) => {
        await using opened = await open();
        const { store } = opened;
        const plan = planOf({
          greeting: text,
          systemPrompt: text,
          from: text.slice(0, 100),
          metadata: { text, [`name ${text.slice(0, 100)}`]: [text] },
          vadConfig: { text },
        });
        await store.create(plan, MOMENT, null);
        expect(await store.find(plan.id)).toMatchObject(storable(plan));
      },
    );

    test('keeps moments of the far future', async () => {
      await using opened = await open();
      const { store } = opened;
      const plan = planOf({ maxDurationMs: 86_400_000 });
      await store.create(plan, 253_402_300_799_999, null);
      await store.settle(plan.id, outcome('completed'), 253_402_300_799_999);
      expect(await store.find(plan.id)).toMatchObject({
        createdAtMs: 253_402_300_799_999,
        endedAtMs: 253_402_300_799_999,
      });
    });

    test('is nobody else’s object: a change of what was given or found changes nothing', async () => {
      await using opened = await open();
      const { store } = opened;
      const metadata = { list: [1] };
      const plan = planOf({ metadata });
      await store.create(plan, MOMENT, null);
      metadata.list.push(2);
      expect((await store.find(plan.id))?.metadata).toEqual({ list: [1] });
    });
  });
}
