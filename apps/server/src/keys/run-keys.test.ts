import { MemoryApiKeyStore } from '@earshot/calls';
import { beforeEach, expect, test } from 'vitest';
import { hashOf } from '../api/secret.ts';
import { runKeys } from './run-keys.ts';

let keys: MemoryApiKeyStore;
let written: string;
let opened: number;

beforeEach(() => {
  keys = new MemoryApiKeyStore();
  written = '';
  opened = 0;
});

async function run(...args: string[]): Promise<string> {
  written = '';
  const open = async () => {
    opened += 1;
    const close = async () => {
      opened -= 1;
    };
    return { keys, [Symbol.asyncDispose]: close };
  };
  const write = (text: string) => {
    written += text;
  };
  await runKeys(args, { open, write, now: () => Date.parse('2026-01-31') });
  return written;
}

test('a key is shown once, and only its hash is kept', async () => {
  const secret = /^(ek_\S+)/.exec(await run('create', 'shop'))?.[1] ?? '';
  const [key] = await keys.list();
  expect(key).toMatchObject({ name: 'shop', scopes: ['calls:read', 'calls:write'] });
  expect(await keys.findByHash(hashOf(secret) ?? '')).toEqual(key);
  expect(await run('list')).toBe(
    `${key?.id}  shop  calls:read,calls:write  made 2026-01-31  never used`,
  );
  expect(JSON.stringify(key)).not.toContain(secret.slice(3));
  expect(opened).toBe(0);
});

test('a key may do less, or all', async () => {
  await run('create', 'reader', '--scopes', 'calls:read');
  await run('create', 'chief', '--scopes', 'admin, numbers');
  expect((await keys.list()).map(({ scopes }) => scopes)).toEqual(
    expect.arrayContaining([['calls:read'], ['admin', 'numbers']]),
  );
});

test('a revoked key is listed as such, and revoked once', async () => {
  await run('create', 'shop');
  const id = (await keys.list())[0]?.id ?? '';
  expect(await run('revoke', id)).toContain('Revoked');
  expect(await run('list')).toContain('revoked 2026-01-31');
  await expect(run('revoke', id)).rejects.toThrow('no live key');
});

test('without a command, or when asked to, it tells how', async () => {
  for (const args of [[], ['--help'], ['-h']])
    expect(await run(...args)).toContain('npm run keys --');
});

test.each([
  ['create'],
  ['create', ''],
  ['create', 'a', 'b'],
  ['create', 'x'.repeat(101)],
  ['create', 'a', '--scopes', 'calls:read,everything'],
  ['create', 'a', '--scope', 'admin'],
  ['list', 'x'],
  ['list', '--scopes', 'admin'],
  ['revoke'],
  ['delete', 'x'],
])('%j %j is a wrong command line, and opens nothing', async (...args) => {
  await expect(run(...args)).rejects.toMatchObject({
    code: expect.stringMatching(/^ERR_PARSE_ARGS_/),
  });
  expect(opened).toBe(0);
});
