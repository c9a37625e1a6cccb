import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import { networkError } from '../carrier/webhook.ts';
import type { Terminal } from './terminal.ts';

const LOOK_MS = 500;
const LIVE = ['queued', 'ringing', 'in-progress'];

const Call = z.object({ sid: z.string(), status: z.string(), duration: z.string().nullable() });
const Refusal = z.object({ code: z.number(), message: z.string() });

/** `phone serve` could not ring; the message says why. */
class ViaError extends Error {
  override readonly name = 'ViaError';
  readonly code = 'not-rung';
}

/** Has a `phone serve` ring its number, and waits until the call is over. Returns the exit code. */
export async function callVia(
  via: string,
  scenario: string,
  { accountSid, authToken, write }: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const credentials = Buffer.from(`${accountSid}:${authToken}`).toString('base64');
  const ask = async (path: string, init: RequestInit = {}) => {
    const headers = { Authorization: `Basic ${credentials}` };
    return readCall(await reach(new URL(path, via), { ...init, headers, signal }));
  };
  const body = JSON.stringify({ scenario });
  let call = await ask('/emulator/calls', { method: 'POST', body });
  const path = `/2010-04-01/Accounts/${accountSid}/Calls/${call.sid}.json`;
  let told = '';
  for (;;) {
    if (call.status !== told) write(`${call.sid} ${call.status}`);
    told = call.status;
    if (!LIVE.includes(told)) break;
    await setTimeout(LOOK_MS, null, { signal });
    call = await ask(path);
  }
  if (told === 'completed') write(`${call.duration} s`);
  return told === 'completed' ? 0 : 1;
}

async function reach(url: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (cause) {
    const { code = 'no connection' } = networkError(cause);
    throw new ViaError(`Nobody answers at ${url.origin} (${code}): start "phone serve" there.`, {
      cause,
    });
  }
}

async function readCall(response: Response): Promise<z.output<typeof Call>> {
  const json: unknown = await response.json().catch(() => null);
  const call = Call.safeParse(json);
  if (response.ok && call.success) return call.data;
  const { data } = Refusal.safeParse(json);
  const said = data ? `${data.code}: ${data.message}` : `HTTP ${response.status}`;
  throw new ViaError(`The call could not be rung: ${said}`);
}
