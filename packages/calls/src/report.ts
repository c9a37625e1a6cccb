import type { AnsweredBy } from './call.ts';
import type { CarrierStatus } from './carrier.ts';

/**
 * Why a stream of a call's audio ended. `caller-hung-up`: the carrier has ended it, and most probably
 * the call, which it has to say itself; `moved`: on purpose, to go on at another instance;
 * `transferring`: the carrier connects the caller with somebody else.
 */
export type MediaEnding = (typeof MEDIA_ENDINGS)[number];

/** The later ones are the more certain: what is told twice and differently of a stream is the later one. */
export const MEDIA_ENDINGS = [
  'moved',
  'line-lost',
  'agent-lost',
  'caller-hung-up',
  'agent-hung-up',
  'max-duration',
  'transferring',
] as const;

/**
 * What is told of a call while it lives, by the carrier, by whoever holds its audio and by users.
 * Reports may come late, twice and in any order.
 */
export type CallReport =
  | {
      readonly type: 'carrier';
      readonly carrierCallId: string;
      readonly status: CarrierStatus;
      /** The carrier's own count of its reports of this call, from 0; null when it did not say. */
      readonly sequence: number | null;
      readonly atMs: number;
    }
  | { readonly type: 'answered-by'; readonly answeredBy: AnsweredBy }
  | { readonly type: 'media-started'; readonly stream: number; readonly atMs: number }
  | {
      readonly type: 'media-ended';
      /** The call's streams are counted from 1. */
      readonly stream: number;
      readonly ending: MediaEnding;
      readonly atMs: number;
    }
  | { readonly type: 'terminate'; readonly atMs: number };
