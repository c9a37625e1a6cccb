import { BlockList, isIP, isIPv4 } from 'node:net';

/** IPv4 that is not the public internet's (IANA's special-purpose registry). */
const PRIVATE_4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  // Link-local, and where clouds tell machines their secrets.
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
];

/** Within the global unicast range, what is not, or stands for an IPv4 address: Teredo and 6to4. */
const PRIVATE_6: readonly (readonly [string, number])[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];

const private4 = new BlockList();
for (const [network, prefix] of PRIVATE_4) private4.addSubnet(network, prefix, 'ipv4');
const private6 = new BlockList();
for (const [network, prefix] of PRIVATE_6) private6.addSubnet(network, prefix, 'ipv6');
const global6 = new BlockList();
global6.addSubnet('2000::', 3, 'ipv6');

/**
 * Whether an IP address is one of the public internet. Of IPv6 only global unicast is: mapped IPv4
 * (::ffff:0:0/96), NAT64 (64:ff9b::/96), private and link-local addresses are not in it.
 */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !private4.check(address, 'ipv4');
  if (isIP(address) !== 6 || address.includes('%')) return false;
  return global6.check(address, 'ipv6') && !private6.check(address, 'ipv6');
}

const PRIVATE_NAME = /(^|\.)(localhost|local|localdomain|internal|intranet|lan|home\.arpa)\.?$/i;

/**
 * Whether a URL's host may be one of the public internet. A name that may be one can still lead to
 * a private address: that is checked at every connection, too.
 */
export function isPublicHost({ hostname }: URL): boolean {
  const address = hostname.replace(/^\[|\]$/g, '');
  if (isIP(address)) return isPublicAddress(address);
  // A name without a dot is one of the local network.
  return /[^.]\.[^.]/.test(hostname) && !PRIVATE_NAME.test(hostname);
}
