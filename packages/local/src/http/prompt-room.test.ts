import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contextTokensFor, PromptRoom } from './prompt-room.ts';

const tools = [{ name: 'end_call', description: 'Hangs up.', parameters: { type: 'object' } }];

test('a larger context takes in a longer system prompt, and tools take their part of it', () => {
  expect(new PromptRoom({ contextTokens: 4096 }).system([])).toBeGreaterThan(6_500);
  expect(new PromptRoom({}).system([])).toBeGreaterThan(14_500);
  expect(new PromptRoom({}).system(tools)).toBeLessThan(new PromptRoom({}).system([]));
});

test('the context that is said to take in a system prompt does, and a notably smaller one does not', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1_500, max: 100_000 }), (chars) => {
      const contextTokens = contextTokensFor(chars, tools);
      expect(new PromptRoom({ contextTokens }).system(tools)).toBeGreaterThanOrEqual(chars);
      const smaller = new PromptRoom({ contextTokens: contextTokens - 1024 });
      expect(smaller.system(tools)).toBeLessThan(chars + 2);
    }),
  );
});
