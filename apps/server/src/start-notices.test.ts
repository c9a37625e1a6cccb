import { expect, test } from 'vitest';
import { loadConfig } from './config.ts';
import { farewellOf, warningsOf } from './start-notices.ts';

const TEMPORAL = { TEMPORAL_HOST: '127.0.0.1' };
const KEYS = { TEMPORAL_PAYLOAD_KEYS: 'ab'.repeat(32) };
const REDIS = { REDIS_HOST: '127.0.0.1' };

test.each([
  [{}, []],
  [REDIS, []],
  [{ ...TEMPORAL, ...KEYS, ...REDIS }, []],
  [{ ...TEMPORAL, ...REDIS }, [/TEMPORAL_PAYLOAD_KEYS .* prompts can be read/]],
  [{ ...TEMPORAL, ...KEYS }, [/without Redis: .* does not hear/]],
  [TEMPORAL, [/TEMPORAL_PAYLOAD_KEYS/, /without Redis/]],
])('%j: what lies open, and what is not heard of, is warned of', (env, warnings) => {
  expect(warningsOf(loadConfig(env))).toEqual(
    warnings.map((warning) => expect.stringMatching(warning)),
  );
});

test.each([
  [0, []],
  [1, ['1 call goes on, for at most 30 s. Again to end at once.']],
  [12, ['12 calls go on, for at most 30 s. Again to end at once.']],
])('whoever stops a server with %i live calls is told why it stays', (liveCalls, told) => {
  expect(farewellOf(liveCalls, { graceMs: 30_000 })).toEqual(told);
});
