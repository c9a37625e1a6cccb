export type { Connection } from './connection.ts';
export { Database, type DatabaseOptions, openDatabase } from './database.ts';
export { DatabaseError, type DatabaseErrorCode } from './database-error.ts';
export { EmbeddedDatabase, type EmbeddedOptions } from './embedded/embedded-database.ts';
export { type Migrated, type MigrateOptions, migrate } from './migrate.ts';
export { PostgresApiKeyStore } from './postgres-api-key-store.ts';
export { PostgresCallStore } from './postgres-call-store.ts';
export { PostgresIdempotencyStore } from './postgres-idempotency-store.ts';
export { PostgresOutbox } from './postgres-outbox.ts';
