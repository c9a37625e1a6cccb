import type { CallPlan, MachineDetection } from '@earshot/calls';
import { z } from 'zod';
import { HttpError } from '../http-error.ts';
import { e164 } from '../phone-number.ts';

const MOST_METADATA_BYTES = 8 * 1024;
/** What a call says first when neither the order nor a receptionist tells. */
const GREETING = 'Hello! How can I help you today?';
const RING_TIMEOUT_S = 60;

const vadConfig = z.strictObject({
  start_sensitivity: z.enum(['HIGH', 'LOW']).optional(),
  end_sensitivity: z.enum(['HIGH', 'LOW']).optional(),
  prefix_padding_ms: z.int().min(20).max(500).optional(),
  silence_duration_ms: z.int().min(100).max(2_000).optional(),
});

const metadata = z
  .record(z.string().max(100), z.json())
  .refine((value) => Buffer.byteLength(JSON.stringify(value)) <= MOST_METADATA_BYTES, {
    error: 'must be at most 8 kB',
  });

/** The body of `POST /calls`. */
export const CallOrder = z
  .strictObject({
    phone_number: z.string().max(40).meta({ description: 'E.164', example: '+12025550142' }),
    greeting: z.string().trim().min(1).max(1_000).nullish(),
    system_prompt: z.string().trim().min(1).max(32_000).nullish(),
    max_duration_seconds: z.int().min(10).max(14_400).optional(),
    ring_timeout_seconds: z.int().min(5).max(600).default(RING_TIMEOUT_S),
    vad_config: vadConfig.nullish(),
    metadata: metadata.default({}),
    receptionist_id: z.string().min(1).max(100).nullish(),
    agent: z.enum(['cascade']).nullish(),
    machine_detection: z.enum(['off', 'report', 'hang_up']).default('off'),
    record: z.boolean().default(false),
  })
  .meta({ id: 'CallOrder' });

export type CallOrder = z.infer<typeof CallOrder>;

const DETECTION: Readonly<Record<CallOrder['machine_detection'], MachineDetection>> = {
  off: 'off',
  report: 'report',
  hang_up: 'hang-up',
};

export interface OrderDefaults {
  readonly from: string;
  readonly maxDurationMs: number;
  /** Of the one business that is served here. */
  readonly receptionistId: string;
}

/** What is to be done, from what was asked for. Throws an `HttpError`. */
export function planOf(order: CallOrder, id: string, defaults: OrderDefaults): CallPlan {
  const receptionistId = order.receptionist_id ?? null;
  if (receptionistId !== null && receptionistId !== defaults.receptionistId)
    throw new HttpError('invalid-request', 'receptionist_id: is none that answers here');
  return {
    id,
    direction: 'outbound',
    to: numberOf(order.phone_number),
    from: defaults.from,
    receptionistId,
    greeting: order.greeting ?? (receptionistId === null ? GREETING : null),
    systemPrompt: order.system_prompt ?? null,
    maxDurationMs: order.max_duration_seconds
      ? order.max_duration_seconds * 1_000
      : defaults.maxDurationMs,
    ringTimeoutMs: order.ring_timeout_seconds * 1_000,
    machineDetection: DETECTION[order.machine_detection],
    record: order.record,
    vadConfig: order.vad_config ?? null,
    metadata: order.metadata,
    agent: order.agent ?? null,
  };
}

/** Throws an `HttpError` for what is no number. */
export function numberOf(written: string): string {
  const number = e164(written);
  if (number === null)
    throw new HttpError('bad-number', 'phone_number: must be a number like +12025550142 (E.164)');
  return number;
}
