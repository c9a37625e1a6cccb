import type { RedisOptions } from 'ioredis';

/** Where Redis is: `redis:` or `rediss:` (TLS), or the parts of such a URL. */
export type RedisAddress = { readonly url: URL } | RedisParts;

export interface RedisParts {
  readonly host: string;
  /** 6379 unless told. */
  readonly port?: number;
  /** 0 unless told. */
  readonly db?: number;
  readonly username?: string;
  readonly password?: string;
  readonly tls?: boolean;
}

const PORT = 6379;

/** Throws a `TypeError`, without the address, for what is none. */
export function addressOptions(address: RedisAddress, authority?: string): RedisOptions {
  const { host, port = PORT, db = 0, username, password, tls } = partsOf(address);
  if (host === '') throw new TypeError('The address of Redis has no host');
  if (!Number.isInteger(db) || db < 0) throw new TypeError('The database of Redis is a number');
  return {
    host,
    port,
    db,
    ...(username && { username }),
    ...(password && { password }),
    ...(tls && { tls: { servername: host, ...(authority && { ca: authority }) } }),
  };
}

function partsOf(address: RedisAddress): RedisParts {
  if (!('url' in address)) return address;
  const { protocol, hostname, port, pathname, username, password } = address.url;
  if (protocol !== 'redis:' && protocol !== 'rediss:')
    throw new TypeError('The URL of Redis begins with redis: or rediss:');
  const db = /^\/?(\d*)$/.exec(pathname)?.[1];
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? PORT : Number(port),
    db: db === undefined ? Number.NaN : Number(db),
    username: decodeURIComponent(username),
    password: decodeURIComponent(password),
    tls: protocol === 'rediss:',
  };
}
