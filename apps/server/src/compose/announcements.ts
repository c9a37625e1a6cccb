import {
  type Call,
  callJson,
  type LifeEvent,
  type LiveEvents,
  noticeOf,
  noticeOfMessage,
  type Outbox,
  type StoredMessage,
} from '@earshot/calls';
import type { Logger } from 'pino';

export interface AnnouncementParts {
  readonly events: LiveEvents;
  readonly outbox: Outbox;
  /** Null: nobody's server is told. */
  readonly webhookUrl: string | null;
  readonly log: Logger;
  /** Something was put into the outbox. */
  readonly nudge: () => void;
  readonly ended: (call: Call) => void;
}

/** Tells the rest of the house, and users' servers, what becomes of calls. */
export class Announcements {
  readonly #parts: AnnouncementParts;

  constructor(parts: AnnouncementParts) {
    this.#parts = parts;
  }

  /** Rejects when a notice could not be kept, so that the event is told again. */
  async announce(event: LifeEvent): Promise<void> {
    const { events, webhookUrl, log, ended } = this.#parts;
    const { call } = event;
    const { status, phase, outcome } = callJson(call);
    const atMs = Date.now();
    events.tell({ callId: call.id, serial: 0, type: 'phase', atMs, data: { phase, status } });
    if (event.type === 'ended') {
      log.info({ callId: call.id, direction: call.direction, outcome }, 'call settled');
      ended(call);
    }
    const notice = webhookUrl === null ? null : noticeOf(event, webhookUrl, atMs);
    if (!notice) return;
    await this.#parts.outbox.add(notice);
    this.#parts.nudge();
  }

  /** Rejects as `announce` does. */
  async announceMessage(callId: string, message: StoredMessage): Promise<void> {
    const { webhookUrl, outbox, nudge } = this.#parts;
    if (webhookUrl === null) return;
    await outbox.add(noticeOfMessage(callId, message, webhookUrl, Date.now()));
    nudge();
  }
}
