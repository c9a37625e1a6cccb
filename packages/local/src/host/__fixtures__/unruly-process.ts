import fs from 'node:fs';
import process, { env } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { serve } from '../serve.ts';

/** An engine that misbehaves on request. */
export interface UnrulyOptions {
  readonly start?: 'exit' | 'throw' | 'hang';
  readonly exitWhileThere?: string;
}

export type UnrulyEngine = ReturnType<typeof open>;

function open({ start, exitWhileThere }: UnrulyOptions) {
  if (start === 'exit') process.exit(42);
  if (start === 'throw') throw new Error('bad model file');
  if (start === 'hang') hang();
  if (exitWhileThere !== undefined && fs.existsSync(exitWhileThere)) process.exit(7);
  return {
    pid: () => process.pid,
    echo: (input: { text: string; samples?: Int16Array }) => input,
    slow: async ({ ms }: { ms: number }, signal: AbortSignal) => {
      await sleep(ms, null, { signal });
      return 'slept';
    },
    deaf: ({ ms }: { ms: number }) => sleep(ms, 'slept'),
    crash: () => process.abort(),
    /** Removes the file and dies: the repeat goes well. */
    crashOnce: ({ file }: { file: string }) => {
      if (!fs.existsSync(file)) return 'well again';
      fs.rmSync(file);
      process.exit(3);
    },
    hangOnce: ({ file }: { file: string }) => {
      if (!fs.existsSync(file)) return 'well again';
      fs.rmSync(file);
      hang();
    },
    hang,
    refuse: () => {
      throw new Error('not with me');
    },
    garbage: () => {
      process.stdout.write('\u0000\u001b[2Jgarbage\n'.repeat(1000));
      process.stderr.write('more garbage\n'.repeat(1000));
      for (const message of [null, 1, 'text', {}, { type: 'done' }, { type: 'done', id: 'x' }])
        process.send?.(message);
      process.send?.({ type: 'done', id: 999_999, output: 'for nobody', engineMs: 0 });
      return 'clean';
    },
    count,
    environment: () => ({ ...env }),
    interrupt: () => {
      process.kill(process.pid, 'SIGINT');
      process.kill(process.pid, 'SIGTERM');
      return 'still here';
    },
  };
}

/** Dies before number `dieAt` while the file is there, which it then no longer is. */
async function* count(
  { to, dieAt, file = '' }: { to: number; dieAt?: number; file?: string },
  signal: AbortSignal,
): AsyncGenerator<number, string> {
  for (let number = 1; number <= to; number++) {
    if (number === dieAt && fs.existsSync(file)) {
      fs.rmSync(file);
      // Lets the numbers so far reach the host.
      await sleep(50);
      process.exit(3);
    }
    await sleep(1);
    if (signal.aborted) break;
    yield number;
  }
  return 'counted';
}

function hang(): never {
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
}

serve(open);
