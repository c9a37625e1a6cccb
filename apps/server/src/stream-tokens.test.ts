import { expect, test } from 'vitest';
import { StreamTokens } from './stream-tokens.ts';

test('a token opens one stream of its call', () => {
  const tokens = new StreamTokens();
  const token = tokens.issue('CA1');
  expect(tokens.redeem(token, 'CA1')).toBe(true);
  expect(tokens.redeem(token, 'CA1')).toBe(false);
});

test('a token brought for another call is used up by it', () => {
  const tokens = new StreamTokens();
  const token = tokens.issue('CA1');
  expect(tokens.redeem(token, 'CA2')).toBe(false);
  expect(tokens.redeem(token, 'CA1')).toBe(false);
});

test('tokens end after a minute', () => {
  let now = 0;
  const tokens = new StreamTokens(() => now);
  const [first, second] = [tokens.issue('CA1'), tokens.issue('CA1')];
  now = 59_999;
  expect(tokens.redeem(first, 'CA1')).toBe(true);
  now = 60_000;
  expect(tokens.redeem(second, 'CA1')).toBe(false);
});

test('no token, a wrong one, or one of many unused ones opens nothing', () => {
  const tokens = new StreamTokens();
  const first = tokens.issue('CA1');
  for (const token of [undefined, '', 'x', `${first}x`])
    expect(tokens.redeem(token, 'CA1')).toBe(false);
  for (let i = 0; i < 10_000; i += 1) tokens.issue('CA2');
  expect(tokens.redeem(first, 'CA1')).toBe(false);
});
