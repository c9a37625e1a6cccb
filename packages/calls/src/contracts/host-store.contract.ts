import { describe, expect, test } from 'vitest';
import type { CallStore } from '../call-store.ts';
import type { HostStore } from '../host-store.ts';
import { outcome } from '../outcome.ts';
import { planOf } from './example-calls.ts';

/** Opens the store of hosts and the calls that they host, both empty. */
export type OpenHostStore = () => Promise<
  AsyncDisposable & { readonly hosts: HostStore; readonly calls: CallStore }
>;

const MOMENT = 1_800_000_000_123;
const LEASE_MS = 60_000;
/** No time need pass for a host to be gone: it says so itself. */
const GONE_AT_ONCE_MS = 0;

/** What every host store does. */
export function hostStoreContract(name: string, open: OpenHostStore): void {
  describe(name, () => {
    const stage = async () => {
      const opened = await open();
      const { hosts, calls } = opened;
      let begun = 0;
      const begin = async (host: string | null, id = planOf().id) => {
        await calls.create(planOf({ id }), MOMENT + begun++, null, host);
        return id;
      };
      const take = async (host: string, takable: Parameters<HostStore['take']>[1]) =>
        (await hosts.take(host, takable, [])).map(({ id }) => id);
      return { ...opened, begin, take, [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose]() };
    };

    test('calls of a host that lives are left alone', async () => {
      await using opened = await stage();
      const { hosts, begin, take } = opened;
      await hosts.beat('a', LEASE_MS, []);
      const id = await begin('a');
      for (const takable of ['left', 'unnamed', 'gone'] as const) {
        expect(await take('b', takable)).toEqual([]);
        expect(await hosts.takeOne('b', takable, id)).toBeNull();
      }
      expect(await hosts.beat('a', LEASE_MS, [id])).toEqual([]);
    });

    test('calls of a host that was not seen for so long are taken, oldest first, and it is told so', async () => {
      await using opened = await stage();
      const { hosts, begin, take, calls } = opened;
      await hosts.beat('a', GONE_AT_ONCE_MS, []);
      await hosts.beat('b', LEASE_MS, []);
      const [first, second] = [await begin('a'), await begin('a')];
      const ended = await begin('a');
      await calls.settle(ended, outcome('completed'), MOMENT);
      expect(await take('b', 'left')).toEqual([]);
      expect(await take('b', 'unnamed')).toEqual([]);
      expect(await take('b', 'gone')).toEqual([first, second]);
      expect(await take('c', 'gone')).toEqual([]);
      const lost = await hosts.beat('a', LEASE_MS, [first, second, 'call-unknown']);
      expect(lost.toSorted()).toEqual([first, second].toSorted());
    });

    test('who was late and is back before anybody took anything has lost nothing', async () => {
      await using opened = await stage();
      const { hosts, begin, take } = opened;
      await hosts.beat('a', GONE_AT_ONCE_MS, []);
      const id = await begin('a');
      expect(await hosts.beat('a', LEASE_MS, [id])).toEqual([]);
      expect(await take('b', 'gone')).toEqual([]);
    });

    test('calls of a host that has left are anybody’s at once', async () => {
      await using opened = await stage();
      const { hosts, begin, take } = opened;
      await hosts.beat('a', LEASE_MS, []);
      const id = await begin('a');
      await hosts.leave('a');
      await hosts.leave('a');
      await hosts.beat('b', LEASE_MS, []);
      expect(await take('b', 'left')).toEqual([id]);
      expect(await take('c', 'left')).toEqual([]);
    });

    test('calls that were begun without a host are taken only where that is asked for', async () => {
      await using opened = await stage();
      const { hosts, begin, take } = opened;
      await hosts.beat('b', LEASE_MS, []);
      const id = await begin(null);
      expect(await take('b', 'left')).toEqual([]);
      expect(await take('b', 'gone')).toEqual([]);
      expect(await hosts.beat('b', LEASE_MS, [id])).toEqual([]);
      expect(await take('b', 'unnamed')).toEqual([id]);
      expect(await take('c', 'unnamed')).toEqual([]);
    });

    test('own calls are given again, but for those that are known', async () => {
      await using opened = await stage();
      const { hosts, begin } = opened;
      await hosts.beat('a', LEASE_MS, []);
      const [known, forgotten] = [await begin('a'), await begin('a')];
      const taken = await hosts.take('a', 'left', [known]);
      expect(taken).toMatchObject([{ id: forgotten, phase: 'queued', createdAtMs: MOMENT + 1 }]);
      expect(await hosts.takeOne('a', 'left', known)).toMatchObject({ id: known });
    });

    test('one call is taken alone, and none that is over or unknown', async () => {
      await using opened = await stage();
      const { hosts, begin, take, calls } = opened;
      const [one, other] = [await begin('a'), await begin('a')];
      await hosts.beat('b', LEASE_MS, []);
      expect(await hosts.takeOne('b', 'gone', one)).toMatchObject({ id: one });
      expect(await take('c', 'gone')).toEqual([other]);
      await calls.settle(one, outcome('completed'), MOMENT);
      expect(await hosts.takeOne('b', 'gone', one)).toBeNull();
      expect(await hosts.takeOne('b', 'gone', 'call-unknown')).toBeNull();
    });

    test('each call goes to one, however many take at once', async () => {
      await using opened = await stage();
      const { hosts, begin } = opened;
      const ids: string[] = [];
      for (let n = 0; n < 20; n++) ids.push(await begin('a'));
      const takers = Array.from({ length: 6 }, (_, n) => `taker-${n}`);
      const taken = await Promise.all(
        takers.map(async (taker) => {
          await hosts.beat(taker, LEASE_MS, []);
          return hosts.take(taker, 'gone', []);
        }),
      );
      expect(taken.flatMap((calls) => calls.map(({ id }) => id)).toSorted()).toEqual(
        ids.toSorted(),
      );
      const lost = await Promise.all(takers.map((taker) => hosts.beat(taker, LEASE_MS, ids)));
      expect(lost.flat()).toHaveLength(20 * 5);
    });
  });
}
