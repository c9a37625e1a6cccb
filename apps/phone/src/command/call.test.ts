import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
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
  const written: string[] = [];
  const complaints: string[] = [];
  const terminal = {
    accountSid: 'AC1',
    authToken: 'token',
    folder,
    environment: {},
    write: (line: string) => written.push(line),
    complain: (line: string) => complaints.push(line),
  };
  const code = await runCommand(['call', ...args], terminal, new AbortController().signal);
  return { code, written: written.join('\n'), complaints: complaints.join('\n') };
}

test('one call: recorded, reported, and judged', async () => {
  await using server = await startScriptedServer({
    answers: { '/voice': '<Response><Pause length="30"/></Response>' },
  });
  const url = `${server.url}/voice`;
  const { code, written, complaints } = await call('short.yaml', '--url', url, '--out', 'there');
  expect({ code, complaints }).toEqual({ code: 0, complaints: '' });
  expect(written).toMatch(/listen with: phone listen CA[0-9a-f]{32}/);
  const report = JSON.parse(await readFile(path.join(folder, 'there/report.json'), 'utf8'));
  expect(report.outcome).toBe('caller-hung-up');
  const wav = await readFile(path.join(folder, 'there/call.wav'));
  expect(wav.toString('latin1', 0, 4)).toBe('RIFF');
});

test('a server that refuses the call: exit code 1, and what to do', async () => {
  await using server = await startScriptedServer({
    answers: { '/voice': (response) => response.writeHead(403).end() },
  });
  const { code, complaints } = await call('short.yaml', '--url', `${server.url}/voice`);
  expect(code).toBe(1);
  expect(complaints).toContain('TWILIO_AUTH_TOKEN');
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
