import { expect, test } from 'vitest';
import { StreamTokens } from './stream-tokens.ts';

const SECRET = 'a'.repeat(32);

test('a token opens one stream of its call', () => {
  const tokens = new StreamTokens([SECRET]);
  const token = tokens.issue('call-1');
  expect(tokens.redeem(token, 'call-2')).toBe(false);
  expect(tokens.redeem(token, 'call-1')).toBe(true);
  expect(tokens.redeem(token, 'call-1')).toBe(false);
});

test('tokens end after a minute, or when they were made to', () => {
  let now = 0;
  const tokens = new StreamTokens([SECRET], () => now);
  const [first, second, long] = [
    tokens.issue('call-1'),
    tokens.issue('call-1'),
    tokens.issue('call-1', 120_000),
  ];
  now = 59_999;
  expect(tokens.redeem(first, 'call-1')).toBe(true);
  now = 60_000;
  expect(tokens.redeem(second, 'call-1')).toBe(false);
  expect(tokens.redeem(long, 'call-1')).toBe(true);
});

test('a token of another instance is taken, also while one auth token replaces the other', () => {
  const token = new StreamTokens([SECRET]).issue('call-1');
  expect(new StreamTokens(['b'.repeat(32), SECRET]).redeem(token, 'call-1')).toBe(true);
  expect(new StreamTokens(['b'.repeat(32)]).redeem(token, 'call-1')).toBe(false);
});

test('no token, a wrong one, and one for no call open nothing', () => {
  const tokens = new StreamTokens([SECRET]);
  const first = tokens.issue('call-1');
  for (const token of [undefined, '', 'x', `${first}x`])
    expect(tokens.redeem(token, 'call-1')).toBe(false);
  expect(tokens.redeem(first, undefined)).toBe(false);
});
