import { CallError, type CallLifecycle } from '@earshot/calls';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { inboundPlan } from '../twilio/inbound-plan.ts';
import { PatientLifecycle } from './patient-lifecycle.ts';

const log = pino({ level: 'silent' });
const never = new AbortController().signal;
const plan = inboundPlan({ callSid: 'CA1', from: '+1', to: '+2' }, 60_000);
const terminate = { type: 'terminate', atMs: 1 } as const;

/** A host that is away until it is there. */
class FakeHost implements CallLifecycle {
  isThere = false;
  readonly started: string[] = [];
  readonly reported: string[] = [];
  #asked = Promise.withResolvers<void>();

  async start({ id }: { readonly id: string }): Promise<void> {
    this.#asked.resolve();
    if (!this.isThere) throw new CallError('lifecycle-unavailable', 'away');
    this.started.push(id);
  }

  async report(callId: string): Promise<void> {
    this.reported.push(callId);
  }

  asked(): Promise<void> {
    return this.#asked.promise;
  }

  async state() {
    return null;
  }

  async outcome(): Promise<never> {
    throw new CallError('call-not-found', 'none');
  }
}

test('a life that cannot begin now begins later, and its reports wait', async () => {
  const host = new FakeHost();
  await using lives = new PatientLifecycle(host, log);
  lives.begin(plan, 'CA1');
  lives.begin(plan, 'CA1');
  await host.asked();
  expect(lives.waiting).toBe(1);
  await expect(lives.report(plan.id, terminate, never)).rejects.toMatchObject({
    code: 'lifecycle-unavailable',
    retryable: true,
  });
  host.isThere = true;
  while (lives.waiting > 0) await new Promise((resolve) => setImmediate(resolve));
  expect(host.started).toEqual([plan.id]);
  await lives.report(plan.id, terminate, never);
  expect(host.reported).toEqual([plan.id]);
});

test('reports of other calls do not wait', async () => {
  const host = new FakeHost();
  await using lives = new PatientLifecycle(host, log);
  lives.begin(plan, 'CA1');
  await lives.report('call-2', terminate, never);
  expect(host.reported).toEqual(['call-2']);
});

test('it ends also while it waits', async () => {
  const host = new FakeHost();
  const lives = new PatientLifecycle(host, log);
  lives.begin(plan, 'CA1');
  await host.asked();
  await lives[Symbol.asyncDispose]();
  expect(lives.waiting).toBe(0);
});
