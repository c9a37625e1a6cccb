import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startScriptedServer } from '../carrier/scripted-server.ts';
import { runCommand } from './run-command.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'earshot-phone-'));
  const steps = '[{silent: 0.2}, {hangUp: true}]';
  const head = 'scenario: Wrong number\nvoice: {wavs: .}';
  await writeFile(path.join(folder, 'short.yaml'), `${head}\nsteps: ${steps}\n`);
  await writeFile(path.join(folder, 'bad.yaml'), 'scenario: Bad\nsteps: [{sing: la}]\n');
});
afterAll(() => rm(folder, { recursive: true }));

async function call(...args: string[]) {
  return callUntil({ signal: new AbortController().signal, onLine: () => {} }, ...args);
}

interface Watch {
  readonly signal: AbortSignal;
  readonly onLine: (line: string) => void;
}

async function callUntil({ signal, onLine }: Watch, ...args: string[]) {
  const written: string[] = [];
  const complaints: string[] = [];
  const terminal = {
    accountSid: 'AC1',
    authToken: 'token',
    folder,
    environment: {},
    write: (line: string) => {
      written.push(line);
      onLine(line);
    },
    complain: (line: string) => complaints.push(line),
  };
  const code = await runCommand(['call', ...args], terminal, signal);
  return { code, written: written.join('\n'), complaints: complaints.join('\n') };
}

test('one call: recorded, reported, and judged', async () => {
  await using server = await startScriptedServer({
    answers: { '/voice': '<Response><Pause length="30"/></Response>' },
  });
  const url = `${server.url}/voice`;
  const { code, written, complaints } = await call('short.yaml', '--url', url, '--out', 'there');
  expect({ code, complaints }).toEqual({ code: 0, complaints: '' });
  expect(written).toMatch(/listen with: npm run phone -- listen CA[0-9a-f]{32}/);
  const report = JSON.parse(await readFile(path.join(folder, 'there/report.json'), 'utf8'));
  expect(report.outcome).toBe('caller-hung-up');
  const wav = await readFile(path.join(folder, 'there/call.wav'));
  expect(wav.toString('latin1', 0, 4)).toBe('RIFF');
});

test('a call that is stopped by hand is kept, and not judged', async () => {
  await using server = await startScriptedServer({
    answers: { '/voice': '<Response><Pause length="30"/></Response>' },
  });
  const stop = new AbortController();
  const onLine = (line: string) => line.startsWith('answered') && stop.abort();
  const { code, written } = await callUntil(
    { signal: stop.signal, onLine },
    'short.yaml',
    '--url',
    `${server.url}/voice`,
  );
  expect(code).toBe(130);
  expect(written.split('\n').at(-1)).toMatch(/^Stopped\. .*short$/);
});

test('a call has a folder of its own below out/calls', async () => {
  await using server = await startScriptedServer({
    answers: { '/voice': '<Response><Pause length="30"/></Response>' },
  });
  expect(await call('short.yaml', '--url', `${server.url}/voice`)).toMatchObject({ code: 0 });
  expect(await readdir(path.join(folder, 'out/calls/short'))).toContain('report.json');
});

test.each([
  [403, 'TWILIO_AUTH_TOKEN'],
  [503, 'see what its terminal says'],
])(
  'a server that refuses the call with %i: exit code 1, what to do, and no files',
  async (status, advice) => {
    await using server = await startScriptedServer({
      answers: { '/voice': (response) => response.writeHead(status).end() },
    });
    const url = `${server.url}/voice`;
    const { code, written, complaints } = await call(
      'short.yaml',
      '--url',
      url,
      '--out',
      'refused',
    );
    expect(code).toBe(1);
    expect(complaints).toContain(advice);
    expect(written).not.toMatch(/expected|no-transcript/);
    expect(existsSync(path.join(folder, 'refused'))).toBe(false);
  },
);

test('a server that is not there: how to start it, and an earlier call’s files stay', async () => {
  const earlier = path.join(folder, 'earlier');
  await mkdir(earlier);
  await writeFile(path.join(earlier, 'call.wav'), 'kept');
  const url = await deserted();
  const { code, written, complaints } = await call('short.yaml', '--url', url, '--out', 'earlier');
  expect(code).toBe(1);
  expect(complaints).toContain('npm start');
  expect(written.split('\n')).toHaveLength(1);
  expect(await readdir(earlier)).toEqual(['call.wav']);
  expect(await readFile(path.join(earlier, 'call.wav'), 'utf8')).toBe('kept');
});

test('a scenario that is not there: exit code 2, and the names of those that are', async () => {
  const { code, complaints } = await call('nobody');
  expect(code).toBe(2);
  expect(complaints).toMatch(/no scenario "nobody".*demo/);
});

test('a scenario that cannot be played: exit code 1, with its line', async () => {
  const { code, complaints } = await call('bad.yaml');
  expect(code).toBe(1);
  expect(complaints).toContain('bad.yaml:2');
});

/** An address at which nobody listens. */
async function deserted(): Promise<string> {
  await using server = await startScriptedServer({});
  return server.url;
}
