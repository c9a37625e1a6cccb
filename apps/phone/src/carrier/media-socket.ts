import { WebSocket } from 'ws';
import { networkError } from './webhook.ts';

const HANDSHAKE_TIMEOUT_MS = 10_000;
/** What may wait for a slow server before frames are lost: about 3 s of audio beyond the kernel's buffers. */
const MAX_WAITING_BYTES = 64 * 1024;
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

export interface Refusal {
  readonly code: string;
  readonly text: string;
}

/** The address to connect to, exactly as it is to be signed; null where Twilio would not connect. */
export function checkStreamUrl(
  address: string,
  find: (code: string, text: string) => void,
): string | null {
  const url = URL.parse(address);
  if (!url) {
    find('31923', `<Stream url="${address}"> is not a URL.`);
    return null;
  }
  if (url.protocol !== 'wss:') {
    if (url.protocol !== 'ws:' || !LOOPBACK.test(url.hostname)) {
      find('31922', `<Stream url="${address}"> is not wss://.`);
      return null;
    }
    find('loopback-ws', 'The stream is ws://, allowed here on loopback only; Twilio wants wss://.');
  }
  if (!address.includes('?')) return address;
  find('query-string', 'Twilio drops the query string of a <Stream url>; use <Parameter>.');
  url.search = '';
  return url.href;
}

/**
 * Opens the signed WebSocket, or says with Twilio's code why it could not be opened. `opened` is
 * called in the moment of opening, before any message can come.
 */
export function connectMedia<T>(
  url: string,
  signature: string,
  opened: (socket: WebSocket) => T,
  signal: AbortSignal,
): Promise<T | Refusal> {
  const { promise, resolve } = Promise.withResolvers<T | Refusal>();
  const socket = new WebSocket(url, {
    headers: { 'X-Twilio-Signature': signature },
    perMessageDeflate: false,
    handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
    autoPong: false,
  });
  const giveUp = () => socket.terminate();
  signal.addEventListener('abort', giveUp, { once: true });
  socket.once('open', () => {
    signal.removeEventListener('abort', giveUp);
    resolve(opened(socket));
  });
  socket.once('unexpected-response', (request, { statusCode }) => {
    resolve({ code: '31920', text: `The upgrade was answered with HTTP ${statusCode}, not 101.` });
    request.destroy();
  });
  // Stays for life: an error without a listener would end the process.
  socket.on('error', (cause) => {
    signal.removeEventListener('abort', giveUp);
    resolve(explain(cause));
  });
  return promise;
}

/** Sends unless the server takes its audio too slowly; false when it was lost. */
export function sendBounded(
  socket: {
    readonly readyState: number;
    readonly bufferedAmount: number;
    send(text: string): void;
  },
  text: string,
): boolean {
  if (socket.readyState !== WebSocket.OPEN) return true;
  if (socket.bufferedAmount > MAX_WAITING_BYTES && text.includes('"event":"media"')) return false;
  socket.send(text);
  return true;
}

/** Twilio's verdict on how the server ended the stream; null when that was in order. */
export function judgeClose(code: number, protocolError: Error | null): Refusal | null {
  if (protocolError) {
    return {
      code: '31924',
      text: `The server broke the WebSocket protocol: ${protocolError.message}`,
    };
  }
  if (code === 1000 || code === 1005) return null;
  if (code === 1006) {
    return { code: '31903', text: 'The server dropped the socket without closing the WebSocket.' };
  }
  return { code: '31921', text: `The server closed the stream with code ${code}, not 1000.` };
}

/** `ws` marks what breaks RFC 6455 (a fragmented control frame, for example) with such codes. */
export function isProtocolError(cause: Error): boolean {
  return networkError(cause).code?.startsWith('WS_ERR_') ?? false;
}

function explain(cause: Error): Refusal {
  const { code = '' } = networkError(cause);
  const text = `The stream could not be opened: ${code || cause.message}`;
  if (cause.message.includes('handshake has timed out')) return { code: '31901', text };
  if (code === 'ECONNREFUSED') return { code: '31902', text };
  if (/^(ENOTFOUND|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN)$/.test(code)) return { code: '31904', text };
  if (/TLS|SSL|CERT|SIGNED|EPROTO/.test(code)) return { code: '31910', text };
  if (code === 'ECONNRESET' || code === 'EPIPE') return { code: '31903', text };
  return { code: cause.message.startsWith('Invalid') ? '31920' : '31900', text };
}
