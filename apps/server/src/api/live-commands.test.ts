import { MemoryLiveEvents } from '@earshot/calls';
import { afterEach, expect, test } from 'vitest';
import type { SayResult } from '../live/live-call.ts';
import { LiveCommands } from './live-commands.ts';

let opened = new AsyncDisposableStack();

afterEach(async () => {
  await opened.disposeAsync();
  opened = new AsyncDisposableStack();
});

/** An instance that holds these calls and remembers what it is told of them. */
function instance(events: MemoryLiveEvents, shared: boolean, ...held: readonly string[]) {
  const told: string[] = [];
  const answers: { say: SayResult } = { say: 'taken' };
  const calls = {
    has: (callId: string) => held.includes(callId),
    say: (callId: string, text: string) => {
      told.push(`${callId} ${text}`);
      return answers.say;
    },
    transferring: (callId: string, is: boolean) => {
      told.push(`${callId} ${is}`);
      return true;
    },
  };
  const commands = opened.use(new LiveCommands({ calls, events, shared, patienceMs: 20 }));
  return { commands, told, answers };
}

test('a transfer asked elsewhere goes on once the holder of the call knows', async () => {
  const events = new MemoryLiveEvents();
  const holder = instance(events, true, 'call-1');
  const asker = instance(events, true);
  await asker.commands.transferring('call-1', true);
  expect(holder.told).toEqual(['call-1 true']);
  await holder.commands.transferring('call-1', false);
  expect(holder.told).toEqual(['call-1 true', 'call-1 false']);
  expect(asker.told).toEqual([]);
});

test('a transfer of which the holder cannot be told is refused, and taken back', async () => {
  const events = new MemoryLiveEvents();
  const heard: unknown[] = [];
  const { tell } = events;
  Object.assign(events, {
    tell: (event: Parameters<typeof tell>[0]) => heard.push(event.data.order),
  });
  instance(events, true, 'call-1');
  const asker = instance(events, true);
  await expect(asker.commands.transferring('call-1', true)).rejects.toMatchObject({
    code: 'store-unavailable',
  });
  expect(heard).toEqual([{ transferring: true }, { transferring: false }]);
});

test('a call whose audio is nowhere is not transferred', async () => {
  const { commands } = instance(new MemoryLiveEvents(), false);
  await expect(commands.transferring('call-1', true)).rejects.toMatchObject({
    code: 'call-not-answered',
  });
});

test('a line is said by whoever holds the call, and taken once they know', async () => {
  const events = new MemoryLiveEvents();
  const holder = instance(events, true, 'call-1');
  const asker = instance(events, true);
  await asker.commands.say('call-1', 'hello');
  expect(holder.told).toEqual(['call-1 hello']);
  await holder.commands.say('call-1', 'again');
  expect(holder.told).toEqual(['call-1 hello', 'call-1 again']);
  expect(asker.told).toEqual([]);
});

test.each([
  ['too-many', 'queue-full'],
  ['nobody-speaks', 'call-not-answered'],
] as const)('a line that the holder does not take (%s) is refused: %s', async (say, code) => {
  const events = new MemoryLiveEvents();
  const holder = instance(events, true, 'call-1');
  holder.answers.say = say;
  const asker = instance(events, true);
  await expect(asker.commands.say('call-1', 'hello')).rejects.toMatchObject({ code });
  await expect(holder.commands.say('call-1', 'hello')).rejects.toMatchObject({ code });
});

test('a line that nobody hears of is refused', async () => {
  const asker = instance(new MemoryLiveEvents(), true);
  await expect(asker.commands.say('call-1', 'hello')).rejects.toMatchObject({
    code: 'store-unavailable',
  });
});

test('a line whose order comes twice is said once, and one that comes late is not said', async () => {
  const events = new MemoryLiveEvents();
  const holder = instance(events, true, 'call-1');
  const { tell } = events;
  const repeat = (event: Parameters<typeof tell>[0], agedMs: number) =>
    tell.call(events, { ...event, atMs: event.atMs - agedMs });
  Object.assign(events, {
    tell: (event: Parameters<typeof tell>[0]) => {
      if (!('order' in event.data)) return tell.call(events, event);
      repeat(event, 0);
      repeat(event, 0);
      repeat({ ...event, data: { ...event.data, ask: 'late' } }, 60_000);
    },
  });
  const asker = instance(events, true);
  await asker.commands.say('call-1', 'hello');
  // What is told afterwards is heard afterwards.
  await asker.commands.transferring('call-1', true);
  expect(holder.told).toEqual(['call-1 hello', 'call-1 true']);
});
