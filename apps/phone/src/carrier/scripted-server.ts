import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

interface Asked {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly params: Readonly<Record<string, string>>;
}

/** What the server answers: TwiML, or whatever a function does with the response. */
export type Answer = string | ((response: ServerResponse, asked: Asked) => void);

export interface Script {
  /** By path; `{ws}` in TwiML stands for the server's own ws:// address. */
  readonly answers?: Readonly<Record<string, Answer>>;
  readonly onStream?: (socket: WebSocket, asked: IncomingHttpHeaders) => void;
  /** Answers upgrades with this HTTP status instead of 101. */
  readonly refuseUpgrade?: number;
}

/** A stand-in for our server, for tests: real HTTP and WebSockets, and answers by script. */
export interface ScriptedServer extends AsyncDisposable {
  readonly url: string;
  readonly asked: readonly Asked[];
}

export async function startScriptedServer(script: Script): Promise<ScriptedServer> {
  const asked: Asked[] = [];
  const http = createServer(async (request, response) => {
    const body = (await request.toArray()).join('');
    const { method = '', url: path = '', headers } = request;
    const entry = { method, path, headers, params: Object.fromEntries(new URLSearchParams(body)) };
    asked.push(entry);
    const answer = script.answers?.[path.split('?')[0] ?? ''];
    if (typeof answer === 'function') return answer(response, entry);
    if (answer === undefined) return response.writeHead(404).end();
    const twiml = answer.replaceAll('{ws}', `ws://127.0.0.1:${port}`);
    return response.writeHead(200, { 'Content-Type': 'text/xml' }).end(twiml);
  });
  const streams = new WebSocketServer({ noServer: true });
  http.on('upgrade', (request, socket, head) => {
    if (script.refuseUpgrade !== undefined) {
      socket.end(`HTTP/1.1 ${script.refuseUpgrade} No\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    streams.handleUpgrade(request, socket, head, (stream) => {
      script.onStream?.(stream, request.headers);
    });
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    [Symbol.asyncDispose]: async () => {
      for (const stream of streams.clients) stream.terminate();
      http.closeAllConnections();
      http.close();
      await once(http, 'close');
    },
  };
}
