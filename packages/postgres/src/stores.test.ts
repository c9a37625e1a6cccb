import {
  apiKeyStoreContract,
  callStoreContract,
  hostStoreContract,
  idempotencyStoreContract,
  outboxContract,
} from '@earshot/calls/contracts';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { PostgresApiKeyStore } from './postgres-api-key-store.ts';
import { PostgresCallStore } from './postgres-call-store.ts';
import { PostgresHostStore } from './postgres-host-store.ts';
import { PostgresIdempotencyStore } from './postgres-idempotency-store.ts';
import { PostgresOutbox } from './postgres-outbox.ts';
import { openTemporary, postgres15, type TemporaryDatabase } from './temporary-database.ts';

const installed = postgres15();

describe('on the embedded PostgreSQL', () => contractsOn(undefined));

if (installed) describe('on PostgreSQL 15', () => contractsOn(installed));
else
  test.skipIf(!process.env.CI)('PostgreSQL 15 is not installed here', () => {
    throw new Error('Install PostgreSQL 15: the stores are to be tried on it.');
  });

function contractsOn(native: string | undefined): void {
  let temporary: TemporaryDatabase;
  beforeAll(async () => {
    temporary = await openTemporary(native);
  });
  afterAll(() => temporary[Symbol.asyncDispose]());

  async function emptied() {
    await temporary.empty();
    return { database: temporary.database, [Symbol.asyncDispose]: async () => undefined };
  }

  callStoreContract('PostgresCallStore', async () => {
    const opened = await emptied();
    return { ...opened, store: new PostgresCallStore(opened.database) };
  });
  hostStoreContract('PostgresHostStore', async () => {
    const opened = await emptied();
    const { database } = opened;
    const calls = new PostgresCallStore(database);
    return { ...opened, calls, hosts: new PostgresHostStore(database) };
  });
  apiKeyStoreContract('PostgresApiKeyStore', async () => {
    const opened = await emptied();
    return { ...opened, store: new PostgresApiKeyStore(opened.database) };
  });
  idempotencyStoreContract('PostgresIdempotencyStore', async () => {
    const opened = await emptied();
    return { ...opened, store: new PostgresIdempotencyStore(opened.database) };
  });
  outboxContract('PostgresOutbox', async () => {
    const opened = await emptied();
    return { ...opened, outbox: new PostgresOutbox(opened.database) };
  });
}
