import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { EmbeddedOptions } from './embedded-database.ts';
import type { Owner } from './owners.ts';

const MODULE = new URL('embedded-database.ts', import.meta.url).href;

// What is imported is read before the process becomes the other user, who may not be able to.
const SCRIPT = `
  import { EmbeddedDatabase } from ${JSON.stringify(MODULE)};
  const { owner, ...options } = JSON.parse(process.argv[1]);
  if (owner) {
    process.setgroups([]);
    process.setgid(owner.gid);
    process.setuid(owner.uid);
  }
  let database = null;
  try {
    database = await EmbeddedDatabase.open(options, new AbortController().signal);
    console.log(database.url);
  } catch (error) {
    console.log(error.code ?? error.stack.replaceAll('\\n', ' '));
  }
  process.on('SIGTERM', () => process.exit());
  process.stdin.on('end', () => database?.[Symbol.asyncDispose]()).resume();
`;

/** An embedded database of another process, for tests: ends with this object. */
export interface Elsewhere extends AsyncDisposable {
  /** Its URL, or the code of the error. */
  readonly answer: string;
  /** As `kill -9` does. */
  kill(): Promise<void>;
  /** By `process.exit`, with the database open. */
  exit(): Promise<void>;
}

/**
 * Opens a database in another process, as another user if one is given, by a command that runs
 * another if one is given.
 */
export async function openElsewhere(
  options: Omit<EmbeddedOptions, 'log'> & { readonly owner?: Owner },
  within: readonly string[] = [],
): Promise<Elsewhere> {
  const script = ['--input-type=module', '--no-warnings', '-e', SCRIPT, JSON.stringify(options)];
  const [command = '', ...args] = [...within, process.execPath, ...script];
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  const [answer] = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    closed.then(() => ['ended without an answer']),
  ]);
  return {
    answer: String(answer),
    kill: () => end(child, closed, () => child.kill('SIGKILL')),
    exit: () => end(child, closed, () => child.kill('SIGTERM')),
    [Symbol.asyncDispose]: () => end(child, closed, () => child.stdin.end()),
  };
}

async function end(child: ChildProcess, closed: Promise<unknown>, ask: () => void): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) ask();
  await closed;
}
