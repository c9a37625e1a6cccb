import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readWav } from '@earshot/audio';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Recording } from './recording.ts';
import { Recordings } from './recordings.ts';

const log = pino({ level: 'silent' });
const frame = (value: number, sampleRate = 8_000, ms = 20) => ({
  samples: new Int16Array((sampleRate / 1_000) * ms).fill(value),
  sampleRate,
});

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'earshot-recordings-'));
});

afterEach(async () => {
  vi.useRealTimers();
  await rm(directory, { recursive: true, force: true });
});

/** The recording of a caller who does not know of it yet. */
function beginUntold(recordings: Recordings, callId = 'call-1'): Recording {
  const recording = recordings.begin(callId);
  if (!recording) throw new Error('not recorded');
  return recording;
}

function begin(recordings: Recordings): Recording {
  const recording = beginUntold(recordings);
  recording.keep();
  return recording;
}

/** The caller is heard for so long, saying this. */
function listen(recording: Recording, ms: number, value = 0): void {
  for (let at = 0; at < ms; at += 20) recording.caller(frame(value));
}

const read = async (callId = 'call-1') => {
  const { samples, sampleRate } = readWav(await readFile(join(directory, `${callId}.wav`)));
  const [left = new Int16Array(), right = new Int16Array()] = samples;
  return { left, right, sampleRate };
};

/** Where a channel is not silent, in ms. */
function sounding(channel: Int16Array): [number, number] {
  return [channel.findIndex(Boolean) / 8, (channel.findLastIndex(Boolean) + 1) / 8];
}

describe('a recording', () => {
  test('is waited for no longer than a disk should take, and the next one waits for it', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const disk = Promise.withResolvers<void>();
    const opened: string[] = [];
    const openFile = async (path: string) => {
      opened.push(path);
      const file = { bytes: 0, write: () => disk.promise, close: async () => {} };
      await writeFile(path, '');
      return file;
    };
    const recordings = new Recordings({ directory, log, openFile });
    const first = begin(recordings);
    listen(first, 3_000);
    recordings.close('call-1', first);
    const second = begin(recordings);
    listen(second, 3_000);
    let isOver = false;
    const closed = recordings.closed('call-1').then(() => {
      isOver = true;
    });
    await vi.waitFor(() => expect(opened).toHaveLength(1));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(isOver).toBe(false);
    await vi.advanceTimersByTimeAsync(1_000);
    await closed;
    expect(opened).toHaveLength(1);
    disk.resolve();
    await vi.waitFor(() => expect(opened).toHaveLength(2));
    recordings.close('call-1', second);
    await recordings.closed('call-1');
  });

  test('has both sides when they were heard', async () => {
    const recording = begin(new Recordings({ directory, log }));
    listen(recording, 1_000);
    recording.played(frame(500, 8_000, 300));
    recording.flushed();
    for (let heardMs = 20; heardMs <= 300; heardMs += 20) {
      listen(recording, 20, 70);
      recording.heard(heardMs);
    }
    listen(recording, 700);
    await recording.close();
    const { left, right } = await read();
    expect(left.length).toBe(2_000 * 8);
    expect(sounding(left)).toEqual([1_000, 1_300]);
    expect(sounding(right)).toEqual([1_000, 1_300]);
    expect(right.filter((sample) => sample === 500)).toHaveLength(300 * 8);
  });

  test('lacks what the caller never heard, and puts the next reply where it was heard', async () => {
    const recording = begin(new Recordings({ directory, log }));
    recording.played(frame(500, 8_000, 1_000));
    listen(recording, 200);
    recording.heard(200);
    recording.cleared(220);
    listen(recording, 800);
    recording.played(frame(900, 8_000, 100));
    listen(recording, 100);
    recording.heard(1_100);
    await recording.close();
    const { right } = await read();
    expect(right.filter((sample) => sample === 500)).toHaveLength(220 * 8);
    expect(right.filter((sample) => sample === 900)).toHaveLength(100 * 8);
    expect(right.lastIndexOf(900)).toBe(1_100 * 8 - 1);
  });

  test('is silent up to the moment from which it is kept, and keeps the time of both sides', async () => {
    const recording = beginUntold(new Recordings({ directory, log }));
    recording.played(frame(500, 8_000, 1_000));
    for (let heardMs = 20; heardMs <= 600; heardMs += 20) {
      listen(recording, 20, 70);
      recording.heard(heardMs);
    }
    listen(recording, 4_000, 70);
    recording.keep();
    listen(recording, 100, 80);
    recording.heard(1_000);
    listen(recording, 300, 80);
    await recording.close();
    const { left, right } = await read();
    expect(left.length).toBe(5_000 * 8);
    expect(sounding(left)).toEqual([4_600, 5_000]);
    expect(sounding(right)).toEqual([4_600, 4_700]);
    expect(left.includes(70)).toBe(false);
  });

  test('that was never to be kept leaves no file', async () => {
    const recording = beginUntold(new Recordings({ directory, log }));
    listen(recording, 10_000, 70);
    await recording.close();
    expect(await readdir(directory)).toEqual([]);
  });

  test('takes speech of any rate', async () => {
    const recording = begin(new Recordings({ directory, log }));
    for (let i = 0; i < 10; i++) recording.played(frame(500, 24_000));
    for (let i = 0; i < 10; i++) recording.played(frame(500, 16_000));
    recording.flushed();
    listen(recording, 400);
    recording.heard(400);
    await recording.close();
    const { right } = await read();
    expect(sounding(right)[1]).toBeGreaterThan(395);
    expect(right.filter((sample) => Math.abs(sample - 500) < 60).length).toBeGreaterThan(380 * 8);
  });

  test('is written as the call goes, and holds little', async () => {
    let written = 0;
    const openFile = async () => ({
      bytes: 0,
      write: async (bytes: Uint8Array) => {
        written += bytes.length;
      },
      close: async () => {},
    });
    const recording = begin(new Recordings({ directory, log, openFile }));
    for (let second = 0; second < 60; second++) {
      listen(recording, 1_000, 5);
      // Once the file is open: that takes as long as the disk does.
      if (second === 3) await expect.poll(() => written).toBeGreaterThan(0);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(written).toBeGreaterThan(57_000 * 32);
    await recording.close();
    expect(written).toBeGreaterThan(60_000 * 32);
  });

  test('goes on in the same file when the call comes back', async () => {
    const recordings = new Recordings({ directory, log });
    for (const value of [1, 2, 3]) {
      const recording = begin(recordings);
      listen(recording, 3_000, value);
      await recording.close();
    }
    const { left } = await read();
    expect(left.length).toBe(9_000 * 8);
    for (const [at, value] of [1, 2, 3].entries()) expect(left[at * 24_000 + 10]).toBe(value);
  });

  test('that a crash has cut is readable at once, and put right at the next start', async () => {
    const recordings = new Recordings({ directory, log });
    const path = join(directory, 'call-1.wav');
    const recording = begin(recordings);
    listen(recording, 10_000, 5);
    await expect
      .poll(async () => (await stat(path).catch(() => null))?.size ?? 0)
      .toBeGreaterThan(200_000);
    await truncate(path, 200_003);
    expect((await read()).left.length).toBe(Math.floor((200_003 - 58) / 4));
    await writeFile(join(directory, 'other.wav'), 'no wav');
    const next = new Recordings({ directory, log });
    await next.repair();
    expect(next.counts.repaired).toBe(1);
    const bytes = await readFile(path);
    expect(bytes.readUInt32LE(54)).toBe(bytes.length - 58);
    expect(bytes.readUInt32LE(4)).toBe(bytes.length - 8);
    await next.repair();
    expect(next.counts.repaired).toBe(1);
    await recording.close();
    expect(await readdir(join(directory, '.open'))).toEqual([]);
  });

  test('that another server writes is left alone', async () => {
    const recording = begin(new Recordings({ directory, marks: join(directory, '1'), log }));
    listen(recording, 10_000, 5);
    await expect.poll(() => readdir(join(directory, '1')).catch(() => [])).toEqual(['call-1']);
    const other = new Recordings({ directory, marks: join(directory, '2'), log });
    await other.repair();
    expect(other.counts.repaired).toBe(0);
    await recording.close();
    expect((await read()).left.length).toBe(10_000 * 8);
  });

  test('ends when the disk is full, and the call does not', async () => {
    let written = 0;
    const openFile = async () => ({
      bytes: 0,
      write: async (bytes: Uint8Array) => {
        written += bytes.length;
        if (written > 40_000) throw new Error('ENOSPC');
      },
      close: async () => {},
    });
    const recordings = new Recordings({ directory, log, openFile });
    const recording = begin(recordings);
    for (let second = 0; second < 20; second++) {
      listen(recording, 1_000, 5);
      recording.played(frame(9));
      recording.heard(second);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await recording.close();
    expect(recordings.counts).toMatchObject({ begun: 1, failed: 1 });
  });

  test('of a directory that cannot be made costs no call', async () => {
    await writeFile(join(directory, 'file'), '');
    const recordings = new Recordings({ directory: join(directory, 'file'), log });
    const recording = begin(recordings);
    listen(recording, 10_000);
    await recording.close();
    expect(recordings.counts.failed).toBe(1);
    await recordings.repair();
  });

  test.each(['../escape', 'a/b', '', 'a\0b', 'x'.repeat(200), '..'])(
    'has a safe name: %j',
    (id) => {
      const recordings = new Recordings({ directory, log });
      expect(recordings.begin(id)).toBeNull();
      expect(recordings.pathOf(id)).toBeNull();
    },
  );
});
