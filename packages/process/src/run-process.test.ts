import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, expect, test } from 'vitest';

/** A process that does `run`, with whatever else `runProcess` is told. */
function start(
  run: string,
  { args = [], options = '' }: { args?: string[]; options?: string } = {},
) {
  const script = `
    import { once } from 'node:events';
    import { runProcess } from './run-process.ts';
    await runProcess({ usage: 'The usage', run: async (signal) => { ${run} }, ${options} });
  `;
  const command = ['--input-type=module', '--eval', script, '--', 'main.ts', ...args];
  const child = spawn(process.execPath, command, {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    createInterface(stream).on('line', (line) => said.push(line));
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, said }));
  const started = once(child.stdout, 'data');
  return { child, started, ended };
}

/** Until the signal. */
const WORKS = `
  console.log('works');
  const work = setInterval(() => {}, 1_000);
  await once(signal, 'abort');
  clearInterval(work);
`;

const NEVER_ENDS = 'setInterval(() => {}, 1_000); await new Promise(() => {});';

test('--help tells the usage and starts nothing', async () => {
  const { ended } = start("console.log('runs');", { args: ['--help'] });
  expect(await ended).toEqual({ code: 0, signal: null, said: ['The usage'] });
});

test.each(['--bogus', 'bogus'])('%s is a wrong command line', async (word) => {
  const { code, said } = await start("console.log('runs');", { args: [word] }).ended;
  expect(code).toBe(2);
  expect(said.join('\n')).toContain('bogus');
  expect(said).not.toContain('runs');
});

describe('a failure', () => {
  test('with a code is told by its message alone', async () => {
    const run = "throw Object.assign(new Error('No database'), { code: 'x' });";
    expect(await start(run).ended).toMatchObject({ code: 1, said: ['No database'] });
  });

  test('without one is told with its name', async () => {
    const { ended } = start("throw new TypeError('not a function');");
    expect(await ended).toMatchObject({ code: 1, said: ['TypeError: not a function'] });
  });

  test('is told as the process knows it', async () => {
    const options = "failureOf: () => ({ text: 'Take another port', exitCode: 1 })";
    const { ended } = start("throw new Error('in use');", { options });
    expect(await ended).toMatchObject({ code: 1, said: ['Take another port'] });
  });
});

describe('a signal', () => {
  test('lets what is under way end', async () => {
    const { child, started, ended } = start(`${WORKS} console.log('ends');`);
    await started;
    child.kill('SIGTERM');
    expect(await ended).toEqual({ code: 0, signal: null, said: ['works', 'ends'] });
  });

  test('a second time ends the process at once, and what ends with it is told', async () => {
    const leaves = "process.on('exit', () => console.log('leaves'));";
    const { child, started, ended } = start(
      `${leaves} ${WORKS} console.log('ends'); ${NEVER_ENDS}`,
    );
    await started;
    const heard = once(child.stdout, 'data');
    child.kill('SIGINT');
    await heard;
    child.kill('SIGTERM');
    expect(await ended).toEqual({ code: 143, signal: null, said: ['works', 'ends', 'leaves'] });
  });

  test('makes no failure of what it stopped', async () => {
    const { child, started, ended } = start(`${WORKS} signal.throwIfAborted();`);
    await started;
    child.kill('SIGTERM');
    expect(await ended).toEqual({ code: 0, signal: null, said: ['works'] });
  });

  test('hides no failure on the way to its end', async () => {
    const { child, started, ended } = start(`${WORKS} throw new Error('nothing was kept');`);
    await started;
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 1, signal: null });
  });
});
