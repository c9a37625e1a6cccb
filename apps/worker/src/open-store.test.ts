import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { connectionOf } from './open-store.ts';

const pool = { poolSize: 1, maxOverflow: 0, poolTimeoutMs: 1_000 };
const url = 'postgres://db.example/postgres';

test('a database elsewhere is trusted by its own certificate authority, if it has one', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'earshot-authority-'));
  const caFile = join(folder, 'ca.pem');
  await writeFile(caFile, 'the authority');
  const server = { type: 'server', url, ...pool } as const;
  expect(await connectionOf({ ...server, caFile })).toEqual({ url, ca: 'the authority' });
  expect(await connectionOf({ ...server, caFile: null })).toEqual({ url });
  await rm(folder, { recursive: true });
  await expect(connectionOf({ ...server, caFile })).rejects.toThrow('ENOENT');
});

test('the server’s own database is there while the server runs', async () => {
  const folder = join(tmpdir(), 'earshot-no-database');
  await expect(connectionOf({ type: 'embedded', folder, ...pool })).rejects.toMatchObject({
    code: 'store-unavailable',
    message: `No server has its database in ${folder} now`,
  });
});
