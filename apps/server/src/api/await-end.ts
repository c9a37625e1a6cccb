import type { IncomingMessage } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Call } from '@earshot/calls';
import type { Services } from '../services.ts';
import { findCall } from './find-call.ts';

/** Whoever hosts the call's life may not know it any more, or yet: then its record is looked at. */
const LOOK_EVERY_MS = 500;

/** The call once it has ended, or as it stands after so long. Ends early with the asker, or the server. */
export async function awaitEnd(
  { store, lifecycle, stopping }: Pick<Services, 'store' | 'lifecycle' | 'stopping'>,
  callId: string,
  waitMs: number,
  asker: IncomingMessage,
): Promise<Call> {
  const left = new AbortController();
  const leave = () => left.abort();
  asker.socket.once('close', leave);
  const signal = AbortSignal.any([left.signal, stopping, AbortSignal.timeout(waitMs)]);
  try {
    for (;;) {
      const call = await findCall(store, callId);
      if (call.phase === 'ended' || signal.aborted) return call;
      await lifecycle.outcome(callId, signal).catch(() => {});
      await wait(LOOK_EVERY_MS, null, { signal }).catch(() => {});
    }
  } finally {
    asker.socket.off('close', leave);
  }
}
