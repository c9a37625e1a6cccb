import { describe, expect, test } from 'vitest';
import { DENTIST, EMPTY } from './__fixtures__/businesses.ts';
import { answersTo, ScriptedCall } from './__fixtures__/scripted-call.ts';
import { NUMBER_WITHHELD } from './this-call.ts';

/** The message that was taken when all these lines were said. */
async function messageOf(...lines: readonly string[]): Promise<unknown> {
  const call = new ScriptedCall(DENTIST);
  for (const line of lines) await call.say(line);
  return call.calls.find(({ name }) => name === 'take_message')?.arguments ?? null;
}

test('everything said at once is read back once', async () => {
  const call = new ScriptedCall(DENTIST);
  const answer = await call.say(
    'This is Anna Miller, my number is 555-123-4567, please tell Doctor Lee I am running late.',
  );
  expect(answer).toContain('Anna Miller, at 5 5 5, 1 2 3, 4 5 6 7');
  expect(answer).toContain('I am running late');
  await call.say('yes');
  expect(call.calls).toMatchObject([
    {
      name: 'take_message',
      arguments: {
        name: 'Anna Miller',
        number: '5551234567',
        message: 'For Dr. Susan Lee: Please tell Doctor Lee I am running late.',
      },
    },
  ]);
});

test('weekdays are written as such, also where the recognizer has no capital letters', async () => {
  const message = await messageOf(
    'this is anna miller my number is 555-123-4567 please tell doctor lee i am late on tuesday',
    'yes',
  );
  expect(message).toMatchObject({ message: expect.stringContaining('on Tuesday.') });
});

test.each(['Yes, thank you, bye.', "That's right, goodbye."])(
  'a leave that confirms the message has it passed on: %s',
  async (leave) => {
    const told =
      'This is Anna Miller, my number is 555-123-4567, please tell Doctor Lee I am late.';
    expect(await messageOf(told, leave)).toMatchObject({ name: 'Anna Miller' });
    expect(await messageOf(told, 'No, goodbye.')).toBeNull();
  },
);

describe('a caller who goes on while the message is taken', () => {
  async function goesOn(more: string) {
    const call = new ScriptedCall(DENTIST);
    await call.say(
      'This is Anna Miller, my number is 555-123-4567, please tell Doctor Lee I am late.',
    );
    const before = call.memory;
    await call.say('yes');
    // What was said to the yes alone was never heard.
    call.turns.splice(
      call.turns.findLastIndex(({ speaker }) => speaker === 'agent'),
      1,
    );
    call.memory = before;
    return { answer: await call.say(more), call };
  }

  test('is told that it is passed on, and it is taken once', async () => {
    const { answer, call } = await goesOn("that's correct");
    expect(answer).toMatch(/^Thank you, Anna\. I've passed your message on\./);
    expect(call.calls).toHaveLength(1);
  });

  test('has the rest answered too', async () => {
    const { answer, call } = await goesOn('and are you open on Monday?');
    expect(answer).toMatch(/^I've passed your message on\. On Monday, we're open/);
    expect(call.calls).toHaveLength(1);
  });
});

test('an appointment is never booked, its wish is passed on', async () => {
  expect(
    await messageOf(
      "I'd like to book a cleaning.",
      'Tuesday at ten.',
      "It's Bob Brown",
      'yes',
      '555 1002',
      'yes',
    ),
  ).toEqual({
    name: 'Bob Brown',
    number: '5551002',
    message: "I'd like to book a cleaning. Tuesday at ten.",
  });
});

test('a day that was named is not asked for again', async () => {
  const call = new ScriptedCall(DENTIST);
  expect(await call.say("I'd like to book a cleaning on Tuesday at 10.")).toMatch(/your name/);
});

test('a day that is told with the name is kept', async () => {
  const call = new ScriptedCall(DENTIST);
  await call.say("I'd like to book a cleaning on Monday.");
  expect(await call.say('My name is Bob, Tuesday at ten.')).toContain('I have Bob. Is that right?');
  await call.say('Yes.');
  expect(await call.say('555 010 1234')).toContain('Tuesday at ten');
});

test('a day and a number that are told with the name are kept', async () => {
  const call = new ScriptedCall(DENTIST);
  await call.say("I'd like to book a cleaning on Monday.");
  const all = 'Sure, my name is Bob, Tuesday at ten, and my number is 555 010 1234.';
  const said = await call.say(all);
  expect(said).toContain('From Bob, at 5 5 5, 0 1 0, 1 2 3 4');
  expect(said).toContain('Tuesday at ten instead. Is that right?');
});

describe('a number that was not understood', () => {
  const number = ['Can I leave a message?', 'Bob Brown', 'Yes.', '555 010 1234'];

  test.each([
    'The number is wrong.',
    'Yes, but the number is wrong.',
    "No, that's wrong.",
    "No, that's not the right one.",
  ])('is asked for again: %s', async (line) => {
    const said = await answersTo(DENTIST, ...number, line);
    expect(said.at(-1)).toMatch(/What's the number, digit by digit|say it again/);
  });

  test.each([
    ['Yes, but the number is wrong.'],
    ['Yes, except the number.'],
    ['No.', 'No.', 'Yes, but the number is wrong.'],
  ])('is not passed on: %s', async (...lines) => {
    const call = new ScriptedCall(DENTIST);
    for (const line of [...number, 'Yes.', 'I am running late.']) await call.say(line);
    const said: string[] = [];
    for (const line of lines) said.push(await call.say(line));
    expect(said.at(-1)).toMatch(/what number|best number/);
    expect(call.calls).toEqual([]);
  });
});

test('in the evening no appointment is wished for the same day', async () => {
  const evening = new Date('2026-11-24T01:00:00Z');
  const call = new ScriptedCall(DENTIST, { output: '' }, evening);
  expect(await call.say("I'd like to book a cleaning today.")).toContain(
    "We're closed for today. Would another day suit you?",
  );
});

describe('the day of an appointment', () => {
  const wish = "I'd like to book a cleaning.";

  test('is not answered by yes', async () => {
    const call = new ScriptedCall(DENTIST);
    await call.say(wish);
    expect(await call.say('Yes.')).toBe('Which day and time, please?');
    expect(await call.say('Tuesday at ten')).toMatch(/your name/);
  });

  test.each([
    ['Sunday at ten', "We're closed on Sunday. Would another day suit you?"],
    ['Thursday', "We're closed on Thursday, because of Thanksgiving. Would another day suit you?"],
    ['tomorrow', "We're closed tomorrow. Would another day suit you?"],
  ])('on which it is closed is told once: %s', async (day, answer) => {
    const call = new ScriptedCall(DENTIST);
    await call.say(wish);
    expect(await call.say(day)).toBe(answer);
    expect(await call.say('No.')).toMatch(/your name/);
    const at = new ScriptedCall(DENTIST);
    expect(await at.say(`I'd like to book a cleaning on ${day}.`)).toContain(answer);
    expect(await at.say(day)).toMatch(/your name/);
  });

  test('that is open, unknown or of an existing appointment is taken as it is', async () => {
    for (const [line, day] of [
      [wish, 'Friday'],
      [wish, 'Sunday or Monday'],
      [wish, 'next Thursday'],
      ['Please cancel my appointment', 'Sunday'],
    ] as const) {
      const call = new ScriptedCall(DENTIST);
      await call.say(line);
      expect(await call.say(day)).toMatch(/your name/);
    }
    const anytime = new ScriptedCall({ ...EMPTY, services: DENTIST.services });
    await anytime.say(wish);
    expect(await anytime.say('Sunday')).toMatch(/your name/);
  });

  test('is told with its date when it is named from today', async () => {
    expect(
      await messageOf(wish, 'Tomorrow at ten', 'no', 'Anna', 'yes', "I don't have one", 'yes'),
    ).toMatchObject({
      message: "I'd like to book a cleaning. Tomorrow, Sunday, November 22, at ten.",
    });
    expect(
      await messageOf(
        "I'd like to book a cleaning the day after tomorrow.",
        'Anna',
        'yes',
        "I don't have one",
        'yes',
      ),
    ).toMatchObject({
      message: "I'd like to book a cleaning the day after tomorrow, Monday, November 23.",
    });
  });

  test('may be left open', async () => {
    expect(
      await messageOf(wish, "I don't know", 'Anna', 'yes', 'none', 'No, I mean a filling', 'yes'),
    ).toMatchObject({ message: "I'd like to book a cleaning. I mean a filling." });
  });

  test('may be changed at any moment, and the former one is gone', async () => {
    const closedOnMonday = { ...DENTIST, hours: { ...DENTIST.hours, monday: [] } };
    const call = new ScriptedCall(closedOnMonday);
    for (const line of [wish, 'on Friday at 10']) await call.say(line);
    expect(await call.say('Wait, are you open on Monday?')).toMatch(/closed.*name/);
    expect(await call.say('Then Tuesday at one pm')).toMatch(/^All right\. .*name/);
    for (const line of ['Anna', 'yes', "I don't have one"]) await call.say(line);
    expect(await call.say('No, Wednesday at two.')).toContain('Wednesday at two. Is that right?');
    await call.say('yes');
    expect(call.calls[0]?.arguments).toMatchObject({
      message: "I'd like to book a cleaning. Wednesday at two.",
    });
  });

  test('is changed also when the wish itself named one', async () => {
    expect(
      await messageOf(
        "I'd like to book a cleaning on Sunday at ten.",
        'Tuesday at one',
        'Anna',
        'yes',
        "I don't have one",
        'yes',
      ),
    ).toMatchObject({
      message: "I'd like to book a cleaning on Sunday at ten. Tuesday at one instead.",
    });
  });

  test.each(['Mary Smith', "It's Mary Smith."])(
    'is asked again when a name is told, which is kept: %s',
    async (line) => {
      const call = new ScriptedCall(DENTIST);
      await call.say('I need to cancel my appointment.');
      expect(await call.say(line)).toBe(
        'Thank you, Mary Smith. What day and time is your appointment?',
      );
      expect(await call.say('Monday at ten')).toContain('I have Mary Smith. Is that right?');
    },
  );
});

test('the caller is asked which appointment is meant to be cancelled', async () => {
  const call = new ScriptedCall(DENTIST);
  expect(await call.say('I need to cancel my appointment.')).toContain(
    'What day and time is your appointment?',
  );
});

describe('names', () => {
  test.each([
    ['Anna Miller', 'Anna Miller'],
    ["Yeah, it's Anna Miller.", 'Anna Miller'],
    ['my name is anna miller', 'Anna Miller'],
    ["Um, I'm Bob.", 'Bob'],
    ['Bob. B-O-B.', 'Bob'],
    ['Anna Mueller, M-U-L-L-E-R', 'Anna Muller'],
    ["Sinéad O'Brien", "Sinéad O'Brien"],
    ['This is Ian McDonald.', 'Ian McDonald'],
    ['Anna Miller, calling about my bill', 'Anna Miller'],
    ['Will Young', 'Will Young'],
  ])('%s', async (line, name) => {
    const call = new ScriptedCall(DENTIST);
    await call.say('Can I leave a message?');
    expect(await call.say(line)).toBe(`I have ${name}. Is that right?`);
  });

  test.each(["No, it's Hannah.", 'no my name is hannah', 'Hannah.'])(
    'corrected by: %s',
    async (line) => {
      const call = new ScriptedCall(DENTIST);
      await call.say('Can I leave a message?');
      await call.say('Anna');
      expect(await call.say(line)).toBe('I have Hannah. Is that right?');
    },
  );

  test('a plain no asks again', async () => {
    const call = new ScriptedCall(DENTIST);
    await call.say('Can I leave a message?');
    await call.say('Anna');
    expect(await call.say('No.')).toMatch(/name/);
    expect(await call.say('Eva')).toBe('I have Eva. Is that right?');
  });

  test('that is not told is accepted at once', async () => {
    const call = new ScriptedCall(DENTIST);
    await call.say('Can I leave a message?');
    expect(await call.say("I'd rather not say.")).toMatch(/^That's fine\. .*(?:number|reach)/);
  });

  test('name and number in one answer are checked in one question', async () => {
    const call = new ScriptedCall(DENTIST);
    await call.say('Can I leave a message?');
    expect(await call.say('Anna Miller and my number is 555 0100')).toBe(
      'I have Anna Miller, at 5 5 5, 0 1 0 0. Is that right?',
    );
    expect(await call.say('yes')).toMatch(/about|pass on/);
  });
});

describe('numbers', () => {
  async function dictated(...lines: readonly string[]): Promise<string> {
    const call = new ScriptedCall(DENTIST);
    let answer = '';
    for (const line of ['Can I leave a message?', 'Anna', 'yes', ...lines])
      answer = await call.say(line);
    return answer;
  }

  test.each([
    ['five five five one two three four', '5 5 5, 1 2 3 4'],
    ['double five five, oh one triple zero', '5 5 5, 0 1 0, 0 0'],
    ["It's 555-123-4567.", '5 5 5, 1 2 3, 4 5 6 7'],
    ['+44 20 7946 0958', 'plus 4 4, 2 0 7, 9 4 6, 0 9 5 8'],
    ['plus four four two oh seven nine four six oh nine five eight', 'plus 4 4, 2 0 7'],
    ['+49 176 1234567', 'plus 4 9, 1 7 6, 1 2 3, 4 5 6 7'],
    ['+1 555 123 4567', 'plus 1, 5 5 5, 1 2 3, 4 5 6 7'],
    ['+353 1 234 5678', 'plus 3 5 3, 1 2 3, 4 5 6, 7 8'],
    ['+49 17', 'lus 4 9, 1 7'],
    ['[digits 5551234]', '5 5 5, 1 2 3 4'],
    ['five five five, no, five five six, one two three four', '5 5 6, 1 2 3 4'],
    ['eight hundred five five five one two three four', '8 0 0, 5 5 5, 1 2 3 4'],
    ['fifty five five one twenty three forty', '5 5 5, 1 2 3, 4 0'],
    ['Five five five, one to three four.', '5 5 5, 1 2 3 4'],
  ])('%s', async (line, readBack) => {
    expect(await dictated(line)).toContain(readBack);
  });

  test('a number may come in pieces', async () => {
    const call = new ScriptedCall(DENTIST);
    for (const line of ['Can I leave a message?', 'Anna', 'yes']) await call.say(line);
    expect(await call.say('five five five')).toContain('5 5 5');
    expect(call.expectation?.topic).toBe('phone-number');
    expect(await call.say('one two three')).toContain('5 5 5, 1 2 3');
    expect(await call.say('four five six seven')).toBe(
      'I have 5 5 5, 1 2 3, 4 5 6 7. Is that right?',
    );
  });

  test.each([
    [['555 1234', '567'], '5 5 5, 1 2 3, 4 5 6 7'],
    [['555 123 4567', 'no, the last four are 4568'], '5 5 5, 1 2 3, 4 5 6 8'],
    [['555 123 4567', 'no, the area code is 556'], '5 5 6, 1 2 3, 4 5 6 7'],
    [['555 123 4567', "no, it's 444 123 4567"], '4 4 4, 1 2 3, 4 5 6 7'],
    [['555 123', '555 123 4567'], '5 5 5, 1 2 3, 4 5 6 7'],
    [['1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6'], 'more digits than a phone number has'],
    [['555 123 4567', 'no'], 'digit by digit'],
  ])('%j', async (lines, expected) => {
    const answer = await dictated(...lines);
    expect(answer.replace('Could you say it again, or type it', 'digit by digit')).toContain(
      expected,
    );
  });

  test('no number is fine', async () => {
    expect(
      await messageOf(
        'Take a message.',
        'Anna',
        'yes',
        "I don't have one",
        'call me tomorrow',
        'yes',
      ),
    ).toEqual({
      name: 'Anna',
      number: 'none given',
      message: 'Call me tomorrow.',
    });
  });

  test.each([
    "I don't want to give my number",
    "I'd rather not.",
    'No, thanks.',
    "I won't give you my number.",
    "I don't know my number",
  ])('that is not told is accepted at once: %s', async (line) => {
    expect(await dictated(line)).toMatch(/^That's fine\. .*(?:about|pass on)/);
  });

  test.each([
    "Call me on the number I'm calling from.",
    'Can you call me on this number?',
    'This number is fine.',
    'the same number',
  ])('of the call itself is told by: %s', async (line) => {
    expect(
      await messageOf('Take a message.', 'Anna', 'yes', line, 'call me tomorrow', 'yes'),
    ).toMatchObject({ number: 'this call' });
  });

  test('of the call itself may be named with all the rest', async () => {
    expect(
      await messageOf(
        'This is Anna Miller, please tell Doctor Lee that I am late and call me back on this number.',
        'yes',
        'yes',
      ),
    ).toMatchObject({ name: 'Anna Miller', number: 'this call' });
  });

  test('of a caller who withholds it is asked for', async () => {
    const call = new ScriptedCall(DENTIST, { error: NUMBER_WITHHELD });
    for (const line of ['Take a message.', 'Anna', 'yes', 'this number', 'I lost my bill'])
      await call.say(line);
    expect(await call.say('yes')).toContain("can't see the number you're calling from");
    expect(await call.say('555 0100')).toContain('From Anna, at 5 5 5, 0 1 0 0: I lost my bill.');
    await call.say('yes');
    expect(call.calls[1]?.arguments).toMatchObject({ number: '5550100' });
  });

  test('keys one and two answer yes and no', async () => {
    expect(
      await messageOf(
        'Take a message.',
        'Anna',
        '[digits 1]',
        '[digits 5550100]',
        '[digits 1]',
        'hi',
        '[digits 1]',
      ),
    ).toMatchObject({ number: '5550100' });
  });
});

describe('what it is about', () => {
  const asked = ['Take a message.', 'Anna', 'yes', '555 0100', 'yes'];

  test.each(['yes', 'Yes, sure.', 'okay', '[digits 1]'])(
    'is asked again after: %s',
    async (line) => {
      const call = new ScriptedCall(DENTIST);
      for (const one of asked) await call.say(one);
      expect(await call.say(line)).toContain('What would you like me to pass on?');
      expect(await call.say('I lost my bill')).toContain('I lost my bill.');
    },
  );

  test('may be nothing but a call back', async () => {
    expect(await messageOf(...asked, 'No.', 'yes')).toMatchObject({ message: 'Please call back.' });
  });
});

describe('a message that is read back', () => {
  const taken = [
    'Take a message.',
    'Anna',
    'yes',
    '555 0100',
    'yes',
    'I have a question about my bill',
  ];

  test('can be corrected part by part', async () => {
    expect(await messageOf(...taken, 'no', 'the name', 'Eva', 'yes', 'yes')).toMatchObject({
      name: 'Eva',
    });
    expect(await messageOf(...taken, 'the number is wrong', '555 0199', 'yes')).toMatchObject({
      number: '5550199',
    });
    expect(await messageOf(...taken, 'no', 'the message', 'I lost my bill', 'yes')).toMatchObject({
      message: 'I lost my bill.',
    });
    expect(await messageOf(...taken, 'no, my name is Eva', 'yes')).toMatchObject({ name: 'Eva' });
  });

  test('can be added to', async () => {
    expect(await messageOf(...taken, 'also I will be late on Monday', 'yes')).toMatchObject({
      message: 'I have a question about my bill. Also I will be late on Monday.',
    });
  });

  test.each([
    [['about my order']],
    [['No, about my order.', 'yes']],
    [['no', 'I want to know if my phone is repaired']],
  ])('takes words that name no part for the message: %j', async (lines) => {
    const [last = ''] = lines.filter((line) => line !== 'yes').slice(-1);
    const message = await messageOf(...taken, ...lines, 'yes');
    expect(message).toMatchObject({
      message: expect.stringMatching(new RegExp(last.replace(/^No, |\.$/g, ''), 'i')),
    });
  });

  test('takes a common name for the name', async () => {
    expect(await messageOf(...taken, 'No', 'Mary Smith', 'yes', 'yes')).toMatchObject({
      name: 'Mary Smith',
    });
  });

  test('is passed on as it is when nothing is to be changed', async () => {
    const call = new ScriptedCall(DENTIST);
    for (const line of [...taken, 'No', 'yes']) await call.say(line);
    expect(await call.say('yes')).toContain('as it is?');
    await call.say('yes');
    expect(call.calls).toHaveLength(1);
  });

  test('is dropped when it is neither changed nor to be passed on', async () => {
    const call = new ScriptedCall(DENTIST);
    for (const line of [...taken, 'No']) await call.say(line);
    expect(await call.say('No, thanks.')).toContain('as it is?');
    expect(await call.say('No.')).toContain("won't pass it on");
    expect(call.calls).toEqual([]);
  });

  test('is not sent when the caller changes their mind', async () => {
    expect(await messageOf(...taken, 'never mind', 'goodbye')).toBeNull();
    expect(await messageOf('Take a message.', 'never mind', 'goodbye')).toBeNull();
    expect(await messageOf(...taken, 'goodbye')).toBeNull();
  });

  test('that could not be saved is said so, and tried again only if wished', async () => {
    const call = new ScriptedCall(DENTIST, { error: 'disk full' });
    for (const line of taken) await call.say(line);
    expect(await call.say('yes')).toContain('could not be saved');
    await call.say('yes');
    expect(call.calls).toHaveLength(2);
    expect(call.calls[1]?.arguments).toEqual(call.calls[0]?.arguments);
    expect(call.calls[1]?.id).not.toBe(call.calls[0]?.id);
    expect(await call.say('no')).toContain("couldn't pass it on");
  });

  test('is known from the tool call when its memory was lost', async () => {
    const call = new ScriptedCall(DENTIST);
    call.turns.push({
      speaker: 'tool',
      call: {
        id: '1',
        name: 'take_message',
        arguments: { name: 'Anna', number: '5550100', message: 'Hi.' },
      },
      result: { error: 'timeout' },
    });
    expect(await call.hear()).toContain('could not be saved');
    await call.say('yes');
    expect(call.calls[0]?.arguments).toEqual({ name: 'Anna', number: '5550100', message: 'Hi.' });
  });

  test('leaves the caller known for a second one', async () => {
    const call = new ScriptedCall(DENTIST);
    for (const line of [...taken, 'yes']) await call.say(line);
    expect(await call.say('I want to leave another message')).toMatch(/about|pass on/);
  });
});

describe('in the middle of a message', () => {
  test('a question is answered, and the message goes on', async () => {
    const call = new ScriptedCall(DENTIST);
    await call.say('Can I leave a message?');
    const answer = await call.say('Wait, what are your hours?');
    expect(answer).toContain('9 AM');
    expect(answer).toMatch(/name, please\?$/);
    expect(await call.say('John Smith')).toContain('John Smith');
  });

  test.each([
    [['Can I leave a message?'], "Okay, I won't leave a message. Teeth cleaning is $120."],
    [['Do your chairs have massage?'], 'Okay. Teeth cleaning is $120.'],
  ])('a question after never mind is answered: %j', async (lines, answer) => {
    const call = new ScriptedCall(DENTIST);
    for (const line of lines) await call.say(line);
    expect(await call.say('Never mind, how much is a cleaning?')).toContain(answer);
    expect(call.expectation?.topic).toBe('anything');
  });

  test('hold on keeps the question', async () => {
    const call = new ScriptedCall(DENTIST);
    for (const line of ['Can I leave a message?', 'Anna', 'yes']) await call.say(line);
    expect(await call.say('Hold on, let me find it.')).toMatch(/time|hurry/);
    expect(call.expectation?.topic).toBe('phone-number');
    expect(await call.say('555 0100')).toContain('5 5 5, 0 1 0 0');
  });

  test('a robot says so, and asks again', async () => {
    const call = new ScriptedCall(DENTIST);
    await call.say('Can I leave a message?');
    const answer = await call.say('Are you a real person?');
    expect(answer).toContain('not a person');
    expect(answer).toMatch(/name, please\?$/);
  });

  test('after three unclear answers it goes on, and keeps what it has', async () => {
    const call = new ScriptedCall(DENTIST);
    await call.say('Can I leave a message?');
    for (let i = 0; i < 4; i++) await call.say('[unclear]');
    expect(call.expectation?.topic).toBe('phone-number');
  });
});

test('a question that has no answer becomes the message', async () => {
  expect(
    await messageOf('Do your chairs have massage?', 'yes', 'Anna', 'yes', '555 0100', 'yes'),
  ).toMatchObject({ message: 'Do your chairs have massage?' });
});
