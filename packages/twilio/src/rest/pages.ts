import type { RestParameters, RestRequest, TwilioRest } from './twilio-rest.ts';

interface Page {
  readonly next_page_uri?: string | null | undefined;
}

/** All pages of a list, and no more than so many. */
export async function allPages<T extends Page>(
  rest: TwilioRest,
  request: RestRequest<T>,
  mostPages: number,
  signal: AbortSignal,
): Promise<readonly T[]> {
  const pages: T[] = [];
  let next: RestParameters | null = {};
  while (next && pages.length < mostPages) {
    const parameters: RestParameters = { ...request.parameters, ...next };
    const page: T = await rest.get({ ...request, parameters }, signal);
    pages.push(page);
    next = nextPage(page.next_page_uri);
  }
  return pages;
}

/** Only the page is taken from the address that Twilio gives: requests go where we say. */
function nextPage(uri: string | null | undefined): RestParameters | null {
  const query = uri ? URL.parse(uri, 'https://localhost')?.searchParams : null;
  const token = query?.get('PageToken');
  return token ? { Page: query?.get('Page') ?? '', PageToken: token } : null;
}
