import type { AgentEvent } from './ports.ts';
import type { Reply } from './reply.ts';

export type Farewell = Extract<AgentEvent, { type: 'farewell' }>;
export const FAREWELL: Farewell = { type: 'farewell' };

/** A reply on its way to the caller's ear. */
export interface Spoken {
  readonly id: number;
  readonly reply: Reply;
  audible: boolean;
  /** Heard to its end, or so nearly that the rest is not missed. */
  over: boolean;
  farewell: Farewell | null;
  pulledMs: number;
  heardMs: number;
}

/** From the first unheard clause of `reply` on. */
export function spokenFrom(id: number, reply: Reply, farewell: Farewell | null): Spoken {
  return { id, reply, farewell, audible: false, over: false, pulledMs: 0, heardMs: 0 };
}
