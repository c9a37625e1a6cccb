import type { Availability } from './availability.ts';
import { Exchange } from './exchange.ts';
import { ServedModels } from './openai-message.ts';
import { parseJson } from './refusal.ts';
import type { RemoteServer } from './remote-server.ts';
import { ServerError } from './server-error.ts';

const PROBE = { withinMs: 3000, maxBytes: 4_000_000 };

/** Asks an OpenAI-compatible server for its models. Servers without such a list count as ready. */
export async function probeModels(
  server: RemoteServer,
  model: string,
  signal: AbortSignal,
): Promise<Availability> {
  using exchange = new Exchange(server, signal);
  try {
    const { status, body } = await exchange.ask('/models', { method: 'GET' }, PROBE);
    if (status === 401 || status === 403) {
      return unusable(`${server.address} refuses the API key (${status})`);
    }
    if (status >= 500) return unusable(`${server.address} answers with an error (${status})`);
    const models = ServedModels.safeParse(parseJson(body)).data?.data.map(({ id }) => id) ?? [];
    if (models.length > 0 && !models.includes(model)) {
      const some = models.slice(0, 5).join(', ');
      return unusable(`${server.address} does not have the model ${model} (it has ${some})`);
    }
    const note = models.length > 0 ? '' : ' (it does not list its models)';
    return { available: true, detail: `${model} at ${server.address}${note}` };
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (error instanceof ServerError) return unusable(error.message);
    throw error;
  }
}

function unusable(detail: string): Availability {
  return { available: false, detail };
}
