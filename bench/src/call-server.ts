import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { type WebSocket, WebSocketServer } from 'ws';

/** A call's socket, as the HTTP server took it. Resolves when the call is over. */
type Answer = (socket: WebSocket, request: IncomingMessage, signal: AbortSignal) => Promise<void>;

/**
 * A server process on 127.0.0.1: calls at `/ws`, `/health` for whoever waits for it and what it has
 * to tell. `--port` says where; other flags are the
 * caller's own. Ends on SIGINT and SIGTERM.
 */
export async function serveCalls(answer: Answer, health: () => object = () => ({})): Promise<void> {
  const port = { type: 'string', default: '0' } as const;
  const { values } = parseArgs({ options: { port }, strict: false });
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => stop.abort());
  const server = createServer((_, response) => response.end(JSON.stringify(health())));
  const sockets = new WebSocketServer({ server, path: '/ws', perMessageDeflate: false });
  sockets.on('connection', (socket, request) => {
    answer(socket, request, stop.signal)
      .catch((error: unknown) => console.error(error))
      .finally(() => socket.terminate());
  });
  server.listen(Number(values.port), '127.0.0.1');
  await once(server, 'listening');
  if (!stop.signal.aborted) await once(stop.signal, 'abort');
  for (const socket of sockets.clients) socket.terminate();
  server.close();
}
