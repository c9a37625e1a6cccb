import type { Caller } from '../caller/caller.ts';
import type { Callee } from './callee.ts';
import { converse } from './converse.ts';
import type { Exchange } from './exchange.ts';
import { detect } from './machine-detection.ts';
import type { FinalStatus, NetworkCall } from './network-call.ts';
import { ringCallee } from './ring-callee.ts';

/** Twilio lets it ring for five seconds more than it was told. */
const RING_SPARE_MS = 5_000;
const KEY_MS = 200;
const WAIT_MS: Readonly<Record<string, number>> = { w: 500, W: 1_000 };

/** The life of a call that the server places: in line, ringing, answered or not, over. */
export async function placeCall(call: NetworkCall, exchange: Exchange): Promise<void> {
  const { pace, callees } = exchange.options;
  const until = AbortSignal.any([call.over, exchange.closing]);
  await pace.pass(call.queueTimeMs, until);
  if (until.aborted) return finish(call, 'canceled', exchange);
  call.dialled();
  exchange.tell(call, 'initiated');
  const callee = callees.of(call.order.to);
  if (callee.does === 'unreachable') return finish(call, 'failed', exchange);
  call.ring();
  exchange.tell(call, 'ringing');
  const rung = await ringCallee(callee, call.order.ringTimeoutMs + RING_SPARE_MS, exchange, until);
  if (until.aborted) return finish(call, 'canceled', exchange);
  if (typeof rung === 'string') return finish(call, rung, exchange);
  call.answer();
  exchange.tell(call, 'answered');
  await talk(call, callee, rung, exchange);
}

async function talk(
  call: NetworkCall,
  callee: Callee,
  person: Caller,
  exchange: Exchange,
): Promise<void> {
  const { machineDetection, recording, sendDigits } = call.order;
  if (recording) await exchange.record(call, recording);
  const found = machineDetection && detect(machineDetection, callee, person);
  const { pace } = exchange.options;
  const pressed = async (signal: AbortSignal): Promise<string> => {
    const keys = [...sendDigits].reduce((sum, key) => sum + (WAIT_MS[key] ?? KEY_MS), 0);
    await pace.pass(keys, signal);
    if (!found || machineDetection.async) return '';
    await pace.pass(found.afterMs, signal);
    call.answeredBy = found.answeredBy;
    return found.answeredBy;
  };
  const telling = found && machineDetection.async ? tellLater(call, found, exchange) : null;
  await converse(call, person, exchange, pressed);
  await telling;
}

/** Asynchronous detection: the call goes on, and the server is told when it is known. */
async function tellLater(
  call: NetworkCall,
  { answeredBy, afterMs }: ReturnType<typeof detect>,
  { options, closing }: Exchange,
): Promise<void> {
  const { pace, callbacks, accountSid } = options;
  await pace.pass(afterMs, AbortSignal.any([call.over, closing]));
  if (call.over.aborted || closing.aborted) return;
  call.answeredBy = answeredBy;
  const callback = call.order.machineDetection?.callback;
  if (!callback) return;
  const params = {
    AccountSid: accountSid,
    CallSid: call.sid,
    AnsweredBy: answeredBy,
    MachineDetectionDuration: String(Math.round(afterMs)),
  };
  callbacks.send({ url: callback.url, method: callback.method, params });
}

function finish(call: NetworkCall, status: FinalStatus, exchange: Exchange): void {
  call.end(status);
  exchange.tell(call, 'completed');
}
