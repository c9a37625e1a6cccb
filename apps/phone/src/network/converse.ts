import type { Caller } from '../caller/caller.ts';
import type { CallOutcome } from '../carrier/call-observer.ts';
import type { CallOptions } from '../carrier/call-options.ts';
import { runCall } from '../carrier/run-call.ts';
import type { Exchange } from './exchange.ts';
import type { FinalStatus, NetworkCall } from './network-call.ts';
import { dialOn } from './ring-callee.ts';

/** The call from the moment that both ends are there until it is over, and told. */
export async function converse(
  call: NetworkCall,
  caller: Caller,
  exchange: Exchange,
  detect?: CallOptions['detect'],
): Promise<void> {
  const { accountSid, authToken, clock, studio, write } = exchange.options;
  const { begin, fallback, from, to, direction, timeLimitMs } = call.order;
  const end = await runCall({
    ...('twiml' in begin
      ? { voiceUrl: '', twiml: begin.twiml }
      : { voiceUrl: begin.url, voiceMethod: begin.method }),
    ...(fallback && { fallbackUrl: fallback.url, fallbackMethod: fallback.method }),
    accountSid,
    authToken,
    callSid: call.sid,
    from,
    to,
    direction,
    caller,
    clock,
    ...(detect && { detect }),
    observer: {
      observe: (event) => {
        if (event.type === 'answered' && !call.answered) call.answer();
        if (event.type === 'finding' && event.finding.level !== 'note')
          write(`${call.sid} ${event.finding.code}`);
        call.observe(event);
      },
    },
    control: (control) => call.control(control),
    dial: (number, timeoutMs, signal) => dialOn(number, timeoutMs, exchange, signal),
    speak: (text, signal) => studio.speak(text, signal),
    maxDurationMs: timeLimitMs,
    signal: exchange.closing,
  });
  call.end(statusOf(end.outcome, call.answered));
  for (const recording of call.recordings) await exchange.finish(recording);
  exchange.tell(call, 'completed');
}

function statusOf({ reason, detail }: CallOutcome, answered: boolean): FinalStatus {
  if (reason === 'rejected') return detail === 'busy' ? 'busy' : 'no-answer';
  return answered ? 'completed' : 'failed';
}
