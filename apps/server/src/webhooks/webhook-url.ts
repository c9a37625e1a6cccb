import { isLoopbackName } from '../loopback.ts';
import { isPublicAddress, isPublicHost } from './public-address.ts';

const MOST_CHARACTERS = 2_000;

/** What a webhook may be sent to. */
export interface Reach {
  /** Programs on this machine may be told, too: for development. */
  readonly loopback: boolean;
  /** Without TLS, too. */
  readonly plain: boolean;
}

/** Why a webhook may not go to this URL, in plain words; null: it may. */
export function objectionTo(written: string, reach: Reach): string | null {
  const url = URL.parse(written);
  if (!url || written.length > MOST_CHARACTERS || !/^https?:$/.test(url.protocol))
    return 'must be an https:// URL';
  if (url.username || url.password) return 'must hold no password';
  if (reach.loopback && isLoopbackName(url.hostname)) return null;
  if (url.protocol === 'http:' && !reach.plain) return 'must be https://';
  return isPublicHost(url) ? null : 'must be on the public internet';
}

/** Whether the address that a name has led to may be connected to. */
export function isReachable(address: string, { loopback }: Reach): boolean {
  return isPublicAddress(address) || (loopback && isLoopbackName(address));
}
