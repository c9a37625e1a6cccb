import { expect, test } from 'vitest';
import { z } from 'zod';
import { ACCOUNT, OWN, openManualNetwork, TALKS, TOKEN } from '../../network/manual-network.ts';
import { PhoneNumbers } from '../../network/phone-numbers.ts';
import { callOrderOf, recordingOf } from '../call-form.ts';
import { CALL_ROUTES } from '../call-routes.ts';
import { Form } from '../form.ts';
import { NUMBER_ROUTES } from '../number-routes.ts';
import { RECORDING_ROUTES } from '../recording-routes.ts';
import { findRoute } from '../route.ts';
import description from './twilio-api-v2010.json' with { type: 'json' };

interface Shape {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly enum?: readonly unknown[];
  readonly nullable?: boolean;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly items?: Shape;
}

const SCHEMAS: Readonly<Record<string, Shape>> = description.schemas;
const ACCOUNT_PATH = '/2010-04-01/Accounts/{AccountSid}';

/** What of a value is not as the description has it. */
function faults(value: unknown, shape: Shape, path: string): string[] {
  if (shape.$ref !== undefined) return faults(value, SCHEMAS[shape.$ref] ?? {}, path);
  // Enumerations do not say so, but are null in Twilio's own examples where nothing applies.
  if (value === null) return shape.nullable || shape.enum ? [] : [`${path} is null`];
  if (shape.enum) return shape.enum.includes(value) ? [] : [`${path} is ${String(value)}`];
  switch (shape.type) {
    case 'array':
      return z
        .array(z.unknown())
        .parse(value)
        .flatMap((one) => faults(one, shape.items ?? {}, `${path}[]`));
    case 'object':
      return shape.properties ? objectFaults(value, shape.properties, path) : [];
    case 'integer':
      return Number.isInteger(value) ? [] : [`${path} is no integer`];
    case 'string':
      return stringFaults(value, shape, path);
    default:
      return shape.type === undefined || typeof value === shape.type
        ? []
        : [`${path} is no ${shape.type}`];
  }
}

function objectFaults(value: unknown, properties: Readonly<Record<string, Shape>>, path: string) {
  const given = z.record(z.string(), z.unknown()).parse(value);
  const extra = Object.keys(given).filter((name) => !(name in properties));
  const missing = Object.keys(properties).filter((name) => !(name in given));
  return [
    ...extra.map((name) => `${path}.${name} is not described`),
    ...missing.map((name) => `${path}.${name} is missing`),
    ...Object.entries(properties).flatMap(([name, shape]) =>
      name in given ? faults(given[name], shape, `${path}.${name}`) : [],
    ),
  ];
}

function stringFaults(value: unknown, { format, pattern }: Shape, path: string): string[] {
  if (typeof value !== 'string') return [`${path} is no string`];
  if (pattern && !new RegExp(pattern).test(value)) return [`${path} does not match ${pattern}`];
  const isDate = /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000$/.test(value);
  if (format === 'date-time-rfc-2822' && !isDate) return [`${path} is no date`];
  return format === 'phone-number' && !/^[+(]/.test(value) ? [`${path} is no number`] : [];
}

type Here = Awaited<ReturnType<typeof openManualNetwork>>;

/** Asks as described, and compares the answer with its description. */
async function ask(here: Here, method: string, path: string, sids: object, form: object = {}) {
  const operation = description.operations.find(
    (one) => one.method === method && one.path === `${ACCOUNT_PATH}${path}`,
  );
  const filled = Object.entries({ ...sids, AccountSid: ACCOUNT }).reduce(
    (url, [name, sid]) => url.replace(`{${name}}`, String(sid)),
    `${ACCOUNT_PATH}${path}`,
  );
  const authorization = `Basic ${Buffer.from(`${ACCOUNT}:${TOKEN}`).toString('base64')}`;
  const body = method === 'POST' ? { body: new URLSearchParams({ ...form }) } : {};
  const answer = await fetch(`${here.network.url}${filled}`, {
    method,
    headers: { authorization },
    ...body,
  });
  expect(answer.status, filled).toBe(operation?.status);
  if (!operation?.answer) return {};
  const json: unknown = await answer.json();
  expect(faults(json, operation.answer, method + path)).toEqual([]);
  return z.record(z.string(), z.unknown()).parse(json);
}

test('calls and recordings answer with just what is described', async () => {
  await using here = await openManualNetwork();
  const form = { To: TALKS, From: OWN, Twiml: '<Response><Pause length="60"/></Response>' };
  const { sid: Sid } = await ask(here, 'POST', '/Calls.json', {}, form);
  await ask(here, 'GET', '/Calls/{Sid}.json', { Sid });
  await here.until(() => here.network.exchange.find(String(Sid))?.status === 'in-progress');
  const of = { CallSid: Sid };
  const recorded = await ask(here, 'POST', '/Calls/{CallSid}/Recordings.json', of);
  const recording = { Sid: recorded.sid, ...of };
  here.clock.pass(10);
  const one = '/Calls/{CallSid}/Recordings/{Sid}.json';
  await ask(here, 'POST', one, recording, { Status: 'stopped' });
  await ask(here, 'GET', one, recording);
  await ask(here, 'GET', '/Calls/{CallSid}/Recordings.json', of);
  await ask(here, 'GET', '/Recordings.json', {});
  await ask(here, 'GET', '/Recordings/{Sid}.json', recording);
  await ask(here, 'DELETE', '/Recordings/{Sid}.json', recording);
  await ask(here, 'POST', '/Calls/{Sid}.json', { Sid }, { Status: 'completed' });
  await ask(here, 'GET', '/Calls.json', {});
});

test('numbers answer with just what is described', async () => {
  await using here = await openManualNetwork();
  for (const type of ['Local', 'TollFree', 'Mobile']) {
    const CountryCode = type === 'Mobile' ? 'GB' : 'US';
    await ask(here, 'GET', `/AvailablePhoneNumbers/{CountryCode}/${type}.json`, { CountryCode });
  }
  const bought = await ask(here, 'POST', '/IncomingPhoneNumbers.json', {}, { AreaCode: '415' });
  const number = { Sid: bought.sid };
  await ask(here, 'GET', '/IncomingPhoneNumbers.json', {});
  await ask(here, 'GET', '/IncomingPhoneNumbers/{Sid}.json', number);
  await ask(here, 'POST', '/IncomingPhoneNumbers/{Sid}.json', number, { FriendlyName: 'Desk' });
  await ask(here, 'DELETE', '/IncomingPhoneNumbers/{Sid}.json', number);
});

test('every parameter that a call is read from is described', () => {
  const asked = new Set<string>();
  class Noting extends Form {
    override text(name: string): string {
      asked.add(name);
      return super.text(name);
    }
    override list(name: string): readonly string[] {
      asked.add(name);
      return super.list(name);
    }
  }
  const numbers = new PhoneNumbers();
  numbers.add(OWN);
  const given = { To: TALKS, From: OWN, Url: 'http://localhost/', MachineDetection: 'Enable' };
  const form = new Noting(new URLSearchParams(given));
  callOrderOf(form, numbers);
  recordingOf(form, 'OutboundAPI');
  const create = description.operations.find(
    ({ method, path }) => method === 'POST' && path.endsWith('/Calls.json'),
  );
  const described: readonly string[] = create?.form ?? [];
  expect(create?.required).toEqual(['To', 'From']);
  expect([...asked].filter((name) => !described.includes(name))).toEqual([]);
  expect(asked.size).toBeGreaterThan(25);
});

test('every operation that is described has its route, but for deleting a call', () => {
  const routes = [...CALL_ROUTES, ...RECORDING_ROUTES, ...NUMBER_ROUTES];
  const missing = description.operations.filter(
    ({ method, path }) => typeof findRoute(routes, method, path.replace(/[{}]/g, '')) !== 'object',
  );
  expect(missing.map(({ method, path }) => `${method} ${path}`)).toEqual([
    `DELETE ${ACCOUNT_PATH}/Calls/{Sid}.json`,
  ]);
});
