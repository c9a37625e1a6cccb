import { TwilioError } from '../twilio-error.ts';

/** Where Twilio's REST API is asked. */
export interface ApiPlace {
  /** Instead of Twilio's own: an emulator or a proxy. http is taken for whatever is not Twilio's. */
  readonly baseUrl?: string | null;
  /** Where Twilio keeps and works on the data: us1, ie1, au1. Default us1. */
  readonly region?: string | null;
  /** Where requests enter Twilio's network. Default: the city of the region. */
  readonly edge?: string | null;
}

/** api.REGION.twilio.com was given up in April 2026: a region is only reached through its city. */
const CITIES: Readonly<Record<string, string>> = {
  ie1: 'dublin',
  au1: 'sydney',
  de1: 'frankfurt',
  jp1: 'tokyo',
  jp2: 'osaka',
  sg1: 'singapore',
  br1: 'sao-paulo',
  us2: 'umatilla',
};

const LABEL = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;

/** The address of the API's root, without a slash at its end. */
export function apiUrl({ baseUrl, region, edge }: ApiPlace = {}): string {
  if (baseUrl) return checked(baseUrl);
  const place = [edge ?? (region && CITIES[region]), region ?? (edge && 'us1')].filter(Boolean);
  for (const label of place)
    if (!LABEL.test(label ?? '')) throw new TwilioError('bad-api-url', 'No such region or edge');
  return `https://${['api', ...place, 'twilio.com'].join('.')}`;
}

function checked(baseUrl: string): string {
  const url = URL.parse(baseUrl);
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash || url.username)
    throw new TwilioError('bad-api-url', 'The base URL is http(s):// with no query and no user');
  if (url.protocol === 'http:' && /(^|\.)twilio\.com$/.test(url.hostname))
    throw new TwilioError('bad-api-url', 'Credentials do not go to Twilio over http');
  return url.href.replace(/\/+$/, '');
}
