import { expect, test } from 'vitest';
import { startScriptedServer } from '../carrier/scripted-server.ts';
import { ListenError, listen } from './listen.ts';
import { type ServerSentEvent, serverSentEvents } from './server-sent-events.ts';

const never = new AbortController().signal;

async function read(...chunks: string[]): Promise<ServerSentEvent[]> {
  async function* bytes() {
    for (const chunk of chunks) yield Buffer.from(chunk, 'latin1');
  }
  const events: ServerSentEvent[] = [];
  for await (const event of serverSentEvents(bytes())) events.push(event);
  return events;
}

test('events are read whatever the chunks, line ends and comments', async () => {
  const expected = [
    { event: 'turn', data: '{"a":1}' },
    { event: 'message', data: 'one\ntwo' },
  ];
  const text =
    'event: turn\ndata: {"a":1}\n\n: keep-alive\n\nid: 7\ndata:one\ndata: two\n\ndata: lost';
  expect(await read(text)).toEqual(expected);
  expect(await read(...text)).toEqual(expected);
  expect(await read(...text.replaceAll('\n', '\r\n'))).toEqual(expected);
});

test('characters of several bytes survive being cut', async () => {
  const bytes = Buffer.from('data: café ☎\n\n').toString('latin1');
  expect(await read(...bytes)).toEqual([{ event: 'message', data: 'café ☎' }]);
});

test('an endless line ends the reading', async () => {
  await expect(read('data: '.padEnd(2_000_000, 'x'))).rejects.toThrow('without an end');
});

test('writes turns as they come and passes over what it does not know', async () => {
  const turn = { speaker: 'agent', heard: 'Good morning!', start_ms: 400, interrupted: true };
  const events = [
    { type: 'turn', turn },
    { type: 'partial', text: 'I', stream_ms: 1 },
    { type: 'backchannel', text: 'mm-hm', stream_ms: 61_000 },
    { type: 'tool-called', call: { name: 'take_message', arguments: {} }, result: {} },
    { type: 'turn', turn: { speaker: 'nobody' } },
  ].map((event) => `data: ${JSON.stringify(event)}\n\n`);
  await using server = await startScriptedServer({
    answers: {
      '/calls/CA1/events': (response) => {
        response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8' });
        response.end(
          `${events.join('')}event: barge-in\ndata: {"stream_ms":2000}\n\ndata: rubbish\n\n`,
        );
      },
    },
  });
  const written: string[] = [];
  await listen({ base: server.url }, 'CA1', (line) => written.push(line), never);
  expect(written.map((line) => line.trim().replace(/ +/g, ' '))).toEqual([
    expect.stringContaining('agent Good morning! [interrupted]'),
    expect.stringContaining('caller (mm-hm)'),
    '[take_message]',
    expect.stringContaining('[the caller takes the floor]'),
  ]);
});

test('a server that tells nothing, and one that is not there, get a clear answer', async () => {
  await using server = await startScriptedServer({ answers: { '/calls/CA2/events': '<html/>' } });
  const hear = (url: string, callSid: string) => listen({ base: url }, callSid, () => {}, never);
  await expect(hear(server.url, 'CA1')).rejects.toThrow(/no such live call.*404/);
  await expect(hear(server.url, 'CA2')).rejects.toThrow(ListenError);
  await expect(hear('http://127.0.0.1:1', 'CA1')).rejects.toThrow(/npm start/);
});

test('a server with keys is shown the caller’s own, and says that it wants one', async () => {
  await using server = await startScriptedServer({
    answers: {
      '/calls/CA1/events': (response, { headers }) => {
        const known = headers['x-api-key'] === 'ek_mine';
        response.writeHead(known ? 200 : 401, { 'Content-Type': 'text/event-stream' }).end();
      },
    },
  });
  const hear = (apiKey?: string) => listen({ base: server.url, apiKey }, 'CA1', () => {}, never);
  await expect(hear()).rejects.toThrow(/EARSHOT_API_KEY/);
  await hear('ek_mine');
});

test('stopping is no error', async () => {
  await using server = await startScriptedServer({
    answers: {
      '/calls/CA1/events': (response) => {
        response.writeHead(200, { 'Content-Type': 'text/event-stream' }).flushHeaders();
        stopped.abort();
      },
    },
  });
  const stopped = new AbortController();
  await listen({ base: server.url }, 'CA1', () => {}, stopped.signal);
});
