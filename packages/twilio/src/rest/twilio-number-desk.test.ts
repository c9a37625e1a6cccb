import { CallError, type NumberQuery, type NumberSetup } from '@earshot/calls';
import { expect, test } from 'vitest';
import {
  ACCOUNT_SID,
  AUTH_TOKEN,
  answers,
  html,
  NUMBER_SID,
  numberResource,
  type Reply,
  refuses,
  resets,
  ScriptedTwilio,
} from './scripted-twilio.fake.ts';
import { TwilioNumberDesk } from './twilio-number-desk.ts';
import { TwilioRest } from './twilio-rest.ts';

const { signal } = new AbortController();
const ACCOUNT = `/2010-04-01/Accounts/${ACCOUNT_SID}`;
const NUMBER = '+15005550006';

const query: NumberQuery = {
  country: 'US',
  type: 'local',
  areaCode: '415',
  contains: 'DENT',
  capabilities: ['voice', 'sms'],
  limit: 2,
};
const setup: NumberSetup = {
  name: 'Front desk',
  voiceUrl: 'https://voice.example.com/twilio/voice',
  voiceFallbackUrl: 'https://voice.example.com/twilio/voice-fallback',
  statusUrl: 'https://voice.example.com/twilio/status',
};
const offered = {
  phone_number: '+14155550100',
  friendly_name: '(415) 555-0100',
  iso_country: 'US',
  region: 'CA',
  locality: 'San Francisco',
  address_requirements: 'none',
  capabilities: { voice: true, SMS: true, MMS: false },
};
const owned = {
  id: NUMBER_SID,
  number: NUMBER,
  name: '(500) 555-0006',
  capabilities: ['voice', 'mms'],
  voiceUrl: setup.voiceUrl,
  voiceFallbackUrl: null,
  statusUrl: null,
};

function deskOf(twilio: ScriptedTwilio): TwilioNumberDesk {
  const credentials = { accountSid: ACCOUNT_SID, authToken: AUTH_TOKEN };
  return new TwilioNumberDesk(
    new TwilioRest({ credentials, baseUrl: twilio.url, timeoutMs: 500, wait: async () => {} }),
  );
}

function numberList(numbers: readonly object[], next_page_uri: string | null = null): object {
  return { incoming_phone_numbers: numbers, next_page_uri, page: 0, page_size: 1000 };
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error = await work.catch((error: unknown) => error);
  return error instanceof CallError ? error.code : `no CallError: ${String(error)}`;
}

test('numbers are searched by country, kind, area, letters and abilities', async () => {
  const numbers = [
    offered,
    { ...offered, address_requirements: 'local', region: null },
    { ...offered, phone_number: '+14155550102' },
  ];
  await using twilio = await ScriptedTwilio.open(
    answers(200, { available_phone_numbers: numbers }),
  );
  const found = await deskOf(twilio).search(query, signal);
  const first = {
    number: '+14155550100',
    country: 'US',
    region: 'CA',
    locality: 'San Francisco',
    capabilities: ['voice', 'sms'],
    needsAddress: false,
  };
  expect(found).toEqual([first, { ...first, needsAddress: true, region: null }]);
  expect(twilio.received).toMatchObject([
    {
      method: 'GET',
      path: `${ACCOUNT}/AvailablePhoneNumbers/US/Local.json`,
      query: [
        ['AreaCode', '415'],
        ['Contains', 'DENT'],
        ['PageSize', '2'],
        ['SmsEnabled', 'true'],
        ['VoiceEnabled', 'true'],
      ],
    },
  ]);
});

test('every kind of number has its own list, and an open search asks for nothing', async () => {
  const none = answers(200, { available_phone_numbers: [] });
  await using twilio = await ScriptedTwilio.open(none, none);
  const open = { ...query, areaCode: null, contains: null, capabilities: [], limit: 5_000 };
  await deskOf(twilio).search({ ...open, country: 'GB', type: 'mobile' }, signal);
  await deskOf(twilio).search({ ...open, type: 'toll-free' }, signal);
  expect(twilio.received.map(({ path }) => path)).toEqual([
    `${ACCOUNT}/AvailablePhoneNumbers/GB/Mobile.json`,
    `${ACCOUNT}/AvailablePhoneNumbers/US/TollFree.json`,
  ]);
  expect(twilio.received[0]?.query).toEqual([['PageSize', '1000']]);
});

test('a country that is none goes nowhere', async () => {
  await using twilio = await ScriptedTwilio.open();
  for (const country of ['us', 'USA', '../x', ''])
    expect(await codeOf(deskOf(twilio).search({ ...query, country }, signal))).toBe(
      'carrier-refused',
    );
  expect(twilio.received).toHaveLength(0);
});

test('a number is bought and set up in one request', async () => {
  await using twilio = await ScriptedTwilio.open(answers(201, numberResource()));
  const papers = { addressId: 'AD1', bundleId: 'BU1' };
  expect(await deskOf(twilio).buy(NUMBER, setup, papers, signal)).toEqual(owned);
  expect(twilio.received).toMatchObject([
    { method: 'POST', path: `${ACCOUNT}/IncomingPhoneNumbers.json` },
  ]);
  expect(twilio.received[0]?.form).toEqual([
    ['AddressSid', 'AD1'],
    ['BundleSid', 'BU1'],
    ['FriendlyName', 'Front desk'],
    ['PhoneNumber', NUMBER],
    ['StatusCallback', setup.statusUrl],
    ['StatusCallbackMethod', 'POST'],
    ['VoiceFallbackMethod', 'POST'],
    ['VoiceFallbackUrl', setup.voiceFallbackUrl],
    ['VoiceMethod', 'POST'],
    ['VoiceUrl', setup.voiceUrl],
  ]);
});

test('after an unclear purchase the list tells, and nothing is bought twice', async () => {
  const bought = answers(200, numberList([numberResource()]));
  await using twilio = await ScriptedTwilio.open(resets(), bought);
  expect(await deskOf(twilio).buy(NUMBER, setup, {}, signal)).toEqual(owned);
  expect(twilio.received.map(({ method }) => method)).toEqual(['POST', 'GET']);
  expect(twilio.received[1]?.query).toContainEqual(['PhoneNumber', NUMBER]);

  for (const unclear of [answers(200, numberList([])), html(503)]) {
    twilio.will(html(502), unclear);
    expect(await codeOf(deskOf(twilio).buy(NUMBER, setup, {}, signal))).toBe('carrier-ambiguous');
  }
});

test('a number that is not for sale is refused with the code of Twilio', async () => {
  await using twilio = await ScriptedTwilio.open(refuses(400, 21_422));
  const error = await deskOf(twilio)
    .buy(NUMBER, setup, {}, signal)
    .catch((error: unknown) => error);
  expect(error).toMatchObject({ code: 'carrier-refused', carrierCode: 21_422 });
  expect(await codeOf(deskOf(twilio).buy('5550006', setup, {}, signal))).toBe('bad-number');
});

test('a number is set up anew', async () => {
  await using twilio = await ScriptedTwilio.open(answers(200, numberResource()));
  const desk = deskOf(twilio);
  expect(await desk.configure(NUMBER_SID, { ...setup, name: null }, signal)).toEqual(owned);
  expect(twilio.received[0]).toMatchObject({
    method: 'POST',
    path: `${ACCOUNT}/IncomingPhoneNumbers/${NUMBER_SID}.json`,
  });
  expect(twilio.received[0]?.form).not.toContainEqual(['FriendlyName', expect.anything()]);
  expect(await codeOf(desk.configure('../Calls', setup, signal))).toBe('carrier-refused');
});

test('a number is given back, also when it is gone already', async () => {
  const gone: Reply = (response) => void response.writeHead(204).end();
  await using twilio = await ScriptedTwilio.open(gone, refuses(404, 20_404), html(500));
  const desk = deskOf(twilio);
  await desk.release(NUMBER_SID, signal);
  await desk.release(NUMBER_SID, signal);
  await desk.release('PN1', signal);
  expect(twilio.received.map(({ method, path }) => `${method} ${path}`)).toEqual(
    Array(2).fill(`DELETE ${ACCOUNT}/IncomingPhoneNumbers/${NUMBER_SID}.json`),
  );
  expect(await codeOf(desk.release(NUMBER_SID, signal))).toBe('carrier-unavailable');
});

test('all our numbers are listed, page by page', async () => {
  const next = `${ACCOUNT}/IncomingPhoneNumbers.json?PageSize=1000&Page=1&PageToken=PAPN1`;
  await using twilio = await ScriptedTwilio.open(
    answers(200, numberList([numberResource()], next)),
    answers(200, numberList([numberResource({ phone_number: '+15005550007' })])),
  );
  const numbers = await deskOf(twilio).list(signal);
  expect(numbers.map(({ number }) => number)).toEqual([NUMBER, '+15005550007']);
  expect(twilio.received[1]?.query).toContainEqual(['PageToken', 'PAPN1']);
});
