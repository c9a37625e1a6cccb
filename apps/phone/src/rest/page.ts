import { Form } from './form.ts';
import { RestError } from './rest-error.ts';

const PAGE_SIZE = { usual: 50, least: 1, most: 1_000 };

interface Identified {
  readonly sid: string;
}

/**
 * One page of a list as Twilio gives it. Pages are cut by the last item before them, so that a list
 * that grows at its head meanwhile is not told twice. Throws `RestError`.
 */
export function pageOf<I extends Identified>(
  key: string,
  items: readonly I[],
  { path, query }: { readonly path: string; readonly query: URLSearchParams },
  resource: (item: I) => object,
): object {
  const form = new Form(query);
  const size = form.integer('PageSize', PAGE_SIZE);
  const number = form.integer('Page', { usual: 0, least: 0, most: 100_000 });
  const from = startOf(items, form.text('PageToken'), number * size, size);
  const shown = items.slice(from, from + size);
  const uriOf = (page: number, token = '') => {
    const params = new URLSearchParams(query);
    params.delete('PageToken');
    params.set('PageSize', String(size));
    params.set('Page', String(page));
    if (token !== '') params.set('PageToken', token);
    return `${path}?${params}`;
  };
  const [first] = shown;
  const last = shown.at(-1);
  const more = last !== undefined && from + size < items.length;
  return {
    [key]: shown.map(resource),
    page: number,
    page_size: size,
    start: number * size,
    end: number * size + Math.max(0, shown.length - 1),
    uri: query.size > 0 ? `${path}?${query}` : path,
    first_page_uri: uriOf(0),
    next_page_uri: more ? uriOf(number + 1, `PA${last.sid}`) : null,
    previous_page_uri: first && from > 0 && number > 0 ? uriOf(number - 1, `PB${first.sid}`) : null,
  };
}

/** `PA…`: after that item; `PB…`: the page before it. */
function startOf(
  items: readonly Identified[],
  token: string,
  offset: number,
  size: number,
): number {
  if (token === '') return offset;
  const at = items.findIndex(({ sid }) => sid === token.slice(2));
  if (at < 0) throw new RestError(20001, 'PageToken');
  return token.startsWith('PB') ? Math.max(0, at - size) : at + 1;
}
