import type { Phase } from './call.ts';
import { callJson, isoTime, messageJson } from './call-json.ts';
import type { StoredMessage } from './call-store.ts';
import type { LifeEvent } from './lifecycle.ts';
import type { Delivery } from './outbox.ts';

/** What users' servers are told of, by the name of the event. */
export type NoticeName = 'call.started' | 'call.answered' | 'call.ended' | 'message.taken';

const NAME_OF_PHASE: Partial<Record<Phase, NoticeName>> = {
  queued: 'call.started',
  answered: 'call.answered',
  ended: 'call.ended',
};

/**
 * What a user's server is told of a call's life, for the outbox; null: nothing. Its id comes of the
 * call and the event alone, so that an event which is told twice is delivered once.
 */
export function noticeOf({ call }: LifeEvent, url: string, atMs: number): Delivery | null {
  const name = NAME_OF_PHASE[call.phase];
  return name ? delivery(`${call.id}:${name}`, name, { call: callJson(call) }, url, atMs) : null;
}

/** What a user's server is told of a message that a caller has left. */
export function noticeOfMessage(
  callId: string,
  message: StoredMessage,
  url: string,
  atMs: number,
): Delivery {
  const id = `${callId}:message.taken:${message.index}`;
  const data = { call_id: callId, message: messageJson(message) };
  return delivery(id, 'message.taken', data, url, atMs);
}

function delivery(
  id: string,
  event: NoticeName,
  data: object,
  url: string,
  atMs: number,
): Delivery {
  const body = JSON.stringify({ id, type: event, created_at: isoTime(atMs), data });
  return { id, url, event, body, attempts: 0, nextAttemptAtMs: atMs, createdAtMs: atMs };
}
