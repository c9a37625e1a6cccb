import { expect, test } from 'vitest';
import { FairQueue } from './fair-queue.ts';

function queueOf(...items: string[]): FairQueue<string> {
  const queue = new FairQueue<string>();
  for (const item of items) queue.push(item.slice(0, 1), item);
  return queue;
}

test('lanes take turns, and each lane keeps its order', () => {
  expect(queueOf('a1', 'a2', 'a3', 'b1', 'c1', 'c2').takeAll()).toEqual([
    'a1',
    'b1',
    'c1',
    'a2',
    'c2',
    'a3',
  ]);
});

test('a lane that was just served waits for the others, also when it asks again', () => {
  const queue = queueOf('a1', 'b1');
  expect(queue.shift()).toBe('a1');
  queue.push('a', 'a2');
  expect(queue.takeAll()).toEqual(['b1', 'a2']);
});

test('urgent work comes first', () => {
  const queue = queueOf('a1', 'b1');
  queue.pushUrgent('z');
  expect(queue.size).toBe(3);
  expect(queue.takeAll()).toEqual(['z', 'a1', 'b1']);
  expect(queue.size).toBe(0);
});

test('removes what waits, once', () => {
  const queue = queueOf('a1', 'a2', 'b1');
  queue.pushUrgent('z');
  expect(['b1', 'b1', 'z', 'a1', 'x'].map((item) => queue.remove(item))).toEqual([
    true,
    false,
    true,
    true,
    false,
  ]);
  expect(queue.takeAll()).toEqual(['a2']);
  expect(queue.shift()).toBeUndefined();
});
