import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { openRedis } from './open-redis.ts';
import { hasRedisServer, NO_SERVER, RedisServer } from './redis-server.fake.ts';

const OPENSSL = 'openssl';
const folder = mkdtempSync(join(tmpdir(), 'earshot-tls-'));
const key = join(folder, 'key.pem');
const certificate = join(folder, 'certificate.pem');
const [hasCertificate, missing] = makeCertificate();

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(missing !== null)(missing ?? 'over TLS', () => {
  test('Redis is trusted by its authority, and by no other', async () => {
    expect(hasCertificate).toBe(true);
    await using server = await RedisServer.start((port) => [
      ...['--port', '0', '--tls-port', `${port}`, '--tls-auth-clients', 'no'],
      ...['--tls-cert-file', certificate, '--tls-key-file', key],
      ...['--tls-ca-cert-file', certificate],
    ]);
    const url = new URL(`rediss://localhost:${server.port}`);
    const authority = readFileSync(certificate, 'utf8');
    await using trusted = await openRedis({ url, authority });
    await trusted.sessions.create('a', null);
    await trusted.events.settled(new AbortController().signal);
    const reasons: (string | null)[] = [];
    await using stranger = await openRedis({ url, onChange: (_, reason) => reasons.push(reason) });
    await expect(stranger.ping()).rejects.toThrow('could not be asked');
    expect(reasons).toEqual(['DEPTH_ZERO_SELF_SIGNED_CERT']);
    await using plain = await openRedis({ host: 'localhost', port: server.port });
    await expect(plain.ping()).rejects.toThrow('could not be asked');
  });
});

/** A certificate for localhost that signs itself, or what is missing for it. */
function makeCertificate(): [boolean, string | null] {
  if (!hasRedisServer()) return [false, NO_SERVER];
  const { error, status } = spawnSync(OPENSSL, [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
    ...['-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'],
    ...['-keyout', key, '-out', certificate],
  ]);
  if (error && !process.env.CI) return [false, 'skipped: openssl is not on PATH'];
  return [status === 0, null];
}
