import { MemoryCallStore, MemoryLiveEvents, outcome } from '@earshot/calls';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { CallPlans } from '../call-plans.ts';
import { inboundPlan } from '../twilio/inbound-plan.ts';
import { EndedCalls } from './ended-calls.ts';

const log = pino({ level: 'silent' });

test('calls that end elsewhere are noticed where they were taken, and there alone', async () => {
  const [store, events] = [new MemoryCallStore(), new MemoryLiveEvents()];
  const plans = new CallPlans({ store, maxDurationMs: 60_000 });
  const noticed: string[] = [];
  const all = Promise.withResolvers<void>();
  const ended = ({ id }: { readonly id: string }) => {
    plans.forget(id);
    noticed.push(id);
    if (id.endsWith('CA3')) all.resolve();
  };
  await using _watch = new EndedCalls({ events, store, plans, ended, log });
  for (const callSid of ['CA1', 'CA2', 'CA3']) {
    const plan = inboundPlan({ callSid, from: '+1', to: '+2' }, 60_000);
    await store.create(plan, 1, callSid);
    if (callSid !== 'CA2') plans.keep(plan);
    const tell = (phase: string) =>
      events.tell({ callId: plan.id, serial: 0, type: 'phase', atMs: 1, data: { phase } });
    tell('answered');
    await store.settle(plan.id, outcome('completed'), 2);
    tell('ended');
    tell('ended');
  }
  await all.promise;
  expect(noticed).toEqual(['call-CA1', 'call-CA3']);
});
