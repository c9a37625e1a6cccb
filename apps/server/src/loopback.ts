import type { IncomingMessage } from 'node:http';

export function isLoopbackName(hostname: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\]|::1)$/i.test(hostname);
}

/** What proxies and tunnels add: such a request comes from this machine in appearance only. */
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'];

/**
 * Whether a request comes from a program on this machine that knows whom it asks: from a loopback
 * address, by a loopback name (no rebound DNS name), through no tunnel, and from no foreign page.
 */
export function isLocal({ socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>): boolean {
  const address = socket.remoteAddress?.replace(/^::ffff:/, '') ?? '';
  if (!isLoopbackName(address)) return false;
  if (FORWARDED.some((name) => headers[name] !== undefined)) return false;
  if (!isLoopbackUrl(`http://${headers.host ?? ''}`)) return false;
  return headers.origin === undefined || isLoopbackUrl(headers.origin);
}

function isLoopbackUrl(url: string): boolean {
  const parsed = URL.parse(url);
  return parsed !== null && isLoopbackName(parsed.hostname);
}
