import { z } from 'zod';

/** Every answer that is an error. */
const Problem = z.object({ detail: z.string(), code: z.string() }).meta({ id: 'Problem' });

/** For a route's documentation: the errors that it may answer with. */
export function problems<const Status extends number>(...statuses: readonly Status[]) {
  return Object.fromEntries(statuses.map((status) => [status, Problem])) as Record<
    Status,
    typeof Problem
  >;
}
