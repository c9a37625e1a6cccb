import { describe, expect, test } from 'vitest';
import { outcome } from '../outcome.ts';
import { storable } from '../storable.ts';
import type { OpenCallStore } from './call-store.contract.ts';
import { ODD_TEXTS, planOf } from './example-calls.ts';

const MOMENT = 1_800_000_000_123;

/** The row of a call that is created: once, found by its ids, as it was ordered. */
export function callCreationContract(open: OpenCallStore): void {
  describe('a new call', () => {
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
