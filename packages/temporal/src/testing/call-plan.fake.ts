import { randomUUID } from 'node:crypto';
import type { CallPlan } from '@earshot/calls';

/** An outbound call to a number that is nobody's. */
export function outboundPlan(changes: Partial<CallPlan> = {}): CallPlan {
  return {
    id: `call-${randomUUID()}`,
    direction: 'outbound',
    to: '+15550142',
    from: '+15550100',
    receptionistId: 'dental-practice',
    greeting: 'Hello, this is the practice.',
    systemPrompt: 'You are a receptionist.',
    maxDurationMs: 1_800_000,
    ringTimeoutMs: 45_000,
    machineDetection: 'off',
    record: false,
    vadConfig: null,
    metadata: {},
    agent: null,
    ...changes,
  };
}
