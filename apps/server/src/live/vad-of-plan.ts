import type { CallPlan } from '@earshot/calls';
import type { VadConfig } from '@earshot/conversation';
import { z } from 'zod';

const sensitivity = z
  .string()
  .transform((given) => /(HIGH|LOW)$/.exec(given.toUpperCase())?.[1])
  .pipe(z.enum(['HIGH', 'LOW']))
  .optional()
  .catch(undefined);

const milliseconds = (least: number, most: number) =>
  z
    .number()
    .transform((ms) => Math.min(most, Math.max(least, ms)))
    .optional()
    .catch(undefined);

/**
 * The API's names. `START_SENSITIVITY_HIGH` is understood, too. `disabled` is read by agents that
 * detect turns by themselves: one made of a recognizer hears nobody without a voice detector.
 */
const Given = z.object({
  start_sensitivity: sensitivity,
  end_sensitivity: sensitivity,
  prefix_padding_ms: milliseconds(20, 500),
  silence_duration_ms: milliseconds(100, 2_000),
});

/** What the call's plan says of voice detection, over the default. What cannot be understood does not count. */
export function vadOfPlan({ vadConfig }: Pick<CallPlan, 'vadConfig'>, vad: VadConfig): VadConfig {
  const given = Given.parse(vadConfig ?? {});
  return {
    startSensitivity: given.start_sensitivity ?? vad.startSensitivity,
    endSensitivity: given.end_sensitivity ?? vad.endSensitivity,
    prefixPaddingMs: given.prefix_padding_ms ?? vad.prefixPaddingMs,
    silenceDurationMs: given.silence_duration_ms ?? vad.silenceDurationMs,
  };
}
