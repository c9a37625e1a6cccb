import { expect, test } from 'vitest';
import { humming, TalkingCaller } from './talking-caller.ts';

const SPEECH = new Int16Array(160 * 5).fill(4_000);
const LOUD = new Int16Array(160).fill(4_000);
const QUIET = new Int16Array(160);

/** '#' is a frame in which the agent is heard; the answer has '#' where the caller speaks. */
function talk(caller: TalkingCaller, agent: string): string {
  const said = [...agent].map((kind, index) => {
    const { samples, hangUp } = caller.tick(kind === '#' ? LOUD : QUIET, index * 20);
    if (hangUp) return 'X';
    return samples ? '#' : '.';
  });
  return said.join('');
}

test('talks 700 ms after the agent has finished, and measures the gap to its answer', () => {
  const caller = new TalkingCaller(SPEECH, 10_000);
  const pause = '.'.repeat(35);
  const said = talk(caller, `##${pause}.....${'.'.repeat(10)}##`);
  expect(said).toBe(`..${pause}#####${'.'.repeat(12)}`);
  expect(caller.gapsMs).toEqual([200]);
  expect(caller.unanswered).toBe(0);
});

test('says it again when nobody answers for six seconds', () => {
  const caller = new TalkingCaller(SPEECH, 60_000);
  const said = talk(caller, '.'.repeat(620));
  expect(said.match(/#+/g)).toEqual(['#####', '#####']);
  expect(caller.unanswered).toBe(1);
});

test('hangs up when its time is over', () => {
  expect(talk(new TalkingCaller(SPEECH, 100), '......')).toBe('....XX');
});

test('the hum is two seconds and does not clip', () => {
  const hum = humming();
  expect(hum.length).toBe(16_000);
  const peak = Math.max(...hum.map(Math.abs));
  expect(peak).toBeGreaterThan(3_000);
  expect(peak).toBeLessThan(30_000);
});
