import { setTimeout as pause } from 'node:timers/promises';
import type { Answers } from './api-delays.ts';

/** One order of a call in so many requests: a carrier takes one call a second. */
const ORDER_EVERY = 100;
/** Its emulated callee is busy: these calls are over at once. */
const ORDER = JSON.stringify({ phone_number: '+12025550110' });

interface Page {
  readonly calls: readonly { readonly workflow_id: string }[];
}

/**
 * Asks the API at a steady rate, whether it has answered or not: calls, lists of calls, transcripts,
 * and now and then an order for one more call. A late answer counts from the moment it was due.
 */
export async function askSteadily(
  host: string,
  requests: number,
  aSecond: number,
  signal: AbortSignal,
): Promise<Answers> {
  const ids = await callsOf(host);
  const delaysMs: number[] = [];
  let failed = 0;
  const startMs = performance.now();
  const open: Promise<void>[] = [];
  for (let number = 0; number < requests; number++) {
    const dueMs = startMs + (number * 1000) / aSecond;
    await pause(Math.max(0, dueMs - performance.now()), undefined, { signal });
    const answered = ask(host, number, ids[number % ids.length] ?? '', signal).then((right) => {
      if (right) delaysMs.push(performance.now() - dueMs);
      else failed += 1;
    });
    open.push(answered);
  }
  await Promise.all(open);
  return { delaysMs, failed };
}

async function callsOf(host: string): Promise<string[]> {
  const answer = await fetch(`http://${host}/calls?limit=50`);
  const page = (await answer.json()) as Page;
  return page.calls.map(({ workflow_id }) => workflow_id);
}

async function ask(host: string, number: number, id: string, signal: AbortSignal) {
  const [path, options] = request(number, id);
  try {
    const answer = await fetch(`http://${host}${path}`, { ...options, signal });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}

function request(number: number, id: string): [path: string, options: RequestInit] {
  if (number % ORDER_EVERY === 0) {
    const headers = { 'content-type': 'application/json' };
    return ['/calls', { method: 'POST', headers, body: ORDER }];
  }
  if (number % 5 === 0) return ['/calls?limit=20', {}];
  return [number % 2 === 0 ? `/calls/${id}` : `/calls/${id}/transcript`, {}];
}
