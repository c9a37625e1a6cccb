import pg from 'pg';
import { type Connection, clientConfigs, isWithoutTls } from './connection.ts';
import { storeFailure } from './store-failure.ts';

/** One connection, and the settings by which it came about. Throws `store-unavailable`. */
export async function connect(
  connection: Connection,
  signal: AbortSignal,
): Promise<{ readonly client: pg.Client; readonly config: pg.ClientConfig }> {
  const [first, second] = clientConfigs(connection);
  try {
    return { client: await opened(first, signal), config: first };
  } catch (error) {
    signal.throwIfAborted();
    if (!second || !isWithoutTls(error)) throw storeFailure(error);
  }
  try {
    return { client: await opened(second, signal), config: second };
  } catch (error) {
    throw storeFailure(error);
  }
}

async function opened(config: pg.ClientConfig, signal: AbortSignal): Promise<pg.Client> {
  signal.throwIfAborted();
  const client = new pg.Client(config);
  // What breaks the connection is told to the statement that waits for it.
  client.on('error', () => undefined);
  const stop = () => void client.end();
  signal.addEventListener('abort', stop);
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.end();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
