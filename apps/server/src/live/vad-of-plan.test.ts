import { DEFAULT_VAD } from '@earshot/conversation';
import { describe, expect, test } from 'vitest';
import { backAgain } from './back-again.ts';
import { vadOfPlan } from './vad-of-plan.ts';

describe('what a plan says of voice detection', () => {
  test('goes over the default, in the API’s names', () => {
    const vadConfig = {
      disabled: false,
      start_sensitivity: 'LOW',
      end_sensitivity: 'END_SENSITIVITY_HIGH',
      prefix_padding_ms: 300,
      silence_duration_ms: 900,
    };
    expect(vadOfPlan({ vadConfig }, DEFAULT_VAD)).toEqual({
      startSensitivity: 'LOW',
      endSensitivity: 'HIGH',
      prefixPaddingMs: 300,
      silenceDurationMs: 900,
    });
  });

  test.each([
    null,
    {},
    { start_sensitivity: 7, end_sensitivity: 'LOUD', prefix_padding_ms: '9', extra: [] },
    { silence_duration_ms: Number.NaN },
  ])('does not count where it cannot be understood: %j', (vadConfig) => {
    expect(vadOfPlan({ vadConfig }, DEFAULT_VAD)).toEqual(DEFAULT_VAD);
  });

  test('is kept within what the agent can do', () => {
    const vadConfig = { prefix_padding_ms: 0, silence_duration_ms: 60_000 };
    expect(vadOfPlan({ vadConfig }, DEFAULT_VAD)).toMatchObject({
      prefixPaddingMs: 20,
      silenceDurationMs: 2_000,
    });
  });
});

describe('the first words after a lost line', () => {
  const after = (...agent: string[]) =>
    backAgain({
      turns: agent.flatMap((text) => [
        { speaker: 'agent', text, interrupted: false } as const,
        { speaker: 'caller', text: 'Hm?' } as const,
      ]),
      memory: null,
      expectation: { topic: 'anything' },
      elapsedMs: 0,
      toSay: [],
      saying: '',
      noticeHeard: false,
    });

  test('ask again what was asked last', () => {
    expect(after('Hello.', 'Of course. What is your name?')).toMatch(/back.* What is your name\?$/);
  });

  test('offer help where nothing was asked', () => {
    expect(after('What is your name?', 'Thank you.')).toMatch(/How can I help you\?$/);
    expect(after()).toMatch(/How can I help you\?$/);
  });
});
