import { describe, expect, test } from 'vitest';
import { isPublicAddress } from './public-address.ts';
import { isReachable, objectionTo } from './webhook-url.ts';

const STRICT = { loopback: false, plain: false };

test.each(['93.184.215.14', '8.8.8.8', '100.128.0.1', '2606:4700::1111', '2a00:1450:4001::1'])(
  '%s is public',
  (address) => expect(isPublicAddress(address)).toBe(true),
);

test.each([
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '127.0.0.1',
  '127.255.255.254',
  '169.254.169.254',
  '172.31.255.255',
  '192.168.0.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:8.8.8.8',
  '::127.0.0.1',
  '64:ff9b::7f00:1',
  '64:ff9b::8.8.8.8',
  '64:ff9b:1::1',
  '100::1',
  '2001::1',
  '2001:db8::1',
  '2002:7f00:1::',
  '3fff::1',
  'fc00::1',
  'fd00:ec2::254',
  'fe80::1',
  'fe80::1%eth0',
  'fec0::1',
  'ff02::1',
  'example.com',
  '',
])('%s is not', (address) => {
  expect(isPublicAddress(address)).toBe(false);
  expect(isReachable(address, STRICT)).toBe(false);
});

describe('a webhook’s URL', () => {
  test.each(['https://hooks.example.com/x?y=z', 'https://93.184.215.14:8443/'])(
    'may be %s',
    (url) => {
      expect(objectionTo(url, STRICT)).toBeNull();
    },
  );

  test.each([
    'http://hooks.example.com',
    'ftp://hooks.example.com',
    'javascript:alert(1)',
    'hooks.example.com',
    'https://user:secret@hooks.example.com',
    'https://127.0.0.1',
    'https://127.1',
    'https://2130706433',
    'https://0x7f000001',
    'https://0177.0.0.1',
    'https://017700000001',
    'https://0',
    'https://127。0。0。1',
    'https://①②⑦.0.0.1',
    'https://[::1]',
    'https://[::ffff:127.0.0.1]',
    'https://[::ffff:7f00:1]',
    'https://[64:ff9b::169.254.169.254]',
    'https://169.254.169.254/latest/meta-data',
    'https://metadata.google.internal',
    'https://localhost',
    'https://localhost.',
    'https://LOCALHOST:8000',
    'https://a.localhost',
    'https://printer.local',
    'https://intranet',
    'https://router.home.arpa',
    `https://hooks.example.com/${'x'.repeat(2_000)}`,
  ])('may not be %s', (url) => {
    expect(objectionTo(url, STRICT)).toMatch(/^must /);
  });

  test('may be on this machine in development', () => {
    const reach = { loopback: true, plain: true };
    expect(objectionTo('http://127.0.0.1:3000/x', reach)).toBeNull();
    expect(objectionTo('http://localhost:3000/x', reach)).toBeNull();
    expect(isReachable('127.0.0.1', reach)).toBe(true);
    expect(objectionTo('http://192.168.0.1', reach)).not.toBeNull();
    expect(isReachable('169.254.169.254', reach)).toBe(false);
  });
});
