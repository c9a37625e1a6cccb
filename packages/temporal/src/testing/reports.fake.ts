import type { CallReport, CarrierStatus } from '@earshot/calls';
import { carrierIdOf } from './scripted-activities.fake.ts';

const atMs = Date.now();

export const hungUp: CallReport = {
  type: 'media-ended',
  stream: 1,
  ending: 'caller-hung-up',
  atMs,
};

export const terminate: CallReport = { type: 'terminate', atMs };

/** What is told of a call until its audio has begun. */
export function answered(callId: string): CallReport[] {
  const carrier = { type: 'carrier', carrierCallId: carrierIdOf(callId), atMs } as const;
  return [
    { ...carrier, status: 'ringing', sequence: 1 },
    { ...carrier, status: 'in-progress', sequence: 2 },
    { type: 'media-started', stream: 1, atMs },
  ];
}

export function carrierReport(callId: string, status: CarrierStatus): CallReport {
  return { type: 'carrier', carrierCallId: carrierIdOf(callId), status, sequence: null, atMs };
}
