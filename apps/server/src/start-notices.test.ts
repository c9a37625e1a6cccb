import { expect, test } from 'vitest';
import { loadConfig } from './config.ts';
import { warningsOf } from './start-notices.ts';

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
