import process from 'node:process';
import { stopSignal } from '@earshot/process';
import { runCommand } from './command/run-command.ts';

/**
 * The server's own defaults for development, so that the two talk to each other out of the box.
 * Everybody knows this token: the server takes it from loopback only.
 */
const DEVELOPMENT = {
  accountSid: 'AC00000000000000000000000000000000',
  authToken: 'earshot-development-token',
};

const { env } = process;
const withParent = process.argv.includes('--with-parent');
const stopping = stopSignal(withParent ? ['SIGTERM'] : ['SIGINT', 'SIGTERM']);
// Ctrl-C reaches the parent, too, which may let calls end first, and stops us then.
if (withParent) process.on('SIGINT', () => {});

/** The pipe to whoever started us breaks when they end, however they end. */
function parentGone(): AbortSignal {
  const gone = new AbortController();
  for (const event of ['end', 'close', 'error']) process.stdin.once(event, () => gone.abort());
  process.stdin.resume();
  return gone.signal;
}

const terminal = {
  accountSid: env.TWILIO_ACCOUNT_SID || DEVELOPMENT.accountSid,
  authToken: env.TWILIO_AUTH_TOKEN || DEVELOPMENT.authToken,
  // npm runs scripts in the package's folder and tells here where the user is.
  folder: env.INIT_CWD ?? process.cwd(),
  environment: env,
  write: (line: string) => process.stdout.write(`${line}\n`),
  complain: (line: string) => process.stderr.write(`${line}\n`),
  parentGone,
};
process.exitCode = await runCommand(process.argv.slice(2), terminal, stopping);
// The open pipe would keep the process.
if (withParent) process.stdin.destroy();
