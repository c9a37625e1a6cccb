import type { LiveEvent } from '@earshot/calls';

/** A live event on its way between instances. */
export interface Envelope {
  /** The instance that tells it. */
  readonly from: string;
  /** Its count of what it has told, from 1. */
  readonly number: number;
  readonly event: LiveEvent;
}

/** What came over a channel; null for what is none of ours. */
export function envelopeFrom(text: string): Envelope | null {
  const envelope = parsed(text);
  if (!isRecord(envelope) || !isEvent(envelope.event)) return null;
  const { from, number, event } = envelope;
  return typeof from === 'string' && typeof number === 'number' ? { from, number, event } : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isEvent(value: unknown): value is LiveEvent {
  return (
    isRecord(value) &&
    typeof value.callId === 'string' &&
    typeof value.serial === 'number' &&
    typeof value.type === 'string' &&
    typeof value.atMs === 'number' &&
    isRecord(value.data)
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
