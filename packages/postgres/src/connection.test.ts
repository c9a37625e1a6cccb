import { describe, expect, test } from 'vitest';
import { clientConfigs } from './connection.ts';

const CA = '-----BEGIN CERTIFICATE-----';

describe('a connection', () => {
  test.each(['127.0.0.1', 'localhost', '[::1]'])('to %s is plain', (host) => {
    expect(clientConfigs({ url: `postgres://u:p@${host}:5432/d` })).toMatchObject([{ ssl: false }]);
  });

  test('elsewhere asks for TLS first, like libpq', () => {
    expect(clientConfigs({ url: 'postgres://u:p@db.example:5432/d' })).toMatchObject([
      { ssl: { rejectUnauthorized: false } },
      { ssl: false },
    ]);
  });

  test.each([
    ['disable', false],
    ['require', { rejectUnauthorized: false }],
    ['no-verify', { rejectUnauthorized: false }],
    ['verify-ca', { rejectUnauthorized: true, checkServerIdentity: expect.any(Function) }],
    ['verify-full', { rejectUnauthorized: true }],
  ])('with sslmode=%s does what libpq does', (mode, ssl) => {
    const configs = clientConfigs({ url: `postgres://u:p@db.example/d?sslmode=${mode}` });
    expect(configs.map((config) => config?.ssl)).toEqual([ssl]);
  });

  test.each(['', '?sslmode=require', '?sslmode=verify-full'])(
    'with an authority of its own trusts nobody else (%s)',
    (query) => {
      const configs = clientConfigs({ url: `postgres://u:p@db.example/d${query}`, ca: CA });
      expect(configs.map((config) => config?.ssl)).toEqual([{ rejectUnauthorized: true, ca: CA }]);
    },
  );

  test('leaves the rest of the URL as it is, password and all', () => {
    const url = 'postgres://u.ref:p%40ss%2Fword@db.example:6543/d?sslmode=require&options=x';
    expect(clientConfigs({ url })[0].connectionString).toBe(
      'postgres://u.ref:p%40ss%2Fword@db.example:6543/d?options=x',
    );
  });

  test('refuses what is no URL of a database, without repeating it', () => {
    for (const url of [
      '',
      'host=db password=secret',
      'mysql://u:secret@db/d',
      'https://u:secret@x/',
    ])
      try {
        clientConfigs({ url });
        expect.unreachable();
      } catch (error) {
        expect(error).toMatchObject({ code: 'bad-database-url' });
        expect(String(error)).not.toContain('secret');
      }
  });
});
