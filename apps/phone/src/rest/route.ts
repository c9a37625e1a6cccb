import type { Exchange } from '../network/exchange.ts';
import type { PhoneNumbers } from '../network/phone-numbers.ts';
import type { Studio } from '../network/studio.ts';
import type { Troubles } from '../network/trouble.ts';
import { Form } from './form.ts';

/** What handlers work on. */
export interface Account {
  readonly accountSid: string;
  readonly exchange: Exchange;
  readonly numbers: PhoneNumbers;
  readonly studio: Studio;
  readonly troubles: Troubles;
  readonly baseUrl: () => string;
}

export interface RestRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
  /** What the path's `:names` stand for. */
  readonly names: Readonly<Record<string, string>>;
}

export type RestAnswer =
  | { readonly status: 200 | 201; readonly json: object }
  | { readonly status: 204 }
  | { readonly status: 200; readonly file: string };

export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Its `:names` match anything but `/` and `.`. */
  readonly path: string;
  readonly handle: (request: RestRequest, account: Account) => RestAnswer | Promise<RestAnswer>;
}

export function formOf({ body }: RestRequest): Form {
  return new Form(new URLSearchParams(body));
}

/** Sorted out by method and path: the route and the path's names, whether only the method is wrong, or null. */
export function findRoute(
  routes: readonly Route[],
  method: string,
  path: string,
): { readonly route: Route; readonly names: RestRequest['names'] } | 'method' | null {
  let known = false;
  for (const route of routes) {
    const names = namesOf(route.path, path);
    if (names && route.method === method) return { route, names };
    known ||= names !== null;
  }
  return known ? 'method' : null;
}

function namesOf(pattern: string, path: string): RestRequest['names'] | null {
  const source = pattern.replaceAll('.', '\\.').replace(/:(\w+)/g, '(?<$1>[^/.]+)');
  const match = new RegExp(`^${source}$`).exec(path);
  return match && { ...match.groups };
}
