import type { Call } from '@earshot/calls';
import type { Services } from '../services.ts';

const TELL_TIMEOUT_MS = 3_000;
const HANG_UP_TIMEOUT_MS = 10_000;

/**
 * Ends a call wherever it is. Its life hangs up; where that cannot be told, the phone leg is ended
 * from here and its life is told as soon as it can be.
 */
export async function endCall(services: Services, call: Call): Promise<void> {
  if (call.phase === 'ended') return;
  const { lifecycle, reports, carrier, log } = services;
  const report = { type: 'terminate', atMs: Date.now() } as const;
  try {
    await lifecycle.report(call.id, report, AbortSignal.timeout(TELL_TIMEOUT_MS));
  } catch (err) {
    log.warn({ err, callId: call.id }, 'call ended without its life');
    reports.tell(call.id, report);
    if (call.carrierCallId !== null)
      await carrier.hangUp(call.carrierCallId, AbortSignal.timeout(HANG_UP_TIMEOUT_MS));
  }
}
