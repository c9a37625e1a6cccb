import { describe, expect, test } from 'vitest';
import type { Delivery, Outbox } from '../outbox.ts';

/** Opens an outbox that is empty. Disposing it closes it. */
export type OpenOutbox = () => Promise<AsyncDisposable & { readonly outbox: Outbox }>;

const MOMENT = 1_800_000_000_000;
const LEASE_MS = 30_000;

/** What every outbox does. */
export function outboxContract(name: string, open: OpenOutbox): void {
  describe(name, () => {
    test('has nothing due at first', async () => {
      await using opened = await open();
      expect(await claim(opened.outbox)).toEqual([]);
    });

    test('gives a delivery out as it was added, to the last letter', async () => {
      await using opened = await open();
      const { outbox } = opened;
      const body = `{"z":1,  "a":"\\u0000 \\ud83d ü💥 '; --", "a":[1.50], "long":"${'x'.repeat(300_000)}"}\n`;
      const delivery = deliveryOf('d1', { body, url: 'https://example.com/höök?a=1&b=%20#x' });
      await outbox.add(delivery);
      expect(await outbox.claim(MOMENT, LEASE_MS, 10)).toMatchObject([delivery]);
    });

    test('takes the same id once, whatever became of it', async () => {
      await using opened = await open();
      const { outbox } = opened;
      await Promise.all([1, 2, 3].map(() => outbox.add(deliveryOf('d1'))));
      await outbox.add(deliveryOf('d1', { body: 'another' }));
      const claimed = await outbox.claim(MOMENT, LEASE_MS, 10);
      expect(claimed.map(({ body }) => body)).toEqual(['{}']);
      await outbox.add(deliveryOf('d1'));
      expect(await claim(outbox)).toEqual([]);
      await outbox.delivered('d1', MOMENT);
      await outbox.add(deliveryOf('d1'));
      expect(await claim(outbox, MOMENT + 10 * LEASE_MS)).toEqual([]);
      await outbox.add(deliveryOf('d2'));
      await outbox.postpone('d2', null);
      await outbox.add(deliveryOf('d2'));
      expect(await claim(outbox, MOMENT + 10 * LEASE_MS)).toEqual([]);
    });

    test('gives out what is due, in the order in which it is, up to the limit', async () => {
      await using opened = await open();
      const { outbox } = opened;
      for (const i of [3, 1, 5, 2, 4])
        await outbox.add(deliveryOf(`d${i}`, { nextAttemptAtMs: MOMENT + i }));
      expect(await claim(outbox, MOMENT)).toEqual([]);
      expect(await claim(outbox, MOMENT + 4, 2)).toEqual(['d1', 'd2']);
      expect(await claim(outbox, MOMENT + 4, 10)).toEqual(['d3', 'd4']);
      expect(await claim(outbox, MOMENT + 5, 10)).toEqual(['d5']);
    });

    test('gives each to one of many who ask at once', async () => {
      await using opened = await open();
      const { outbox } = opened;
      const ids = Array.from({ length: 30 }, (_, i) => `d${i}`);
      for (const id of ids) await outbox.add(deliveryOf(id));
      const first = await Promise.all(Array.from({ length: 8 }, () => claim(outbox, MOMENT, 5)));
      const rest = await claim(outbox, MOMENT, 100);
      const claimed = [...first.flat(), ...rest];
      expect(first.every((some) => some.length <= 5)).toBe(true);
      expect(claimed.toSorted()).toEqual(ids.toSorted());
    });

    test('gives it out again when the lease has run out, with the same attempts', async () => {
      await using opened = await open();
      const { outbox } = opened;
      await outbox.add(deliveryOf('d1', { attempts: 2 }));
      await claim(outbox, MOMENT);
      expect(await claim(outbox, MOMENT + LEASE_MS - 1)).toEqual([]);
      expect(await outbox.claim(MOMENT + LEASE_MS, LEASE_MS, 10)).toMatchObject([
        { id: 'd1', attempts: 2 },
      ]);
      expect(await claim(outbox, MOMENT + LEASE_MS + 1)).toEqual([]);
    });

    test('does not give out what was delivered', async () => {
      await using opened = await open();
      const { outbox } = opened;
      await outbox.add(deliveryOf('d1'));
      await claim(outbox);
      await outbox.delivered('d1', MOMENT + 5);
      await outbox.delivered('d1', MOMENT + 6);
      await outbox.postpone('d1', MOMENT + 7);
      expect(await claim(outbox, MOMENT + 10 * LEASE_MS)).toEqual([]);
    });

    test('gives out what was postponed at its moment, whatever the lease, and counts', async () => {
      await using opened = await open();
      const { outbox } = opened;
      await outbox.add(deliveryOf('d1'));
      await outbox.claim(MOMENT, 600_000, 10);
      await outbox.postpone('d1', MOMENT + 1000);
      expect(await claim(outbox, MOMENT + 999)).toEqual([]);
      expect(await outbox.claim(MOMENT + 1000, LEASE_MS, 10)).toMatchObject([
        { id: 'd1', attempts: 1, createdAtMs: MOMENT },
      ]);
      await outbox.postpone('d1', MOMENT + 500_000);
      expect(await claim(outbox, MOMENT + 499_999)).toEqual([]);
      expect(await outbox.claim(MOMENT + 500_000, LEASE_MS, 10)).toMatchObject([{ attempts: 2 }]);
    });

    test('gives up what is postponed for ever', async () => {
      await using opened = await open();
      const { outbox } = opened;
      await outbox.add(deliveryOf('d1'));
      await claim(outbox);
      await outbox.postpone('d1', null);
      await outbox.postpone('d1', MOMENT);
      expect(await claim(outbox, MOMENT + 10 * LEASE_MS)).toEqual([]);
    });

    test('takes news of unknown deliveries', async () => {
      await using opened = await open();
      const { outbox } = opened;
      await outbox.delivered('none', MOMENT);
      await outbox.postpone('none', MOMENT);
      await outbox.postpone('\u0000', null);
      expect(await claim(outbox)).toEqual([]);
    });
  });
}

async function claim(outbox: Outbox, nowMs = MOMENT, limit = 10): Promise<string[]> {
  return (await outbox.claim(nowMs, LEASE_MS, limit)).map(({ id }) => id);
}

function deliveryOf(id: string, delivery: Partial<Delivery> = {}): Delivery {
  return {
    id,
    url: 'https://example.com/hooks',
    event: 'call.ended',
    body: '{}',
    attempts: 0,
    nextAttemptAtMs: MOMENT,
    createdAtMs: MOMENT,
    ...delivery,
  };
}
