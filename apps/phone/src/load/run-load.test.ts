import { expect, test } from 'vitest';
import { startScriptedServer } from '../carrier/scripted-server.ts';
import { loadTable } from './load-table.ts';
import { runLoad } from './run-load.ts';
import { humming } from './talking-caller.ts';

const account = {
  accountSid: 'AC1',
  authToken: 'token',
  from: '+15550100',
  to: '+15550199',
  speech: humming(),
};

test('many calls at once: every one is answered and ends by itself', async () => {
  const answers = {
    '/voice': '<Response><Connect><Stream url="{ws}/media"/></Connect></Response>',
  };
  const loud = Buffer.alloc(1_600, 0x90).toString('base64');
  await using server = await startScriptedServer({
    answers,
    onStream: (socket) => {
      socket.on('message', (data) => {
        const { event, streamSid } = JSON.parse(String(data));
        if (event !== 'start') return;
        socket.send(JSON.stringify({ event: 'media', streamSid, media: { payload: loud } }));
      });
    },
  });
  const voiceUrl = `${server.url}/voice`;
  const load = { ...account, voiceUrl, calls: 8, seconds: 0.5 };
  const result = await runLoad(load, new AbortController().signal);
  expect(result).toMatchObject({
    calls: 8,
    answered: 8,
    unanswered: 0,
    inOrder: true,
    firstFailure: null,
  });
  expect(result.outcomes).toEqual(new Map([['caller-hung-up', 8]]));
  expect(result.findings).toEqual(new Map([['loopback-ws', 8]]));
  expect(result.firstSoundMs.length).toBe(8);
  const table = loadTable(result);
  expect(table).toContain('8 placed, 8 answered');
  expect(table).toContain('8 × caller-hung-up');
});

test('calls that fail are counted, and the first is told', async () => {
  await using server = await startScriptedServer({});
  const load = { ...account, voiceUrl: `${server.url}/voice`, calls: 2, seconds: 1 };
  const result = await runLoad(load, new AbortController().signal);
  expect(result).toMatchObject({ answered: 0, inOrder: false });
  expect(result.firstFailure?.findings).toMatchObject([{ code: '11200' }]);
  expect(loadTable(result)).toContain('2 × failed');
});

test('stopping ends all calls, also those not yet placed', async () => {
  await using server = await startScriptedServer({
    answers: { '/voice': '<Response><Pause length="60"/></Response>' },
  });
  const stopped = new AbortController();
  const load = { ...account, voiceUrl: `${server.url}/voice`, calls: 100, seconds: 60 };
  const running = runLoad(load, stopped.signal);
  stopped.abort();
  const result = await running;
  expect(result.outcomes).toEqual(new Map([['aborted', 100]]));
});
