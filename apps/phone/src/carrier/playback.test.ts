import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Playback } from './playback.ts';

const codes = (length: number, value = 1) => new Uint8Array(length).fill(value);

test('nothing is lost or doubled, whatever the sizes of the messages', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 700 })), (messages) => {
      const playback = new Playback();
      for (const message of messages) playback.append(message);
      const sent = Buffer.concat(messages);
      const frames = Math.ceil(sent.length / 160);
      const played = Array.from({ length: frames }, () => playback.pull());
      const heard = Buffer.concat(played.map((frame) => frame.codes.subarray(0, frame.sent)));
      expect(heard.equals(sent)).toBe(true);
      expect(playback.pull().sent).toBe(0);
      expect(playback.bufferedMs).toBe(0);
    }),
  );
});

test('an empty buffer sounds as silence', () => {
  const playback = new Playback();
  playback.append(codes(100));
  const { codes: played, sent } = playback.pull();
  expect(sent).toBe(100);
  expect([...played.subarray(98, 102)]).toEqual([1, 1, 0xff, 0xff]);
});

test('a mark comes back when the audio before it has sounded to its end', () => {
  const playback = new Playback();
  playback.append(codes(320));
  expect(playback.mark('a')).toBe(false);
  playback.append(codes(80));
  expect(playback.mark('b')).toBe(false);
  const reached = [];
  for (let frame = 0; frame < 4; frame += 1) {
    playback.pull();
    reached.push(playback.settle());
  }
  expect(reached).toEqual([[], ['a'], ['b'], []]);
});

test('a mark with nothing before it comes back at once, but not while the last frame sounds', () => {
  const playback = new Playback();
  expect(playback.mark('at once')).toBe(true);
  playback.append(codes(160));
  playback.pull();
  expect(playback.mark('soon')).toBe(false);
  expect(playback.settle()).toEqual(['soon']);
});

test('clear drops what waits and returns all marks in order', () => {
  const playback = new Playback();
  playback.append(codes(480));
  playback.mark('a');
  playback.append(codes(160));
  playback.mark('b');
  playback.pull();
  expect(playback.clear()).toEqual({ droppedMs: 60, marks: ['a', 'b'] });
  expect(playback.pull().sent).toBe(0);
  expect(playback.settle()).toEqual([]);
  playback.append(codes(160, 7));
  expect(playback.mark('c')).toBe(false);
  expect(playback.pull().codes[0]).toBe(7);
  expect(playback.settle()).toEqual(['c']);
});

test('more than ten minutes are refused, and taken again when there is room', () => {
  const playback = new Playback();
  const minute = codes(60 * 8000);
  for (let count = 0; count < 10; count += 1) expect(playback.append(minute)).toBe(true);
  expect(playback.append(codes(1))).toBe(false);
  playback.pull();
  expect(playback.append(codes(160))).toBe(true);
  expect(playback.maxBufferedMs).toBe(600_000);
});
