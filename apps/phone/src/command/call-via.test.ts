import { expect, test } from 'vitest';
import { ACCOUNT, openManualNetwork, TOKEN } from '../network/manual-network.ts';
import { runCommand } from './run-command.ts';

async function callVia(via: string, authToken = TOKEN) {
  const written: string[] = [];
  const complaints: string[] = [];
  const terminal = {
    accountSid: ACCOUNT,
    authToken,
    folder: '.',
    environment: {},
    write: (line: string) => written.push(line),
    complain: (line: string) => complaints.push(line),
  };
  const args = ['call', 'demo', '--via', via];
  const code = await runCommand(args, terminal, new AbortController().signal);
  return { code, written: written.join('\n'), complaints: complaints.join('\n') };
}

test('the network rings, and the end is told', async () => {
  const hello = '<Response><Pause length="1"/></Response>';
  await using here = await openManualNetwork({ answers: { '/voice': hello } });
  const { code, written } = await here.clock.passUntil(callVia(here.network.url));
  expect(code).toBe(0);
  expect(written).toMatch(/^CA\w+ ringing[\s\S]* completed\n1 s$/);
});

test('a call that the server refuses has failed', async () => {
  await using here = await openManualNetwork({
    answers: { '/voice': '<Response><Reject/></Response>' },
  });
  const { code, written } = await here.clock.passUntil(callVia(here.network.url));
  expect(code).toBe(1);
  expect(written).toContain('no-answer');
});

test('nobody there, or somebody else’s account: what to do', async () => {
  const { network, ...here } = await openManualNetwork();
  expect((await callVia(network.url, 'wrong')).complaints).toContain('20003');
  await here[Symbol.asyncDispose]();
  const { code, complaints } = await callVia(network.url);
  expect(code).toBe(1);
  expect(complaints).toContain('start "phone serve"');
});
