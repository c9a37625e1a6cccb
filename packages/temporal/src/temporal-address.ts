import type { DataConverter } from '@temporalio/common';
import { PayloadCipher } from './payload-cipher.ts';

/** Certificates in PEM; those that are left out are the system's. */
export interface TemporalTls {
  readonly serverRootCACertificate?: Uint8Array;
  readonly clientCertPair?: { readonly crt: Uint8Array; readonly key: Uint8Array };
  readonly serverNameOverride?: string;
}

/** Where Temporal is, and how it is spoken to. */
export interface TemporalAddress {
  /** Host and port, for example `127.0.0.1:7233`. */
  readonly address: string;
  readonly namespace: string;
  /** Of calls. Turns to dial have a queue beside it, of the same name with `-turns`. */
  readonly taskQueue: string;
  readonly tls: TemporalTls | boolean;
  /** For Temporal Cloud; it needs TLS. Null: none. */
  readonly apiKey: string | null;
  /** 32 bytes each, in hexadecimal or base64: the first closes payloads, all open them. None: they are not closed. */
  readonly payloadKeys: readonly string[];
}

export function connectionOptions({ address, tls, apiKey }: TemporalAddress) {
  return { address, tls: tlsOptions(tls), ...(apiKey !== null && { apiKey }) };
}

/** Refuses what is no key. */
export function dataConverter({ payloadKeys: [first, ...others] }: TemporalAddress): DataConverter {
  return first === undefined ? {} : { payloadCodecs: [new PayloadCipher([first, ...others])] };
}

function tlsOptions(tls: TemporalTls | boolean) {
  if (typeof tls === 'boolean') return tls;
  const { clientCertPair, serverRootCACertificate, serverNameOverride } = tls;
  return {
    ...(serverRootCACertificate && {
      serverRootCACertificate: Buffer.from(serverRootCACertificate),
    }),
    ...(clientCertPair && {
      clientCertPair: {
        crt: Buffer.from(clientCertPair.crt),
        key: Buffer.from(clientCertPair.key),
      },
    }),
    ...(serverNameOverride !== undefined && { serverNameOverride }),
  };
}
