import { callJson, type LifeEvent, type LiveEvents, noticeOf, type Outbox } from '@earshot/calls';
import type { Logger } from 'pino';

export interface AnnouncementParts {
  readonly events: Pick<LiveEvents, 'tell'>;
  readonly outbox: Pick<Outbox, 'add'>;
  /** Null: nobody's server is told. */
  readonly webhookUrl: string | null;
  readonly log: Logger;
}

/** Tells servers and whoever watches how a call goes on. Rejects when a notice could not be kept. */
export async function announce(
  { events, outbox, webhookUrl, log }: AnnouncementParts,
  event: LifeEvent,
): Promise<void> {
  const { call } = event;
  const { phase, status, outcome } = callJson(call);
  const atMs = Date.now();
  events.tell({ callId: call.id, serial: 0, type: 'phase', atMs, data: { phase, status } });
  if (event.type === 'ended')
    log.info({ callId: call.id, direction: call.direction, outcome }, 'call settled');
  const notice = webhookUrl === null ? null : noticeOf(event, webhookUrl, atMs);
  // The servers deliver what is in the outbox.
  if (notice) await outbox.add(notice);
}
