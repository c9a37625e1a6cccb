import type { IncomingMessage } from 'node:http';
import { isSignedForm, isSignedJson, isSignedUpgrade } from '@earshot/twilio';
import type { Auth } from './config/carrier.ts';
import { HttpError } from './http-error.ts';
import { isLocal } from './loopback.ts';
import type { PublicUrls } from './public-urls.ts';
import type { WebhookBody } from './twilio/webhook-body.ts';

/** Lets only the carrier in. */
export class SignatureCheck {
  readonly #auth: Auth;
  readonly #urls: PublicUrls;

  constructor(auth: Auth, urls: PublicUrls) {
    this.#auth = auth;
    this.#urls = urls;
  }

  /** Throws an `HttpError` unless the webhook has a signature, right or wrong. Returns it. */
  present(request: IncomingMessage): string {
    const signature = signatureOf(request);
    if (signature === undefined)
      throw new HttpError('signature-missing', 'The request is not signed');
    return signature;
  }

  /** Throws an `HttpError` unless the webhook is signed. */
  webhook(request: IncomingMessage, body: WebhookBody | undefined): void {
    const signature = this.present(request);
    const { tokens } = this.#auth;
    const signed = this.#urls.bases.some((base) => {
      const signedRequest = { url: base + request.url, signature };
      return body?.type === 'json'
        ? isSignedJson(tokens, signedRequest, body.raw)
        : isSignedForm(tokens, signedRequest, body?.parameters);
    });
    if (!signed || !this.#isNear(request))
      throw new HttpError('signature-wrong', 'The signature is not right');
  }

  /** Whether the media socket's upgrade request is signed. */
  upgrade(request: IncomingMessage): boolean {
    const signedRequest = { url: this.#urls.media.href, signature: signatureOf(request) };
    return isSignedUpgrade(this.#auth.tokens, signedRequest) && this.#isNear(request);
  }

  #isNear(request: IncomingMessage): boolean {
    return !this.#auth.localOnly || isLocal(request);
  }
}

function signatureOf({ headers }: IncomingMessage): string | undefined {
  const signature = headers['x-twilio-signature'];
  return typeof signature === 'string' ? signature : undefined;
}
