import { createHash, randomUUID } from 'node:crypto';
import { type Call, CallError, type CallPlan } from '@earshot/calls';
import { HttpError } from '../http-error.ts';
import { destinationOf } from '../phone-number.ts';
import type { Services } from '../services.ts';
import type { Principal } from './access.ts';
import { type CallOrder, planOf } from './call-order.ts';

export interface PlaceCallRequest {
  readonly order: CallOrder;
  readonly principal: Principal;
  readonly idempotencyKey: string | null;
}

/** Nothing was begun unless this has an answer within this time. */
const START_TIMEOUT_MS = 15_000;

/**
 * Begins an outbound call; with an idempotency key that was used before, tells of the call that it
 * led to. Under one key there is one call, however often and at once it is asked for: it has one id,
 * and a life is begun once an id.
 */
export async function placeCall(
  services: Services,
  { order, principal, idempotencyKey }: PlaceCallRequest,
): Promise<{ readonly plan: CallPlan; readonly call: Call | null }> {
  const { store } = services;
  mustFit(order.system_prompt ?? '', services.calls.systemRoom);
  const plan = planOf(order, `call-${randomUUID()}`, services.orders);
  if (idempotencyKey === null) return begin(services, plan, principal);
  const known = await knownCallId(services, plan.id, { order, principal, idempotencyKey });
  const call = known && (await store.find(known));
  return call
    ? { plan: call, call }
    : begin(services, { ...plan, id: known ?? plan.id }, principal);
}

/** What does not fit would be left out where the call is spoken in, and nobody would know. */
function mustFit({ length }: string, systemRoom: number): void {
  if (length <= systemRoom) return;
  throw new HttpError(
    'prompt-too-long',
    `system_prompt: has ${length} characters, and the language model has room for ${systemRoom}: ` +
      'shorten it, or give the model more context (LLM_CONTEXT_TOKENS)',
  );
}

async function knownCallId(
  { idempotency }: Services,
  callId: string,
  { order, principal, idempotencyKey }: PlaceCallRequest & { idempotencyKey: string },
): Promise<string | null> {
  const fingerprint = createHash('sha256').update(JSON.stringify(order)).digest('hex');
  const answer = await idempotency.take(
    principal.id,
    idempotencyKey,
    fingerprint,
    callId,
    Date.now(),
  );
  if (answer.type === 'different')
    throw new HttpError('idempotency-key-reused', 'This Idempotency-Key was used for another call');
  return answer.type === 'same' ? answer.callId : null;
}

async function begin(services: Services, plan: CallPlan, principal: Principal) {
  const { readiness, dialling, destinations, plans, lifecycle, warm, store, log } = services;
  if (!readiness.takesCalls) throw new HttpError('not-ready', readiness.reason ?? 'Not ready');
  if (dialling.isFull()) throw new CallError('queue-full', 'Too many calls wait to be dialled');
  destinations.take(destinationOf(plan.to), principal.id);
  plans.keep(plan);
  await lifecycle.start(plan, null, AbortSignal.timeout(START_TIMEOUT_MS));
  warm.warm(plan);
  // Whoever hosts its life may keep it a moment later than we answer: it is to be found at once.
  await store.create(plan, Date.now(), null).catch(() => false);
  log.info({ callId: plan.id, direction: plan.direction }, 'call ordered');
  return { plan, call: null };
}
