import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { type ServerSentEvent, serverSentEvents } from '../listen/server-sent-events.ts';

const CallView = z.looseObject({
  call_id: z.string(),
  status: z.string(),
  phase: z.string(),
  outcome: z.object({ blame: z.string(), reason: z.string() }).nullable(),
  call_sid: z.string().nullable(),
  duration_seconds: z.number().nullable(),
});
export type CallView = z.infer<typeof CallView>;

const Result = CallView.extend({
  total_transcript_segments: z.number(),
  metrics: z.record(z.string(), z.unknown()).nullable(),
});

const Transcript = z.looseObject({
  turns: z.array(z.looseObject({ index: z.number(), speaker: z.string(), text: z.string() })),
});
export type Transcript = z.infer<typeof Transcript>;

export type Order = Readonly<Record<string, unknown>> & { readonly phone_number: string };

/** What is asked for again is asked for this often. */
const AGAIN_MS = 200;

/** The product's REST API as its users use it. */
export class CallsApi {
  readonly #base: string;

  constructor(base: string) {
    this.#base = base;
  }

  /** The id of the call. */
  async place(order: Order, headers: Readonly<Record<string, string>> = {}): Promise<string> {
    const response = await this.ask('/calls', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(order),
    });
    const body: unknown = await response.json();
    if (response.status !== 201) throw new Error(`${response.status} ${JSON.stringify(body)}`);
    return z.object({ call_id: z.string() }).parse(body).call_id;
  }

  async call(id: string): Promise<CallView> {
    return CallView.parse(await (await this.ask(`/calls/${id}`)).json());
  }

  async transcript(id: string): Promise<Transcript> {
    return Transcript.parse(await (await this.ask(`/calls/${id}/transcript`)).json());
  }

  async terminate(id: string): Promise<number> {
    return (await this.ask(`/calls/${id}/terminate`, { method: 'POST' })).status;
  }

  /** The call once it has ended, however long that takes and whatever is away meanwhile. */
  async ended(id: string): Promise<z.infer<typeof Result>> {
    for (;;) {
      const response = await this.ask(`/calls/${id}/result?wait=60`).catch(() => null);
      if (response?.status === 200) return Result.parse(await response.json());
      await response?.body?.cancel();
      await pause(AGAIN_MS);
    }
  }

  /** All events of the call, to its end. */
  async events(id: string): Promise<readonly ServerSentEvent[]> {
    const { body } = await this.ask(`/calls/${id}/events`);
    const events: ServerSentEvent[] = [];
    if (body) for await (const event of serverSentEvents(body)) events.push(event);
    return events;
  }

  ask(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`${this.#base}${path}`, init);
  }
}
