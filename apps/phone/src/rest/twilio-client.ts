import twilio from 'twilio';
import { ACCOUNT, TOKEN } from '../network/manual-network.ts';

type Options = Parameters<twilio.RequestClient['request']>[0];

/** Twilio's own client, sent to another address than Twilio's. */
export function clientOf(url: string, token = TOKEN) {
  const httpClient = new twilio.RequestClient();
  const request = httpClient.request.bind(httpClient);
  const redirected = (options: Options) =>
    request({ ...options, uri: options.uri.replace('https://api.twilio.com', url) });
  return twilio(ACCOUNT, token, { httpClient: Object.assign(httpClient, { request: redirected }) });
}
