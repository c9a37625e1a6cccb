import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { expect, test } from 'vitest';
import { startScriptedServer } from '../carrier/scripted-server.ts';
import { runCommand } from './run-command.ts';

const never = new AbortController().signal;

async function run(args: readonly string[], signal = never) {
  const written: string[] = [];
  const complaints: string[] = [];
  const terminal = {
    accountSid: 'AC1',
    authToken: 'token',
    folder: import.meta.dirname,
    environment: {},
    write: (line: string) => written.push(line),
    complain: (line: string) => complaints.push(line),
  };
  const code = await runCommand(args, terminal, signal);
  return { code, written: written.join('\n'), complaints: complaints.join('\n') };
}

test('a wrong command line ends with 2 and says what would be right', async () => {
  const { code, complaints } = await run(['load', '--calls', 'x']);
  expect(code).toBe(2);
  expect(complaints).toBe('--calls is a whole number from 1 to 1000, not "x".');
});

test('load ends with 0 when every call went well', async () => {
  await using server = await startScriptedServer({
    answers: { '/voice': '<Response><Hangup/></Response>' },
  });
  const args = ['load', '--calls', '3', '--seconds', '1', '--url', `${server.url}/voice`];
  const { code, written, complaints } = await run(args);
  expect({ code, complaints }).toEqual({ code: 0, complaints: '' });
  expect(written).toContain('3 placed, 3 answered');
});

test('load ends with 1 when the server is not there, and says how to start it', async () => {
  const { code, complaints } = await run(['load', '--calls', '1', '--url', await deserted()]);
  expect(code).toBe(1);
  expect(complaints).toContain('npm start');
});

test('listen without a server ends with 1 and a plain message', async () => {
  const { code, complaints } = await run(['listen', 'CA1', '--url', await deserted()]);
  expect(code).toBe(1);
  expect(complaints).not.toContain('    at ');
});

test('a second of calls and then Ctrl-C: every call is ended, exit code 130', async () => {
  const stops: string[] = [];
  const started = Promise.withResolvers<void>();
  await using server = await startScriptedServer({
    answers: { '/voice': '<Response><Connect><Stream url="{ws}/media"/></Connect></Response>' },
    onStream: (socket) => {
      socket.on('message', (data) => {
        const { event } = JSON.parse(String(data));
        if (event === 'media') started.resolve();
        if (event === 'stop') stops.push(event);
      });
    },
  });
  const main = path.join(import.meta.dirname, '../main.ts');
  const args = ['load', '--calls', '1', '--seconds', '60', '--url', `${server.url}/voice`];
  const phone = spawn(process.execPath, [main, ...args], { stdio: 'ignore' });
  await started.promise;
  phone.kill('SIGINT');
  const [code] = await once(phone, 'exit');
  expect(code).toBe(130);
  expect(stops).toEqual(['stop']);
});

/** An address at which nobody listens. */
async function deserted(): Promise<string> {
  await using server = await startScriptedServer({});
  return server.url;
}
