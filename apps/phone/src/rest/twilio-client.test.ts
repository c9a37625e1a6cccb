import { readWav } from '@earshot/audio';
import { expect, test } from 'vitest';
import { ACCOUNT, OWN, openManualNetwork, TALKS, TOKEN } from '../network/manual-network.ts';
import { clientOf } from './twilio-client.ts';

const HANGUP = '<Response><Hangup/></Response>';
const LISTENS = '<Response><Pause length="600"/></Response>';
const placed = { to: TALKS, from: OWN, twiml: LISTENS };

test('a call is created, fetched, directed and completed', async () => {
  await using here = await openManualNetwork({ answers: { '/next': LISTENS } });
  const client = clientOf(here.network.url);
  const created = await client.calls.create({
    ...placed,
    statusCallback: `${here.server.url}/status`,
    statusCallbackEvent: ['initiated', 'ringing', 'answered', 'completed'],
    statusCallbackMethod: 'POST',
    timeout: 20,
    timeLimit: 600,
  });
  expect(created).toMatchObject({ status: 'queued', direction: 'outbound-api', queueTime: '0' });
  await here.until(() => here.told().length === 3);
  expect(await client.calls(created.sid).fetch()).toMatchObject({
    status: 'in-progress',
    to: TALKS,
    toFormatted: '(202) 555-0142',
    endTime: null,
    phoneNumberSid: here.network.numbers.find(OWN)?.sid,
  });
  await client.calls(created.sid).update({ url: `${here.server.url}/next`, method: 'GET' });
  await here.until(() => here.told('/next').length > 0 || askedFor(here.server, '/next'));
  expect(await client.calls(created.sid).update({ status: 'completed' })).toMatchObject({
    status: 'completed',
    endTime: expect.any(Date),
  });
  await here.over(created.sid);
  await here.until(() => here.told().length === 4);
  await expect(client.calls(created.sid).update({ twiml: HANGUP })).rejects.toMatchObject({
    status: 400,
    code: 21220,
  });
});

function askedFor({ asked }: { asked: readonly { path: string }[] }, path: string): boolean {
  return asked.some((one) => one.path.startsWith(path));
}

test('a ringing call is canceled, one in progress is not', async () => {
  await using here = await openManualNetwork();
  const client = clientOf(here.network.url);
  const ringing = await client.calls.create({ ...placed, to: '+12025550111' });
  const inProgress = await client.calls.create(placed);
  await here.until(() => here.network.exchange.find(inProgress.sid)?.status === 'in-progress');
  await expect(client.calls(ringing.sid).update({ twiml: HANGUP })).rejects.toMatchObject({
    code: 21220,
  });
  const canceled = { status: 'canceled' } as const;
  expect(await client.calls(ringing.sid).update(canceled)).toMatchObject(canceled);
  expect((await client.calls(inProgress.sid).update(canceled)).status).toBe('in-progress');
  here.network.exchange.find(inProgress.sid)?.end('completed');
});

test('calls are listed newest first, by page and by filter', async () => {
  await using here = await openManualNetwork({}, { callsPerSecond: 1_000 });
  const client = clientOf(here.network.url);
  const before = new Date();
  for (let count = 0; count < 5; count += 1) await client.calls.create(placed);
  const busy = await client.calls.create({ ...placed, to: '+12025550110' });
  await here.over(busy.sid);
  const all = await client.calls.list({ pageSize: 2 });
  expect(all.map(({ sid }) => sid)).toEqual(here.network.exchange.calls.map(({ sid }) => sid));
  expect(await client.calls.list({ status: 'busy' })).toHaveLength(1);
  expect(await client.calls.list({ to: '+12025550110', from: OWN })).toHaveLength(1);
  expect(await client.calls.list({ startTimeAfter: before })).toHaveLength(6);
  expect(await client.calls.list({ startTimeBefore: new Date('2020-01-01') })).toEqual([]);
  const second = await (await client.calls.page({ pageSize: 4 })).nextPage();
  expect(second?.instances).toHaveLength(2);
  expect((await second?.previousPage())?.instances).toHaveLength(4);
});

test.each([
  [{ to: '' }, 21201],
  [{ to: 'nobody' }, 21211],
  [{ to: '+15005550001' }, 21211],
  [{ to: '+15005550002' }, 21214],
  [{ to: '+15005550003' }, 21215],
  [{ to: '+15005550004' }, 21216],
  [{ from: '' }, 21213],
  [{ from: 'me' }, 21212],
  [{ from: '+12025550199' }, 21210],
  [{ twiml: '' }, 21205],
  [{ twiml: '', url: 'localhost' }, 21205],
  [{ twiml: 'x'.repeat(4_001) }, 20001],
  [{ statusCallback: 'ftp://there' }, 21205],
  [{ statusCallbackEvent: ['died'] }, 20001],
  [{ statusCallbackMethod: 'PUT' }, 21209],
  [{ timeout: 601 }, 21208],
  [{ timeLimit: 0 }, 20001],
  [{ sendDigits: 'abc' }, 21206],
  [{ machineDetection: 'Perhaps' }, 20001],
  [{ machineDetection: 'Enable', asyncAmdStatusCallback: 'there' }, 21262],
  [{ recordingChannels: 'many', record: true }, 20001],
])('a call with %j is refused with %i', async (wrong, code) => {
  await using here = await openManualNetwork();
  const client = clientOf(here.network.url);
  await expect(client.calls.create({ ...placed, ...wrong })).rejects.toMatchObject({
    code,
    status: 400,
    moreInfo: `https://www.twilio.com/docs/errors/${code}`,
  });
  expect(here.network.exchange.calls).toEqual([]);
});

test('errors never repeat what was sent', async () => {
  await using here = await openManualNetwork();
  const creating = clientOf(here.network.url).calls.create({ ...placed, to: '555 private' });
  await expect(creating).rejects.toThrow(
    expect.objectContaining({ message: expect.not.stringContaining('private') }),
  );
});

test('a wrong token, another account, an unknown call', async () => {
  await using here = await openManualNetwork();
  const { url } = here.network;
  await expect(clientOf(url, 'wrong').calls.list()).rejects.toMatchObject({
    status: 401,
    code: 20003,
  });
  const client = clientOf(url);
  const other = client.api.v2010.accounts(`AC${'b'.repeat(32)}`);
  await expect(other.calls.list()).rejects.toMatchObject({ code: 20003 });
  const unknown = client.calls(`CA${'0'.repeat(32)}`).fetch();
  await expect(unknown).rejects.toMatchObject({ status: 404, code: 20404 });
});

test('too many requests at once are refused, and not carried out', async () => {
  await using here = await openManualNetwork({}, { maxConcurrentRequests: 2, trouble: 'slow' });
  const authorization = `Basic ${Buffer.from(`${ACCOUNT}:${TOKEN}`).toString('base64')}`;
  const body = new URLSearchParams({ To: TALKS, From: OWN, Twiml: HANGUP });
  const create = async () => {
    const address = `${here.network.url}/2010-04-01/Accounts/${ACCOUNT}/Calls.json`;
    const answer = await fetch(address, { method: 'POST', body, headers: { authorization } });
    return answer.status;
  };
  const statuses = await here.clock.passUntil(Promise.all([create(), create(), create()]));
  expect(statuses.toSorted()).toEqual([201, 201, 429]);
  expect(here.network.exchange.calls).toHaveLength(2);
});

test('a live call is recorded: begun, listed, stopped, heard, deleted', async () => {
  await using here = await openManualNetwork();
  const client = clientOf(here.network.url);
  const { sid } = await client.calls.create(placed);
  await expect(client.calls(sid).recordings.create()).rejects.toMatchObject({ code: 21220 });
  await here.until(() => here.network.exchange.find(sid)?.status === 'in-progress');
  const begun = await client.calls(sid).recordings.create({
    recordingChannels: 'dual',
    recordingStatusCallback: `${here.server.url}/recording`,
    recordingStatusCallbackEvent: ['in-progress', 'completed'],
  });
  expect(begun).toMatchObject({ status: 'in-progress', source: 'StartCallRecordingAPI' });
  here.clock.pass(100);
  const stopped = await client.calls(sid).recordings(begun.sid).update({ status: 'stopped' });
  expect(stopped).toMatchObject({ status: 'completed', duration: '2' });
  expect(await client.calls(sid).recordings.list()).toHaveLength(1);
  expect(await client.recordings.list({ callSid: sid })).toHaveLength(1);
  const { mediaUrl } = await client.recordings(begun.sid).fetch();
  const authorization = `Basic ${Buffer.from(`${ACCOUNT}:${TOKEN}`).toString('base64')}`;
  const media = await fetch(`${mediaUrl}.wav`, { headers: { authorization } });
  const wav = readWav(new Uint8Array(await media.arrayBuffer()));
  expect(wav.samples).toHaveLength(2);
  expect(wav.sampleRate).toBe(8_000);
  expect(await client.recordings(begun.sid).remove()).toBe(true);
  await expect(client.recordings(begun.sid).fetch()).rejects.toMatchObject({ code: 20404 });
  await here.until(() => here.told('/recording').length === 2);
});

test('numbers are searched, bought with their webhook, set up and released', async () => {
  await using here = await openManualNetwork();
  const client = clientOf(here.network.url);
  const found = await client.availablePhoneNumbers('US').local.list({ areaCode: 415, limit: 3 });
  expect(found).toHaveLength(3);
  const [{ phoneNumber } = { phoneNumber: '' }] = found;
  expect(phoneNumber).toMatch(/^\+1415/);
  const voiceUrl = 'https://example.org/twilio/voice';
  const bought = await client.incomingPhoneNumbers.create({ phoneNumber, voiceUrl });
  expect(bought).toMatchObject({ phoneNumber, voiceUrl, voiceMethod: 'POST' });
  const again = client.incomingPhoneNumbers.create({ phoneNumber });
  await expect(again).rejects.toMatchObject({ code: 21422 });
  const { sid } = bought;
  const updated = await client
    .incomingPhoneNumbers(sid)
    .update({ voiceUrl: '', friendlyName: 'Desk' });
  expect(updated).toMatchObject({ voiceUrl: '', friendlyName: 'Desk' });
  expect(await client.incomingPhoneNumbers.list({ phoneNumber })).toHaveLength(1);
  expect(await client.incomingPhoneNumbers(sid).remove()).toBe(true);
  await expect(client.incomingPhoneNumbers(sid).fetch()).rejects.toMatchObject({ code: 20404 });
});

test.each([
  [{ phoneNumber: 'mine' }, 21421],
  [{ phoneNumber: '+14155550100' }, 21422],
  [{ areaCode: '999' }, 21452],
  [{ areaCode: '4' }, 21451],
  [{ phoneNumber: '+442079460100' }, 21631],
  [{ phoneNumber: '+442079460100', addressSid: 'AD1' }, 21649],
  [{ areaCode: '415', voiceUrl: 'here' }, 21402],
  [{ areaCode: '415', voiceMethod: 'PUT' }, 21403],
])('a number wanted with %j is refused with %i', async (wanted, code) => {
  await using here = await openManualNetwork();
  const buying = clientOf(here.network.url).incomingPhoneNumbers.create(wanted);
  await expect(buying).rejects.toMatchObject({ code, status: 400 });
  expect(here.network.numbers.all).toHaveLength(1);
});

test('a search finds by pattern and place, and nothing in a country without numbers', async () => {
  await using here = await openManualNetwork();
  const client = clientOf(here.network.url);
  const [one] = await client.availablePhoneNumbers('US').local.list({ contains: '5550*77' });
  expect(one?.phoneNumber).toMatch(/5550177$/);
  const there = await client.availablePhoneNumbers('CA').local.list({ inRegion: 'QC', limit: 1 });
  expect(there[0]).toMatchObject({ isoCountry: 'CA', locality: 'Montreal' });
  const free = await client.availablePhoneNumbers('US').tollFree.list({ limit: 1 });
  expect(free[0]?.phoneNumber).toMatch(/^\+1800/);
  const mobile = await client.availablePhoneNumbers('GB').mobile.list({ limit: 1 });
  expect(mobile[0]).toMatchObject({ addressRequirements: 'local' });
  const nowhere = client.availablePhoneNumbers('ZZ').local.list();
  await expect(nowhere).rejects.toMatchObject({ code: 20404 });
});
