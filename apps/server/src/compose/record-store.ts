import type { CallStore } from '@earshot/calls';
import type { RecordsOptions } from '../live/records.ts';
import type { Metrics } from '../metrics.ts';
import type { Announcements } from './announcements.ts';

/** Figures of one call may be kept several times: the first of so many are counted. */
const MOST_COUNTED = 1_000;

/** The store as live calls write to it: users' servers are told of messages, and audio is counted. */
export function recordStore(
  store: CallStore,
  announcements: Announcements,
  metrics: Metrics,
): RecordsOptions['store'] {
  const counted = new Set<string>();
  return {
    find: (callId) => store.find(callId),
    addTurns: (callId, turns) => store.addTurns(callId, turns),
    addEvents: (callId, events) => store.addEvents(callId, events),
    addMessage: async (callId, message) => {
      await store.addMessage(callId, message);
      await announcements.announceMessage(callId, message);
    },
    saveMetrics: async (callId, figures) => {
      await store.saveMetrics(callId, figures);
      if (counted.has(callId)) return;
      counted.add(callId);
      metrics.audio(figures);
      const [first] = counted;
      if (first !== undefined && counted.size > MOST_COUNTED) counted.delete(first);
    },
  };
}
