import { describe, expect, test } from 'vitest';
import { type CallPlan, type Status, statusOf } from '../call.ts';
import type { CallFilter, CallStore } from '../call-store.ts';
import { outcome, REASONS, type Reason } from '../outcome.ts';
import type { OpenCallStore } from './call-store.contract.ts';
import { planOf } from './example-calls.ts';

const MOMENT = 1_800_000_000_000;

/** Finding calls again: pages, filters, and those that are open. */
export function callListContract(open: OpenCallStore): void {
  describe('the list of calls', () => {
    test('of an empty store is one empty page', async () => {
      await using opened = await open();
      expect(await opened.store.list({}, 10, null)).toEqual({ calls: [], nextCursor: null });
      expect(await opened.store.open()).toEqual([]);
    });

    test('has the newest first, in whatever order they were created', async () => {
      await using opened = await open();
      const { store } = opened;
      const ids = await createAt(store, [3, 1, 4, 2]);
      const expected = [ids[2], ids[0], ids[3], ids[1]];
      const { calls, nextCursor } = await store.list({}, 10, null);
      expect(calls.map(({ id }) => id)).toEqual(expected);
      expect(nextCursor).toBeNull();
      expect(calls[0]).toEqual(await store.find(ids[2] ?? ''));
    });

    test.each([1, 2, 3, 5, 24, 25, 26])(
      'of many calls of the same moments shows each once, in pages of %i',
      async (limit) => {
        await using opened = await open();
        const { store } = opened;
        const ids = await createAt(
          store,
          Array.from({ length: 25 }, (_, i) => Math.floor(i / 10)),
        );
        const pages = await allPages(store, {}, limit);
        const seen = pages.flat();
        expect(seen.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
        const moments = seen.map(({ createdAtMs }) => createdAtMs);
        expect(moments).toEqual(moments.toSorted((a, b) => b - a));
        expect(pages).toHaveLength(Math.ceil(25 / limit));
        const whole = await store.list({}, 100, null);
        expect(whole.calls).toEqual(seen);
      },
    );

    test('goes on where it was when calls are added and change meanwhile', async () => {
      await using opened = await open();
      const { store } = opened;
      const ids = await createAt(store, [1, 2, 3, 4]);
      const first = await store.list({}, 2, null);
      await createAt(store, [9, 9, 9]);
      await store.settle(ids[0] ?? '', outcome('busy'), MOMENT + 99);
      const second = await store.list({}, 2, first.nextCursor);
      const seen = [...first.calls, ...second.calls].map(({ id }) => id);
      expect(seen).toEqual(ids.toReversed());
      expect(second.nextCursor).toBeNull();
    });

    test.each(['', ' ', 'x', '-1', '{}', 'null', 'eyJhIjoxfQ==', '\u0000', '9'.repeat(400), '💥'])(
      'of the bad cursor %j is an empty page',
      async (cursor) => {
        await using opened = await open();
        await createAt(opened.store, [1, 2]);
        expect(await opened.store.list({}, 10, cursor)).toEqual({ calls: [], nextCursor: null });
      },
    );

    test('is filtered by what a call is, has and was', async () => {
      await using opened = await open();
      const { store } = opened;
      const make = async (atMs: number, plan: Partial<CallPlan>) => {
        const { id } = planOf();
        await store.create(planOf({ id, ...plan }), MOMENT + atMs, null);
        return id;
      };
      const a = await make(1, { to: '+1111', from: '+2222', receptionistId: 'r1' });
      const b = await make(2, { direction: 'inbound', to: '+2222', from: '+1111' });
      const c = await make(3, { to: '+3333', from: '+1111', receptionistId: 'r1' });
      await store.settle(c, outcome('busy'), MOMENT + 9);
      const cases: [CallFilter, string[]][] = [
        [{ direction: 'inbound' }, [b]],
        [{ direction: 'outbound' }, [c, a]],
        [{ phoneNumber: '+1111' }, [b, a]],
        [{ phoneNumber: '+2222' }, []],
        [{ phoneNumber: '+111' }, []],
        [{ phoneNumber: '%' }, []],
        [{ phoneNumber: '\u0000' }, []],
        [{ receptionistId: 'r1' }, [c, a]],
        [{ receptionistId: 'r1', status: 'busy' }, [c]],
        [{ receptionistId: 'r1', direction: 'inbound' }, []],
        [{ createdAfterMs: MOMENT + 2 }, [c, b]],
        [{ createdBeforeMs: MOMENT + 2 }, [a]],
        [{ createdAfterMs: MOMENT + 2, createdBeforeMs: MOMENT + 3 }, [b]],
        [{ createdAfterMs: MOMENT + 3, createdBeforeMs: MOMENT + 2 }, []],
        [{ status: 'initiated' }, [b, a]],
      ];
      for (const [filter, ids] of cases) {
        const { calls } = await store.list(filter, 10, null);
        expect({ filter, ids: calls.map(({ id }) => id) }).toEqual({ filter, ids });
      }
    });

    test('is filtered by each status exactly', async () => {
      await using opened = await open();
      const { store } = opened;
      const expected = new Map<Status, string[]>();
      const remember = async (id: string) => {
        const call = await store.find(id);
        if (call) expected.set(statusOf(call), [...(expected.get(statusOf(call)) ?? []), id]);
      };
      for (const phase of ['queued', 'ringing', 'answered'] as const) {
        const [id = ''] = await createAt(store, [1]);
        await store.note(id, { phase });
        await remember(id);
      }
      for (const reason of Object.keys(REASONS) as Reason[]) {
        const [id = ''] = await createAt(store, [2]);
        await store.settle(id, outcome(reason), MOMENT);
        await remember(id);
      }
      expect(expected.size).toBe(8);
      for (const [status, ids] of expected) {
        const { calls } = await store.list({ status }, 100, null);
        expect(calls.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
      }
    });

    test('is filtered on every page', async () => {
      await using opened = await open();
      const { store } = opened;
      for (let i = 0; i < 12; i += 1)
        await store.create(planOf({ receptionistId: `r${i % 3}` }), MOMENT + (i % 2), null);
      const pages = await allPages(store, { receptionistId: 'r1' }, 3);
      expect(pages.map((calls) => calls.length)).toEqual([3, 1]);
      expect(pages.flat().every(({ receptionistId }) => receptionistId === 'r1')).toBe(true);
    });

    test('of open calls has all that have not ended, the oldest first', async () => {
      await using opened = await open();
      const { store } = opened;
      const [a = '', b = '', c = '', d = ''] = await createAt(store, [4, 3, 2, 1]);
      await store.note(a, { phase: 'answered' });
      await store.note(c, { phase: 'ringing' });
      await store.settle(b, outcome('completed'), MOMENT);
      expect((await store.open()).map(({ id }) => id)).toEqual([d, c, a]);
      expect((await store.open())[0]).toEqual(await store.find(d));
    });
  });
}

async function createAt(store: CallStore, moments: readonly number[]): Promise<string[]> {
  const plans = moments.map((atMs) => ({ plan: planOf(), atMs }));
  for (const { plan, atMs } of plans) await store.create(plan, MOMENT + atMs, null);
  return plans.map(({ plan }) => plan.id);
}

async function allPages(store: CallStore, filter: CallFilter, limit: number) {
  const pages = [];
  let cursor: string | null = null;
  do {
    const { calls, nextCursor } = await store.list(filter, limit, cursor);
    pages.push(calls);
    cursor = nextCursor;
  } while (cursor !== null);
  return pages;
}
