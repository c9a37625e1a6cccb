import type { DialOrder } from '@earshot/calls';
import twilioClient from 'twilio';
import { expect, test } from 'vitest';
import {
  ACCOUNT_SID,
  AUTH_TOKEN,
  answers,
  CALL_SID,
  callList,
  callResource,
  NUMBER_SID,
  numberResource,
  type Received,
  type Reply,
  ScriptedTwilio,
} from './scripted-twilio.fake.ts';
import { TwilioCarrier } from './twilio-carrier.ts';
import { TwilioNumberDesk } from './twilio-number-desk.ts';
import { TwilioRest, type TwilioRestOptions } from './twilio-rest.ts';

const { signal } = new AbortController();
const credentials = { accountSid: ACCOUNT_SID, authToken: AUTH_TOKEN };
const twiml =
  '<?xml version="1.0" encoding="UTF-8"?><Response><Say>Grüß Gott & 1+1</Say></Response>';
const url = (path: string) => `https://voice.example.com${path}`;
const order: DialOrder = {
  callId: 'call-1',
  to: '+15005550001',
  from: '+15005550006',
  ringTimeoutMs: 30_000,
  maxDurationMs: 1_800_000,
  machineDetection: 'report',
};
const setup = {
  name: 'Müller & Söhne',
  voiceUrl: url('/twilio/voice'),
  voiceFallbackUrl: url('/twilio/voice-fallback'),
  statusUrl: url('/twilio/status'),
};

type Client = ReturnType<typeof twilioClient>;
type Ours = (carrier: TwilioCarrier, desk: TwilioNumberDesk) => Promise<unknown>;

/** What Twilio's own library sends, and what we send, for the same thing. */
async function both(
  reply: Reply,
  theirs: (client: Client) => Promise<unknown>,
  ours: Ours,
  given: Pick<TwilioRestOptions, 'credentials'> = { credentials },
): Promise<readonly [Received | undefined, Received | undefined]> {
  await using twilio = await ScriptedTwilio.open(reply, reply);
  await theirs(clientAt(twilio.url, given));
  const rest = new TwilioRest({ ...given, baseUrl: twilio.url });
  const carrier = new TwilioCarrier({ rest, urlOf: url, twimlFor: () => twiml });
  await ours(carrier, new TwilioNumberDesk(rest));
  return [twilio.received[0], twilio.received[1]];
}

function clientAt(baseUrl: string, { credentials: given }: Pick<TwilioRestOptions, 'credentials'>) {
  const client =
    'authToken' in given
      ? twilioClient(given.accountSid, given.authToken)
      : twilioClient(given.apiKeySid, given.apiKeySecret, { accountSid: given.accountSid });
  client.api.baseUrl = baseUrl;
  return client;
}

const call = answers(200, callResource({ status: 'in-progress' }));
const number = answers(200, numberResource());
const numberSetup = {
  friendlyName: setup.name,
  voiceUrl: setup.voiceUrl,
  voiceMethod: 'POST',
  voiceFallbackUrl: setup.voiceFallbackUrl,
  voiceFallbackMethod: 'POST',
  statusCallback: setup.statusUrl,
  statusCallbackMethod: 'POST',
};

const CASES: Readonly<
  Record<string, readonly [Reply, (client: Client) => Promise<unknown>, Ours]>
> = {
  'a dial': [
    answers(201, callResource()),
    (client) =>
      client.calls.create({
        to: order.to,
        from: order.from,
        twiml,
        statusCallback: url('/twilio/status/call-1'),
        statusCallbackMethod: 'POST',
        statusCallbackEvent: ['initiated', 'ringing', 'answered', 'completed'],
        timeout: 30,
        timeLimit: 1_800,
        machineDetection: 'Enable',
        asyncAmd: 'true',
        asyncAmdStatusCallback: url('/twilio/amd/call-1'),
        asyncAmdStatusCallbackMethod: 'POST',
      }),
    (carrier) => carrier.dial(order, signal),
  ],
  'a search for a call': [
    answers(200, callList([])),
    (client) => client.calls.page({ to: order.to, from: order.from, pageSize: 100 }),
    (carrier) => carrier.find(order, 0, signal),
  ],
  'a look at a call': [
    call,
    (client) => client.calls(CALL_SID).fetch(),
    (carrier) => carrier.lookUp(CALL_SID, signal),
  ],
  'new TwiML': [
    call,
    (client) =>
      client.calls(CALL_SID).update({
        twiml:
          '<?xml version="1.0" encoding="UTF-8"?><Response><Play digits="1w#"/>' +
          `<Redirect method="POST">${url('/twilio/continue/call-1')}</Redirect></Response>`,
      }),
    (carrier) => carrier.sendDigits({ callId: 'call-1', carrierCallId: CALL_SID }, '1w#', signal),
  ],
  'a search for numbers': [
    answers(200, { available_phone_numbers: [] }),
    (client) =>
      client
        .availablePhoneNumbers('US')
        .local.page({ areaCode: 415, contains: 'DENT', voiceEnabled: true, pageSize: 20 }),
    (_, desk) =>
      desk.search(
        {
          country: 'US',
          type: 'local',
          areaCode: '415',
          contains: 'DENT',
          capabilities: ['voice'],
          limit: 20,
        },
        signal,
      ),
  ],
  'a purchase': [
    number,
    (client) => {
      const papers = { addressSid: 'AD1', bundleSid: 'BU1' };
      const phoneNumber = '+15005550006';
      return client.incomingPhoneNumbers.create({ phoneNumber, ...numberSetup, ...papers });
    },
    (_, desk) => desk.buy('+15005550006', setup, { addressId: 'AD1', bundleId: 'BU1' }, signal),
  ],
  'a setup': [
    number,
    (client) => client.incomingPhoneNumbers(NUMBER_SID).update(numberSetup),
    (_, desk) => desk.configure(NUMBER_SID, setup, signal),
  ],
  'our numbers': [
    answers(200, { incoming_phone_numbers: [] }),
    (client) => client.incomingPhoneNumbers.page({ pageSize: 1000 }),
    (_, desk) => desk.list(signal),
  ],
};

test.each(Object.entries(CASES))("%s is asked for as Twilio's own library does", async (_, its) => {
  const [theirs, ours] = await both(...its);
  expect(ours).toEqual({ ...theirs, contentType: ours?.contentType });
  if (ours?.method === 'POST') expect(theirs?.contentType).toContain(ours.contentType);
});

test('a number is given back as by the library, which accepts anything', async () => {
  const gone: Reply = (response) => void response.writeHead(204).end();
  const [theirs, ours] = await both(
    gone,
    (client) => client.incomingPhoneNumbers(NUMBER_SID).remove(),
    (_, desk) => desk.release(NUMBER_SID, signal),
  );
  const request = ({ method, path, authorization }: Received) => ({ method, path, authorization });
  expect(ours && request(ours)).toEqual(theirs && request(theirs));
});

test('an API key signs in as by the library', async () => {
  const key = { accountSid: ACCOUNT_SID, apiKeySid: `SK${'1'.repeat(32)}`, apiKeySecret: 's' };
  const [theirs, ours] = await both(
    call,
    (client) => client.calls(CALL_SID).fetch(),
    (carrier) => carrier.lookUp(CALL_SID, signal),
    { credentials: key },
  );
  expect(ours?.path).toBe(theirs?.path);
  expect(ours?.authorization).toBe(theirs?.authorization);
});
