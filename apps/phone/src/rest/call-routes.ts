import type { NetworkCall } from '../network/network-call.ts';
import { filterCalls } from './call-filter.ts';
import { beginOf, callOrderOf, statusCallbackOf } from './call-form.ts';
import type { Form } from './form.ts';
import { pageOf } from './page.ts';
import { callResource } from './resources.ts';
import { RestError } from './rest-error.ts';
import { type Account, formOf, type RestRequest, type Route } from './route.ts';

const CALLS = '/2010-04-01/Accounts/:account/Calls.json';
const CALL = '/2010-04-01/Accounts/:account/Calls/:sid.json';

export const CALL_ROUTES: readonly Route[] = [
  {
    method: 'POST',
    path: CALLS,
    handle: (request, { exchange, numbers, accountSid }) => {
      const order = callOrderOf(formOf(request), numbers);
      const call = exchange.place(order, numbers.find(order.from)?.sid ?? null);
      return { status: 201, json: callResource(call, accountSid) };
    },
  },
  {
    method: 'GET',
    path: CALLS,
    handle: (request, { exchange, accountSid }) => {
      const calls = filterCalls(exchange.calls, request.query);
      const page = pageOf('calls', calls, request, (call) => callResource(call, accountSid));
      return { status: 200, json: page };
    },
  },
  {
    method: 'GET',
    path: CALL,
    handle: (request, account) => ({
      status: 200,
      json: callResource(callOf(request, account), account.accountSid),
    }),
  },
  {
    method: 'POST',
    path: CALL,
    handle: (request, account) => {
      const call = callOf(request, account);
      update(call, formOf(request), account);
      return { status: 200, json: callResource(call, account.accountSid) };
    },
  },
];

/** Throws `RestError`. */
export function callOf({ path, names }: RestRequest, { exchange }: Account): NetworkCall {
  const call = exchange.find(names.sid ?? '');
  if (!call) throw new RestError(20404, path);
  return call;
}

function update(call: NetworkCall, form: Form, { exchange }: Account): void {
  if (call.over.aborted) throw new RestError(21220);
  const status = form.choice('Status', '', ['', 'canceled', 'completed']);
  const limit = { usual: 0, least: 1, most: 24 * 60 * 60 };
  const seconds = form.integer('TimeLimit', limit);
  const redirects = ['Url', 'Twiml'].some((name) => form.text(name) !== '');
  const begin = status === '' && redirects ? beginOf(form) : null;
  const statusCallback = statusCallbackOf(form);
  if (begin && !redirected(call, begin)) throw new RestError(21220);
  if (statusCallback) call.statusCallback = statusCallback;
  if (seconds > 0) exchange.limit(call, seconds * 1_000);
  // A call that is in progress is not canceled: Twilio leaves it alone.
  if (call.status !== 'in-progress') {
    if (status !== '') call.end('canceled');
  } else if (status === 'completed') call.end('completed');
}

function redirected(call: NetworkCall, begin: ReturnType<typeof beginOf>): boolean {
  if ('twiml' in begin) return call.redirect({ type: 'inline', twiml: begin.twiml });
  return call.redirect({ type: 'fetch', ...begin, params: {} });
}
