import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readStream } from '../carrier.fake.ts';
import { TestServer } from './test-server.fake.ts';

let server: TestServer;
let slow: Promise<string>;

beforeAll(async () => {
  server = await TestServer.open();
  slow = sendSlowly();
});

/** Begins an order and does not end it. What is answered takes ten seconds to come. */
async function sendSlowly(): Promise<string> {
  const raw = connect(Number(new URL(server.base).port), '127.0.0.1');
  const type = 'Content-Type: application/json\r\nContent-Length: 50';
  raw.write(`POST /calls HTTP/1.1\r\nHost: localhost\r\n${type}\r\n\r\n{`);
  let text = '';
  for await (const piece of raw) text += piece;
  return text;
}

afterAll(() => server[Symbol.asyncDispose]());

/** A call that was ordered, answered, and is talked to. */
async function talking(order: object = {}) {
  const { id, sid } = await server.order(order);
  await server.status(id, sid, 'in-progress', 2);
  const stream = await server.carrier.stream(sid, readStream(server.twilio.twimlOf(sid)));
  await stream.hears(200);
  return { id, sid, stream };
}

const until = async (path: string, field: string, value: unknown) => {
  for (;;) {
    const { body } = await server.ask(path);
    if (body[field] === value) return body;
    await wait(10);
  }
};

describe('a call', () => {
  test('is placed, found, and told of as it goes on, up to its result', async () => {
    const order = {
      phone_number: '+1 (202) 555-0142',
      metadata: { order: 7 },
      greeting: 'Good day.',
    };
    const dialled = server.twilio.dialled();
    const { status, body, headers } = await server.post('/calls', order);
    expect(status).toBe(201);
    const id = String(body.call_id);
    expect(body).toEqual({
      call_id: id,
      workflow_id: id,
      run_id: id,
      phone_number: '+12025550142',
      status: 'initiated',
    });
    expect(id).toMatch(/^call-[0-9a-f-]{36}$/);
    expect(headers.get('location')).toBe(`/calls/${id}`);
    expect(await server.ask(`/calls/${id}`)).toMatchObject({
      status: 200,
      body: { direction: 'outbound', metadata: { order: 7 }, transcript_count: 0, outcome: null },
    });
    const sid = await dialled;
    await server.status(id, sid, 'ringing', 1);
    await until(`/calls/${id}`, 'status', 'ringing');
    await server.status(id, sid, 'in-progress', 2);
    await using stream = await server.carrier.stream(sid, readStream(server.twilio.twimlOf(sid)));
    await stream.hears(200);
    await until(`/calls/${id}`, 'status', 'in_progress');
    expect((await server.ask(`/calls/${id}/result?wait=0`)).status).toBe(202);
    stream.speak(12);
    stream.press('9');
    await stream.closed;
    await server.status(id, sid, 'completed', 3);
    const result = await server.ask(`/calls/${id}/result?wait=20`);
    expect(result).toMatchObject({
      status: 200,
      body: {
        status: 'completed',
        call_sid: sid,
        outcome: { blame: 'nobody', reason: 'completed' },
        total_transcript_segments: 3,
        metrics: { user_turn_count: 1, ai_turn_count: 2 },
      },
    });
    expect(result.body.duration_seconds).toEqual(expect.any(Number));
    expect((await server.ask(`/calls/${sid}/transcript`)).body).toMatchObject({
      call_id: id,
      turns: [{ text: 'Good day.' }, { text: 'SECRET WORDS' }, { text: 'Goodbye.' }],
    });
  });

  test('that nobody takes has the carrier’s reason', async () => {
    const { id, sid } = await server.order();
    await server.status(id, sid, 'busy', 1);
    expect((await server.ask(`/calls/${id}/result?wait=20`)).body).toMatchObject({
      status: 'busy',
      outcome: { blame: 'callee', reason: 'busy' },
      duration_seconds: null,
      metrics: null,
    });
  });

  test('is ended while it rings, and in mid-call: its phone leg at once', async () => {
    const { id, sid } = await server.order();
    await server.status(id, sid, 'ringing', 1);
    expect((await server.post(`/calls/${id}/terminate`, '')).status).toBe(204);
    expect((await server.ask(`/calls/${id}/result`)).body.status).toBe('canceled');
    expect(server.twilio.updates.some((update) => update.sid === sid)).toBe(true);
    const live = await talking();
    await using stream = live.stream;
    expect((await server.post(`/calls/${live.id}/terminate`, '')).status).toBe(204);
    expect((await server.ask(`/calls/${live.id}/result`)).body.outcome).toEqual({
      blame: 'nobody',
      reason: 'terminated',
    });
    expect(server.twilio.calls.get(live.sid)?.status).toBe('completed');
    expect((await server.post(`/calls/${live.id}/terminate`, '')).status).toBe(204);
    stream.stop();
  });

  test('that has ended here is hung up where it still lives', async () => {
    const { id, sid } = await server.order();
    await server.status(id, sid, 'no-answer', 1);
    await server.ask(`/calls/${id}/result`);
    await server.status(id, sid, 'in-progress', 0);
    while (server.twilio.calls.get(sid)?.status !== 'completed') await wait(10);
  });

  test('says what it is told to say', async () => {
    const { id, sid, stream } = await talking();
    await using _stream = stream;
    expect(await server.post(`/calls/${id}/say`, { text: 'Your car is ready.' })).toMatchObject({
      status: 202,
      body: { status: 'accepted' },
    });
    await stream.hears(400);
    stream.stop();
    await stream.closed;
    await server.status(id, sid, 'completed', 2);
    await server.ask(`/calls/${id}/result`);
    const { body } = await server.ask(`/calls/${id}/transcript`);
    expect(JSON.stringify(body)).toContain('Your car is ready.');
  });

  test('is connected with another number, and comes back when nobody answers there', async () => {
    const { id, sid, stream } = await talking();
    await using _stream = stream;
    const to = { phone_number: '+12025550199' };
    const ourselves = { phone_number: '+12025550100' };
    expect(await server.post(`/calls/${id}/transfer`, ourselves)).toMatchObject({
      status: 403,
      body: { code: 'destination-not-allowed' },
    });
    expect((await server.post(`/calls/${id}/transfer`, to)).status).toBe(202);
    const twiml = server.twilio.updates.find((one) => one.sid === sid)?.form.get('Twiml');
    const wayBack = `/twilio/continue/${id}`;
    expect(twiml).toContain(`<Dial action="${server.base}${wayBack}"`);
    expect(twiml).toContain('+12025550199');
    stream.stop();
    await stream.closed;
    const form = { CallSid: sid, DialCallStatus: 'no-answer' };
    const { text } = await server.carrier.post(wayBack, form);
    await using again = await server.carrier.stream(sid, readStream(text));
    await again.hears(100);
    const over = await server.carrier.post(wayBack, { ...form, DialCallStatus: 'completed' });
    expect(over.text).toContain('<Response><Hangup/></Response>');
  });

  test('is only spoken to and transferred while it lives', async () => {
    const { id, sid } = await server.order();
    const to = { phone_number: '+12025550199' };
    for (const [path, body] of [
      ['say', { text: 'Hello' }],
      ['transfer', to],
    ] as const)
      expect(await server.post(`/calls/${id}/${path}`, body)).toMatchObject({
        status: 409,
        body: { code: 'call-not-answered' },
      });
    await server.status(id, sid, 'busy', 1);
    await server.ask(`/calls/${id}/result`);
    expect(await server.post(`/calls/${id}/say`, { text: 'Hello' })).toMatchObject({
      status: 409,
      body: { code: 'call-over' },
    });
  });

  test('is hung up when a machine answers, if that was wanted', async () => {
    const { id, sid } = await server.order({ machine_detection: 'hang_up' });
    expect(server.twilio.calls.get(sid)?.form.get('AsyncAmd')).toBe('true');
    await server.status(id, sid, 'in-progress', 1);
    await server.carrier.post(`/twilio/amd/${id}`, { CallSid: sid, AnsweredBy: 'machine_start' });
    expect((await server.ask(`/calls/${id}/result`)).body).toMatchObject({
      answered_by: 'machine',
      outcome: { blame: 'callee', reason: 'voicemail' },
    });
  });

  test('may have a recording, whole or in part', async () => {
    const { id, stream } = await talking({ record: true });
    await using _stream = stream;
    stream.speak(50);
    stream.press('9');
    await stream.closed;
    const get = (headers: Record<string, string> = {}) =>
      fetch(`${server.base}/calls/${id}/recording`, { headers });
    const whole = await get();
    const bytes = Buffer.from(await whole.arrayBuffer());
    expect(whole.headers.get('content-type')).toBe('audio/wav');
    expect(whole.headers.get('content-disposition')).toBe(`attachment; filename="${id}.wav"`);
    expect(bytes.subarray(0, 4).toString()).toBe('RIFF');
    const part = await get({ range: 'bytes=8-11' });
    expect(part.status).toBe(206);
    expect(part.headers.get('content-range')).toBe(`bytes 8-11/${bytes.length}`);
    expect(await part.text()).toBe('WAVE');
    const beyond = await get({ range: 'bytes=99999999-' });
    expect(beyond.status).toBe(416);
    expect(beyond.headers.get('content-range')).toBe(`bytes */${bytes.length}`);
    const none = await server.order();
    expect(await server.ask(`/calls/${none.id}/recording`)).toMatchObject({
      status: 404,
      body: { code: 'recording-not-found' },
    });
  });

  test.each(['', '/transcript', '/events', '/recording', '/result'])(
    'that nobody knows is not found: %s',
    async (what) => {
      expect(await server.ask(`/calls/call-unknown${what}`)).toMatchObject({
        status: 404,
        body: { code: 'call-not-found' },
      });
    },
  );

  test.each(['..%2f..%2fetc%2fpasswd', 'a.b', '%00', 'x'.repeat(101), '%3Cscript%3E'])(
    'has no id like %s',
    async (id) => {
      const { status } = await server.ask(`/calls/${id}/recording`);
      expect([404, 422, 400]).toContain(status);
    },
  );
});

describe('an order', () => {
  const order = { phone_number: '+12025550142' };

  test.each([
    [{}, 422, 'invalid-request'],
    ['{', 400, 'bad-request'],
    ['null', 422, 'invalid-request'],
    ['[]', 422, 'invalid-request'],
    [{ phone_number: 12025550142 }, 422, 'invalid-request'],
    [{ phone_number: '2025550142' }, 422, 'bad-number'],
    [{ phone_number: '+15551234567' }, 403, 'destination-not-allowed'],
    [{ phone_number: '+1 202 555 0100' }, 403, 'destination-not-allowed'],
    [{ phone_number: '+19005551234' }, 403, 'destination-not-allowed'],
    [{ phone_number: '+12129761234' }, 403, 'destination-not-allowed'],
    [{ phone_number: '+881612345678' }, 403, 'destination-not-allowed'],
    [{ phone_number: '+18765551234' }, 403, 'destination-not-allowed'],
    [{ phone_number: 'sip:me@example.com' }, 422, 'bad-number'],
    [{ ...order, greeting: '' }, 422, 'invalid-request'],
    [{ ...order, system_prompt: 'x'.repeat(32_001) }, 422, 'invalid-request'],
    [{ ...order, system_prompt: 'x'.repeat(20_001) }, 422, 'prompt-too-long'],
    [{ ...order, max_duration_seconds: 0 }, 422, 'invalid-request'],
    [{ ...order, max_duration_seconds: 1e9 }, 422, 'invalid-request'],
    [{ ...order, vad_config: { silence_duration_ms: 5 } }, 422, 'invalid-request'],
    [{ ...order, vad_config: { loudness: 5 } }, 422, 'invalid-request'],
    [{ ...order, machine_detection: 'perhaps' }, 422, 'invalid-request'],
    [{ ...order, receptionist_id: 'hair-salon' }, 422, 'invalid-request'],
    [{ ...order, agent: 'nobody' }, 422, 'invalid-request'],
    [{ ...order, metadata: { big: 'x'.repeat(9_000) } }, 422, 'invalid-request'],
    [{ ...order, max_duration: 60 }, 422, 'invalid-request'],
  ])('%j is refused: %i %s', async (body, status, code) => {
    const dialled = server.twilio.calls.size;
    const answer = await server.post('/calls', body);
    expect(answer).toMatchObject({ status, body: { code, detail: expect.any(String) } });
    expect(Object.keys(answer.body).sort()).toEqual(['code', 'detail']);
    expect(server.twilio.calls.size).toBe(dialled);
  });

  test('is refused while too many calls wait to be dialled', async () => {
    await using own = await TestServer.open({ CALLS_PER_SECOND: '1' });
    const statuses: number[] = [];
    const numberOf = (i: number) => `+1202555${String(i).padStart(4, '0')}`;
    let last = { status: 0, body: {} };
    for (let i = 0; last.status !== 503 && i < 200; i += 1) {
      last = await own.post('/calls', { phone_number: numberOf(i) });
      statuses.push(last.status);
    }
    expect(last).toMatchObject({ status: 503, body: { code: 'queue-full' } });
    expect(statuses.length).toBeGreaterThan(100);
  });

  test('of too many bytes, or of another type, is refused', async () => {
    expect(await server.post('/calls', `{"phone_number":"${'1'.repeat(300_000)}"}`)).toMatchObject({
      status: 413,
      body: { code: 'body-too-large' },
    });
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await server.post('/calls', 'phone_number=1', form)).status).toBe(415);
  });

  test('under one key leads to one call, however often and at once it is given', async () => {
    const headers = { 'Idempotency-Key': 'one' };
    const before = server.twilio.calls.size;
    const dialled = server.twilio.dialled();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => server.post('/calls', order, headers)),
    );
    await dialled;
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map(({ body }) => body.call_id)).size).toBe(1);
    await wait(50);
    expect(server.twilio.calls.size).toBe(before + 1);
    const other = { ...order, greeting: 'Another' };
    expect(await server.post('/calls', other, headers)).toMatchObject({
      status: 409,
      body: { code: 'idempotency-key-reused' },
    });
    expect((await server.post('/calls', order, { 'Idempotency-Key': 'é' })).status).toBe(422);
  });
});

describe('the list', () => {
  test('is told page by page, newest first, without gaps or repetition', async () => {
    const tag = 'dental-practice';
    const ids: string[] = [];
    for (let i = 0; i < 5; i += 1) ids.unshift((await server.order({ receptionist_id: tag })).id);
    const seen: string[] = [];
    let query = `/calls?receptionist_id=${tag}&limit=2`;
    for (let pages = 0; pages < 3; pages += 1) {
      const { body } = await server.ask(query);
      seen.push(...(body.calls as { call_id: string }[]).map(({ call_id }) => call_id));
      query = `/calls?receptionist_id=${tag}&limit=2&cursor=${encodeURIComponent(String(body.next_cursor))}`;
      if (pages === 2) expect(body.next_cursor).toBeNull();
    }
    expect(seen).toEqual(ids);
  });

  test('may be of some calls only', async () => {
    const { id, sid } = await server.order({ phone_number: '+12025550177' });
    await server.status(id, sid, 'busy', 1);
    await server.ask(`/calls/${id}/result`);
    for (const query of [
      'phone_number=%2B12025550177',
      'phone_number=+12025550177',
      'phone_number=%2B12025550177&status=busy&direction=outbound',
      'phone_number=%2B12025550177&created_after=2020-01-01T00:00:00Z',
    ])
      expect((await server.ask(`/calls?${query}`)).body.calls).toMatchObject([{ call_id: id }]);
    for (const query of ['status=ringing', 'created_before=2020-01-01T00:00:00Z'])
      expect((await server.ask(`/calls?phone_number=%2B12025550177&${query}`)).body.calls).toEqual(
        [],
      );
  });

  test.each([
    'limit=0',
    'limit=101',
    'limit=x',
    'status=odd',
    'created_after=yesterday',
    'phone_number=abc',
  ])('is not told for %s', async (query) => {
    expect((await server.ask(`/calls?${query}`)).status).toBe(422);
  });

  test.each(['xx', '', '1~', 'WzEsIngiXQ'])('has no page behind the cursor %j', async (cursor) => {
    await server.order();
    expect(await server.ask(`/calls?cursor=${cursor}`)).toMatchObject({
      status: 422,
      body: { code: 'invalid-request', detail: expect.stringMatching(/^cursor: must be/) },
    });
  });

  test('ends with an empty page where calls behind a cursor are of another kind', async () => {
    await server.order();
    await server.order();
    const { body } = await server.ask('/calls?limit=1');
    expect(await server.ask(`/calls?direction=inbound&cursor=${body.next_cursor}`)).toMatchObject({
      status: 200,
      body: { calls: [], next_cursor: null },
    });
  });
});

describe('events', () => {
  const eventsOf = async (id: string, lastEventId = '') => {
    const headers = lastEventId === '' ? {} : { 'Last-Event-ID': lastEventId };
    const given = { ...headers, Origin: 'http://localhost:3000' };
    const response = await fetch(`${server.base}/calls/${id}/events`, { headers: given });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    return response;
  };
  const idsIn = (text: string) => [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));

  test('are told in order from the beginning to the end, and from where one left off', async () => {
    const { id, sid, stream } = await talking();
    await using _stream = stream;
    const watching = await eventsOf(id);
    stream.speak(12);
    stream.press('1');
    stream.press('9');
    await stream.closed;
    await server.status(id, sid, 'completed', 3);
    const text = await watching.text();
    const ids = idsIn(text);
    expect(ids).toEqual(ids.map((_, i) => i + 1));
    expect(text).toContain('event: partial\n');
    expect(text).toMatch(/"type":"message-taken"/);
    expect(text).toMatch(/"phase":"ended"/);
    expect(text).not.toContain('event: command');
    const again = await (await eventsOf(id, '3')).text();
    expect(idsIn(again)).toEqual(ids.slice(3));
    expect(idsIn(await (await eventsOf(id, 'rubbish')).text())).toEqual(ids);
  });

  test('end with the server, and with whoever watches', async () => {
    await using own = await TestServer.open();
    const { id } = await own.order();
    const gone = new AbortController();
    const left = await fetch(`${own.base}/calls/${id}/events`, { signal: gone.signal });
    const stays = await fetch(`${own.base}/calls/${id}/events`);
    gone.abort();
    await expect(left.text()).rejects.toThrow();
    await own[Symbol.asyncDispose]();
    expect(await stays.text()).toContain('event: phase');
  });
});

test('whoever sends slowly is let go', async () => {
  expect(await slow).toMatch(/^HTTP\/1.1 408[\s\S]*"code":"request-timeout"/);
});

test('neither numbers nor words are in the log', () => {
  const facts = server.log.replace(/"(time|callId)":("[^"]*"|\d+)/g, '');
  expect(facts).toContain('call ordered');
  expect(facts).not.toMatch(/2025550|SECRET|Your car|Good day|127\.0\.0\.1:\d+\/calls/);
});
