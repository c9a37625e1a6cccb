import type { NetworkCall } from '../network/network-call.ts';
import { e164 } from './form.ts';
import { RestError } from './rest-error.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;

/** The calls that `GET Calls.json` asks for. Throws `RestError`. */
export function filterCalls(
  calls: readonly NetworkCall[],
  query: URLSearchParams,
): readonly NetworkCall[] {
  const same = (name: string) => {
    const given = query.get(name) ?? '';
    return given === '' ? null : (e164(given) ?? given);
  };
  const [to, from, status, parent] = ['To', 'From', 'Status', 'ParentCallSid'].map(same);
  // One that is not dialled yet counts by the time of its order, so that it can be found at all.
  const started = timeTest('StartTime', query);
  const ended = timeTest('EndTime', query);
  return calls.filter(
    (call) =>
      (!to || call.order.to === to) &&
      (!from || call.order.from === from) &&
      (!status || call.status === status) &&
      !parent &&
      started(call.startedAt ?? call.createdAt) &&
      ended(call.endedAt),
  );
}

/** `Name`, `Name<` (at or before) and `Name>` (at or after), in whole seconds: a day or a moment. */
function timeTest(name: string, query: URLSearchParams): (time: Date | null) => boolean {
  const on = timeOf(name, query);
  const before = timeOf(`${name}<`, query);
  const after = timeOf(`${name}>`, query);
  if (!on && !before && !after) return () => true;
  return (time) => {
    if (!time) return false;
    const ms = seconds(time.getTime());
    return (
      (!on || (ms >= on.ms && ms < on.ms + (on.day ? DAY_MS : 1_000))) &&
      (!before || ms <= before.ms) &&
      (!after || ms >= after.ms)
    );
  };
}

function timeOf(name: string, query: URLSearchParams) {
  const given = query.get(name) ?? '';
  if (given === '') return null;
  const ms = Date.parse(given);
  if (Number.isNaN(ms)) throw new RestError(20001, name);
  return { ms: seconds(ms), day: /^\d{4}-\d\d-\d\d$/.test(given) };
}

function seconds(ms: number): number {
  return Math.floor(ms / 1_000) * 1_000;
}
