import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { type ApiKey, type ApiKeyStore, SCOPES, type Scope } from '@earshot/calls';
import { hashOf, newSecret } from '../api/secret.ts';
import type { OpenKeys } from './open-keys.ts';
import { UsageError } from './usage-error.ts';

const HELP = `npm run keys -- create NAME [--scopes calls:read,calls:write]
npm run keys -- list
npm run keys -- revoke ID

A key's secret is shown once, when it is made. It is sent as Authorization: Bearer ek_… or X-API-Key.

  --scopes   what it may do: ${SCOPES.join(', ')} (default: calls:read,calls:write); admin may do all

Once there is a key, the API asks for one, also on this machine. A revoked key works for 5 more seconds.`;

const MOST_CHARACTERS = 100;

export interface KeysWorld {
  readonly open: () => Promise<OpenKeys>;
  readonly write: (text: string) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Runs one command line. Throws an Error with a `code`. */
export async function runKeys(args: readonly string[], world: KeysWorld): Promise<void> {
  const options = { scopes: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const;
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const [command, ...rest] = positionals;
  if (values.help || command === undefined) {
    world.write(HELP);
    return;
  }
  const run = commandOf(command, rest, values.scopes);
  await using opened = await world.open();
  await run(opened.keys, world);
}

type Command = (keys: ApiKeyStore, world: KeysWorld) => Promise<void>;

function commandOf(command: string, rest: readonly string[], scopes: string | undefined): Command {
  const [argument = '', ...surplus] = rest;
  const isWrong = surplus.length > 0 || (scopes !== undefined && command !== 'create');
  if (command === 'create' && !isWrong) return create(argument, scopesOf(scopes));
  if (command === 'list' && !isWrong && argument === '') return list;
  if (command === 'revoke' && !isWrong && argument !== '') return revoke(argument);
  throw new UsageError(HELP);
}

function create(name: string, scopes: readonly Scope[]): Command {
  if (name === '' || name.length > MOST_CHARACTERS)
    throw new UsageError('A key has a name of at most 100 characters: npm run keys -- create NAME');
  return async (keys, { write, now }) => {
    const secret = newSecret();
    const id = randomUUID();
    const key = { id, name, scopes, createdAtMs: now(), revokedAtMs: null, lastUsedAtMs: null };
    await keys.add(key, hashOf(secret) ?? '');
    write(`${secret}\n\nThis is the only time that it is shown. Its id is ${id}.`);
  };
}

const list: Command = async (keys, { write }) => {
  const all = await keys.list();
  write(all.length === 0 ? 'There are no keys.' : all.map(lineOf).join('\n'));
};

function revoke(id: string): Command {
  return async (keys, { write, now }) => {
    if (!(await keys.revoke(id, now()))) throw new UsageError(`There is no live key ${id}.`);
    write(`Revoked: ${id}`);
  };
}

function lineOf({ id, name, scopes, createdAtMs, revokedAtMs, lastUsedAtMs }: ApiKey): string {
  const used = lastUsedAtMs === null ? 'never used' : `last used ${day(lastUsedAtMs)}`;
  const state = revokedAtMs === null ? used : `revoked ${day(revokedAtMs)}`;
  return `${id}  ${name}  ${scopes.join(',')}  made ${day(createdAtMs)}  ${state}`;
}

function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

function scopesOf(written = 'calls:read,calls:write'): readonly Scope[] {
  const scopes = written.split(',').map((one) => SCOPES.find((scope) => scope === one.trim()));
  const known = scopes.filter((scope) => scope !== undefined);
  if (known.length < scopes.length)
    throw new UsageError(`--scopes are of ${SCOPES.join(', ')}, with commas between them`);
  return known;
}
