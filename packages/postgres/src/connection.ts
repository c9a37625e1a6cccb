import { readFile } from 'node:fs/promises';
import type { ClientConfig } from 'pg';
import { DatabaseError } from './database-error.ts';

/** How to reach a database. */
export interface Connection {
  /** `postgres://user:password@host:port/database`; `sslmode` as in libpq. */
  readonly url: string;
  /** Whom to trust, in PEM, instead of the well-known authorities: Supabase has its own. */
  readonly ca?: string | undefined;
}

/** With the certificate authority of its own, if it has one. Rejects when that file cannot be read. */
export async function serverConnection({
  url,
  caFile,
}: {
  readonly url: string;
  readonly caFile: string | null;
}): Promise<Connection> {
  return caFile === null ? { url } : { url, ca: await readFile(caFile, 'utf8') };
}

/** Answers to what libpq calls `sslmode`. */
type Mode = 'disable' | 'prefer' | 'require' | 'verify-ca' | 'verify-full';

const CONNECT_MS = 10_000;
const SSL_PARAMETERS = ['sslmode', 'ssl', 'sslrootcert', 'sslcert', 'sslkey', 'uselibpqcompat'];

/**
 * Settings for `pg`, best first: as with libpq, a host elsewhere is asked for TLS first where the
 * URL says nothing, and `require` trusts anybody unless a certificate authority is given.
 */
export function clientConfigs({ url, ca }: Connection): readonly [ClientConfig, ClientConfig?] {
  const address = addressOf(url);
  const mode = modeOf(address, ca);
  for (const name of SSL_PARAMETERS) address.searchParams.delete(name);
  const config: ClientConfig = {
    connectionString: address.href,
    application_name: 'earshot',
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_MS,
  };
  const plain = { ...config, ssl: false };
  if (mode === 'disable') return [plain];
  const verified = ca !== undefined || mode.startsWith('verify');
  const servername = mode === 'verify-ca' ? { checkServerIdentity: () => undefined } : {};
  const ssl = { rejectUnauthorized: verified, ...(ca === undefined ? {} : { ca }), ...servername };
  return mode === 'prefer' ? [{ ...config, ssl }, plain] : [{ ...config, ssl }];
}

/** What `pg` says when a server has no TLS. It has no code. */
export function isWithoutTls(error: unknown): boolean {
  return error instanceof Error && error.message === 'The server does not support SSL connections';
}

/** Neither the URL nor a part of it is in the error: it holds a password. */
function addressOf(url: string): URL {
  const address = URL.canParse(url) ? new URL(url) : null;
  if (address && /^postgres(ql)?:$/.test(address.protocol)) return address;
  throw new DatabaseError(
    'bad-database-url',
    'The URL of the database is none: postgres://user:password@host:5432/database.',
  );
}

function modeOf({ hostname, searchParams }: URL, ca: string | undefined): Mode {
  const mode = searchParams.get('sslmode');
  switch (mode) {
    case 'disable':
    case 'require':
    case 'verify-ca':
    case 'verify-full':
      return mode;
    case 'no-verify':
      return 'require';
    default:
      if (ca !== undefined) return 'verify-full';
      return isHere(hostname) ? 'disable' : 'prefer';
  }
}

function isHere(hostname: string): boolean {
  return (
    hostname === '' ||
    hostname === 'localhost' ||
    hostname === '[::1]' ||
    /^127\.\d+\.\d+\.\d+$/.test(hostname)
  );
}
