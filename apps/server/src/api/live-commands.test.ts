import { MemoryLiveEvents } from '@earshot/calls';
import { afterEach, expect, test } from 'vitest';
import { LiveCommands } from './live-commands.ts';

let opened = new AsyncDisposableStack();

afterEach(async () => {
  await opened.disposeAsync();
  opened = new AsyncDisposableStack();
});

/** An instance that holds these calls and remembers what it is told of them. */
function instance(events: MemoryLiveEvents, shared: boolean, ...held: readonly string[]) {
  const told: string[] = [];
  const calls = {
    has: (callId: string) => held.includes(callId),
    say: (callId: string, text: string) => {
      told.push(`${callId} ${text}`);
      return true;
    },
    transferring: (callId: string, is: boolean) => {
      told.push(`${callId} ${is}`);
      return true;
    },
  };
  const commands = opened.use(new LiveCommands({ calls, events, shared, patienceMs: 20 }));
  return { commands, told };
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
    tell: (event: Parameters<typeof tell>[0]) => heard.push(event.data.transferring),
  });
  instance(events, true, 'call-1');
  const asker = instance(events, true);
  await expect(asker.commands.transferring('call-1', true)).rejects.toMatchObject({
    code: 'store-unavailable',
  });
  expect(heard).toEqual([true, false]);
});

test('a call whose audio is nowhere is not transferred', async () => {
  const { commands } = instance(new MemoryLiveEvents(), false);
  await expect(commands.transferring('call-1', true)).rejects.toMatchObject({
    code: 'call-not-answered',
  });
});

test('a line is said by whoever holds the call', async () => {
  const events = new MemoryLiveEvents();
  const holder = instance(events, true, 'call-1');
  const asker = instance(events, true);
  asker.commands.say('call-1', 'hello');
  // What is told afterwards is heard afterwards.
  await asker.commands.transferring('call-1', true);
  expect(holder.told).toEqual(['call-1 hello', 'call-1 true']);
});
