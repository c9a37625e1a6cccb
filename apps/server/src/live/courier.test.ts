import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Courier, type Judgement } from './courier.ts';
import { Spool } from './spool.ts';
import { type SpoolDisk, spoolDisk } from './spool-disk.ts';

interface Note {
  readonly callId: string;
  readonly text: string;
}

const parse = (value: unknown): Note | null =>
  typeof value === 'object' && value !== null && 'callId' in value ? (value as Note) : null;

let directory: string;
let diskFailures: number;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'earshot-spool-'));
  diskFailures = 0;
});

afterEach(() => rm(directory, { recursive: true, force: true }));

const openSpool = (disk: SpoolDisk = spoolDisk(join(directory, 'spool'), 'notes'), more = {}) =>
  Spool.open<Note>({
    disk,
    name: 'notes',
    parse,
    onDiskFailed: () => {
      diskFailures += 1;
    },
    ...more,
  });

/** A disk that takes nothing while it is full. */
function fullDisk() {
  const real = spoolDisk(directory, 'notes');
  const disk = {
    ...real,
    isFull: true,
    append: (name: string, text: string) =>
      disk.isFull ? Promise.reject(new Error('ENOSPC')) : real.append(name, text),
  };
  return disk;
}

/** A receiver that is away as long as the test says. */
class Receiver {
  away = false;
  judgement: Judgement = 'retry';
  tries = 0;
  readonly taken: string[] = [];

  readonly deliver = async (callId: string, notes: readonly Note[]): Promise<void> => {
    this.tries += 1;
    await Promise.resolve();
    if (this.away || notes.some(({ text }) => text === 'poison')) throw new Error('away');
    this.taken.push(...notes.map(({ text }) => `${callId}:${text}`));
  };
}

/** A courier whose time passes when the test says so. */
function courierTo(
  receiver: Receiver,
  spool: Spool<Note>,
  onWait: (ms: number) => void = () => {},
  log = pino({ level: 'silent' }),
) {
  return new Courier<Note>({
    spool,
    deliver: receiver.deliver,
    judge: () => receiver.judgement,
    log,
    wait: async (ms) => {
      onWait(ms);
      await new Promise((resolve) => setImmediate(resolve));
    },
  });
}

/** What is logged, line by line. */
function logTo(lines: string[]) {
  return pino({ level: 'debug' }, { write: (line) => void lines.push(line) });
}

const brokenIn = (where: string, name = 'notes-000000001.jsonl') =>
  readFile(join(where, `${name}.broken`), 'utf8');

async function batchOf(spool: Spool<Note>) {
  const batch = await spool.oldest();
  return batch === 'unreadable' ? null : batch;
}

/** A disk that cannot be read while the test says so: as many files are open as may be. */
function unreadableDisk(real: SpoolDisk) {
  const failing = {
    fails: true,
    read: async (name: string) => {
      if (failing.fails) throw Object.assign(new Error('EMFILE'), { code: 'EMFILE' });
      return real.read(name);
    },
  };
  return { ...real, read: failing.read, failing };
}

const send = (courier: Courier<Note>, callId: string, ...texts: string[]) => {
  for (const text of texts) courier.send({ callId, text });
};

describe('a courier', () => {
  test('delivers what comes together together, in the order of each call', async () => {
    const receiver = new Receiver();
    await using courier = courierTo(receiver, await openSpool());
    send(courier, 'a', '1', '2');
    send(courier, 'b', '1');
    await courier.settled();
    expect(receiver.taken).toEqual(['a:1', 'a:2', 'b:1']);
    expect(receiver.tries).toBe(2);
    expect(await readdir(directory)).toEqual([]);
  });

  test('keeps everything while the receiver is away, and delivers it in order afterwards', async () => {
    const receiver = new Receiver();
    const waits: number[] = [];
    await using courier = courierTo(receiver, await openSpool(), (ms) => {
      waits.push(ms);
      if (waits.length === 3) send(courier, 'a', '3');
      if (waits.length === 9) receiver.away = false;
    });
    receiver.away = true;
    send(courier, 'a', '1', '2');
    await courier.settled();
    expect(receiver.taken).toEqual(['a:1', 'a:2', 'a:3']);
    expect(waits.slice(0, 7)).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000]);
    expect(await readdir(join(directory, 'spool'))).toEqual([]);
  });

  test('holds back no other call for one that is not taken, and gives that up in the end', async () => {
    const receiver = new Receiver();
    receiver.judgement = 'doubt';
    await using courier = courierTo(receiver, await openSpool());
    send(courier, 'bad', 'poison');
    send(courier, 'good', '1');
    await courier.settled();
    expect(receiver.taken).toEqual(['good:1']);
    expect(courier.counts).toMatchObject({ sent: 2, delivered: 1, dropped: 1 });
    const kept = await brokenIn(join(directory, 'spool'));
    expect(kept).toBe('{"callId":"bad","text":"poison"}\n');
    expect(await openSpool()).toMatchObject({ isEmpty: true });
  });

  test('says of which calls it gives something up, and not what', async () => {
    const receiver = new Receiver();
    receiver.judgement = 'doubt';
    const lines: string[] = [];
    await using courier = courierTo(receiver, await openSpool(), undefined, logTo(lines));
    send(courier, 'bad', 'poison', 'secret');
    send(courier, 'worse', 'poison');
    await courier.settled();
    const errors = lines.map((line) => JSON.parse(line)).filter(({ level }) => level === 50);
    expect(errors).toMatchObject([
      { callId: 'bad', entries: 2, msg: 'entries given up' },
      { callId: 'worse', entries: 1, msg: 'entries given up' },
    ]);
    expect(lines.join()).not.toMatch(/poison|secret/);
  });

  test('does not keep for ever what alone is never taken', async () => {
    const receiver = new Receiver();
    let waits = 0;
    await using courier = courierTo(receiver, await openSpool(), () => {
      waits += 1;
      send(courier, `good-${waits}`, '1');
    });
    send(courier, 'bad', 'poison');
    await courier.settled();
    expect(courier.counts.dropped).toBe(1);
    expect(await brokenIn(join(directory, 'spool'))).toContain('"bad"');
    expect(waits).toBe(100);
    expect(receiver.taken).toHaveLength(100);
  });

  test('drops what nobody wants any more, at once', async () => {
    const receiver = new Receiver();
    receiver.judgement = 'drop';
    receiver.away = true;
    await using courier = courierTo(receiver, await openSpool());
    send(courier, 'a', '1');
    await courier.settled();
    expect(courier.counts).toMatchObject({ spooled: 0, dropped: 1 });
    expect(receiver.tries).toBe(1);
  });

  test('that stops leaves what was not taken to the next process', async () => {
    const receiver = new Receiver();
    receiver.away = true;
    {
      await using courier = courierTo(receiver, await openSpool());
      send(courier, 'a', '1', '2');
    }
    receiver.away = false;
    const spool = await openSpool();
    expect(spool.size).toBe(2);
    await using courier = courierTo(receiver, spool);
    send(courier, 'a', '3');
    await courier.settled();
    expect(receiver.taken).toEqual(['a:1', 'a:2', 'a:3']);
    expect(spool.size).toBe(0);
  });

  test('does not wait for ever for a receiver that never answers', async () => {
    const spool = await openSpool();
    const courier = new Courier<Note>({
      spool,
      deliver: () => new Promise(() => {}),
      judge: () => 'retry',
      log: pino({ level: 'silent' }),
      lastTryMs: 10,
    });
    courier.send({ callId: 'a', text: '1' });
    await courier[Symbol.asyncDispose]();
    expect(spool.size).toBe(1);
  });
});

describe('a spool', () => {
  test('reads on behind a line that a crash has cut', async () => {
    const disk = spoolDisk(directory, 'notes');
    await disk.append('notes-000000004.jsonl', '\n{"callId":"a","text":"1"}\n{"callId":"b","te');
    await disk.append('notes-000000004.jsonl', '\n{"callId":"c","text":"2"}\n');
    await writeFile(join(directory, 'other'), 'not ours');
    const spool = await openSpool(disk);
    expect(spool.size).toBe(2);
    expect(spool.lost).toBe(1);
    await spool.add([{ callId: 'd', text: '3' }]);
    expect(await readdir(directory)).toContain('notes-000000005.jsonl');
    const batch = await batchOf(spool);
    expect(batch?.entries.map(({ callId }) => callId)).toEqual(['a', 'c']);
    expect(spool.holds('a')).toBe(true);
    await batch?.done();
    expect(spool.holds('a')).toBe(false);
  });

  test('keeps a file that cannot be read now, and reads it later', async () => {
    const disk = unreadableDisk(spoolDisk(directory, 'notes'));
    const spool = await openSpool(disk);
    await spool.add([{ callId: 'a', text: '1' }]);
    expect(await spool.oldest()).toBe('unreadable');
    expect(diskFailures).toBe(1);
    await spool.add([{ callId: 'b', text: '2' }]);
    const receiver = new Receiver();
    let waits = 0;
    await using courier = courierTo(receiver, spool, () => {
      waits += 1;
      disk.failing.fails = waits < 3;
    });
    await courier.settled();
    expect(receiver.taken).toEqual(['a:1', 'b:2']);
    expect(spool).toMatchObject({ lost: 0, isEmpty: true });
    expect(await readdir(directory)).toEqual([]);
  });

  test('keeps what an earlier process has left, also when it cannot be read at first', async () => {
    const disk = unreadableDisk(spoolDisk(directory, 'notes'));
    await disk.append('notes-000000002.jsonl', '\n{"callId":"a","text":"1"}\n');
    const spool = await openSpool(disk);
    expect(spool).toMatchObject({ size: 0, isEmpty: false });
    const receiver = new Receiver();
    await using courier = courierTo(receiver, spool, () => {
      disk.failing.fails = false;
    });
    await courier.settled();
    expect(receiver.taken).toEqual(['a:1']);
    expect(diskFailures).toBe(1);
    expect(spool).toMatchObject({ size: 0, isEmpty: true });
  });

  test('sets aside what it cannot understand, for whoever looks after it', async () => {
    const disk = spoolDisk(directory, 'notes');
    await disk.append('notes-000000001.jsonl', '\n{"callId":"a","text":"1"}\n{"cal\n');
    const receiver = new Receiver();
    const courier = courierTo(receiver, await openSpool(disk));
    await courier.settled();
    await courier[Symbol.asyncDispose]();
    expect(receiver.taken).toEqual(['a:1']);
    expect(await readdir(directory)).toEqual(['notes-000000001.jsonl.broken']);
    const broken = join(directory, 'notes-000000001.jsonl.broken');
    expect(await readFile(broken, 'utf8')).toBe('{"cal\n');
    expect(await openSpool(disk)).toMatchObject({ lost: 0, isEmpty: true });
  });

  test('holds in memory what a full disk does not take, within a bound, and counts what is lost', async () => {
    const disk = fullDisk();
    const spool = await openSpool(disk, { mostHeld: 3 });
    for (const text of ['1', '2', '3', '4', '5']) await spool.add([{ callId: 'a', text }]);
    expect(spool).toMatchObject({ size: 3, lost: 2 });
    expect(diskFailures).toBe(1);
    disk.isFull = false;
    await spool.add([{ callId: 'a', text: '6' }]);
    const receiver = new Receiver();
    await using courier = courierTo(receiver, spool);
    await courier.settled();
    expect(receiver.taken).toEqual(['a:3', 'a:4', 'a:5', 'a:6']);
  });

  test('sets aside no more than it may, also after a restart, and tells', async () => {
    const disk = spoolDisk(directory, 'notes');
    const mostBytes = 100;
    for (const callId of ['a', 'b', 'c']) {
      const spool = await openSpool(disk, { mostBytes });
      await spool.add([{ callId, text: 'x'.repeat(20) }]);
      const batch = await batchOf(spool);
      await batch?.done(batch.entries);
      expect(spool).toMatchObject({ size: 0, lost: callId === 'c' ? 1 : 0 });
    }
    expect(diskFailures).toBe(1);
    expect((await readdir(directory)).sort()).toEqual([
      'notes-000000001.jsonl.broken',
      'notes-000000002.jsonl.broken',
    ]);
  });

  test('sets aside also what it could only hold in memory', async () => {
    const disk = fullDisk();
    const spool = await openSpool(disk);
    const giveUp = async (callId: string) => {
      disk.isFull = true;
      await spool.add([{ callId, text: '1' }]);
      // The file that was begun for it was never written.
      await (await batchOf(spool))?.done();
      const batch = await batchOf(spool);
      disk.isFull = callId === 'b';
      await batch?.done(batch.entries);
    };
    await giveUp('a');
    expect(await brokenIn(directory, 'notes-held.jsonl')).toBe('{"callId":"a","text":"1"}\n');
    await giveUp('b');
    expect(spool).toMatchObject({ lost: 1, isEmpty: true });
  });

  test('takes no more disk than it may', async () => {
    const spool = await openSpool(undefined, { mostBytes: 100, mostHeld: 1 });
    for (let i = 0; i < 10; i++) await spool.add([{ callId: 'a', text: 'x'.repeat(40) }]);
    expect(spool.size).toBeLessThanOrEqual(3);
    expect(spool.lost).toBeGreaterThanOrEqual(7);
  });

  test('in a place where nothing can be written works in memory', async () => {
    await writeFile(join(directory, 'spool'), 'a file, not a directory');
    const spool = await openSpool();
    const receiver = new Receiver();
    receiver.away = true;
    await using courier = courierTo(receiver, spool, () => {
      receiver.away = false;
    });
    send(courier, 'a', '1');
    await courier.settled();
    expect(receiver.taken).toEqual(['a:1']);
    expect(diskFailures).toBeGreaterThan(0);
  });
});
