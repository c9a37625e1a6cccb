import process from 'node:process';
import { parseArgs } from 'node:util';
import { migrate, serverConnection } from '@earshot/postgres';
import { stopSignal } from '@earshot/process';
import { failureOf } from './process-failure.ts';

/** `npm run migrate`: brings the schema of DATABASE_URL up to date, or back to an earlier step. */
const HELP = `npm run migrate: brings the tables in DATABASE_URL up to date.

  --to N   to step N, up or down; 0 removes all of Earshot's tables, with what is in them

The server does the first at its start, in a database of its own and in DATABASE_URL alike. Steps are
in packages/postgres/migrations, each with its way back.`;

/** Wrong use, told with its fix. */
class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code = 'usage';
}

const stopping = new AbortController();
stopSignal().addEventListener('abort', () =>
  stopping.abort(new UsageError('Stopped; nothing was changed.')),
);

async function run(to: string | undefined): Promise<void> {
  const url = process.env.DATABASE_URL;
  if (!url)
    throw new UsageError(
      'DATABASE_URL: must be set; the embedded database is migrated by npm start',
    );
  if (to !== undefined && !/^\d{1,4}$/.test(to)) throw new UsageError('--to: must be a number');
  const step = to === undefined ? {} : { to: Number(to) };
  const caFile = process.env.DATABASE_CA_FILE || null;
  const connection = await serverConnection({ url, caFile });
  const { up, down } = await migrate({ ...connection, ...step }, stopping.signal);
  const done = [...up.map((name) => `up    ${name}`), ...down.map((name) => `down  ${name}`)];
  process.stdout.write(`${done.length > 0 ? done.join('\n') : 'Nothing to do.'}\n`);
}

try {
  const options = { help: { type: 'boolean', short: 'h' }, to: { type: 'string' } } as const;
  const { values } = parseArgs({ options });
  if (values.help) process.stdout.write(`${HELP}\n`);
  else await run(values.to);
} catch (error) {
  const { text, exitCode } = failureOf(error);
  process.stderr.write(`${text}\n`);
  process.exitCode = exitCode;
}
