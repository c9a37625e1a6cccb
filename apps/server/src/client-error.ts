import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';

const ANSWERS: Readonly<Record<string, readonly [status: number, code: string, detail: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'request-timeout', 'The request took too long to come'],
  HPE_HEADER_OVERFLOW: [431, 'headers-too-large', 'The headers are too large'],
};

/** What is no HTTP request, or comes too slowly, is answered as all errors are, and let go. */
export function answerClientError({ code }: NodeJS.ErrnoException, socket: Socket): void {
  if (code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const unreadable = [400, 'bad-request', 'The request could not be read'] as const;
  const [status, name, detail] = ANSWERS[code ?? ''] ?? unreadable;
  const body = JSON.stringify({ detail, code: name });
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
