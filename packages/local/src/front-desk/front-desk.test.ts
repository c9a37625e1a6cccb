import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DENTIST, EMPTY, SALON } from './__fixtures__/businesses.ts';
import { JsgfReader } from './__fixtures__/jsgf-reader.ts';
import { answersTo, SATURDAY, ScriptedCall } from './__fixtures__/scripted-call.ts';
import { FrontDesk } from './front-desk.ts';

test('a whole call: hours, a price, a message, goodbye', async () => {
  const call = new ScriptedCall(DENTIST);
  expect(await call.say('Hi, what are your hours on Saturday?')).toContain('10 AM to 2 PM');
  expect(await call.say('How much is a teeth cleaning?')).toContain('$120');
  expect(await call.say("I'd like to leave a message.")).toMatch(/your name/);
  expect(call.expectation?.topic).toBe('name');
  expect(await call.say('My name is Anna Miller.')).toBe('I have Anna Miller. Is that right?');
  expect(call.expectation?.topic).toBe('yes-no');
  expect(await call.say('Yes.')).toMatch(/number/);
  expect(call.expectation).toMatchObject({ topic: 'phone-number', patient: true });
  expect(await call.say('five five five one two three four five six seven')).toBe(
    'I have 5 5 5, 1 2 3, 4 5 6 7. Is that right?',
  );
  expect(await call.say("Yes, that's right.")).toMatch(/about|pass on/);
  expect(call.expectation?.topic).toBe('reason');
  expect(await call.say("I'm running ten minutes late.")).toContain(
    "I'm running ten minutes late.",
  );
  expect(call.calls).toEqual([]);
  expect(await call.say('Yes, please.')).toContain("I've passed your message on");
  expect(await call.say('No, that is all. Goodbye!')).toMatch(/Goodbye!$/);
  expect(call.calls.map(({ name, arguments: args }) => [name, args])).toEqual([
    [
      'take_message',
      { name: 'Anna Miller', number: '5551234567', message: "I'm running ten minutes late." },
    ],
    ['end_call', {}],
  ]);
});

test('its usual lines are what it says to the questions that callers ask most', async () => {
  const now = () => SATURDAY;
  const lines = new FrontDesk(DENTIST, { now }).usualLines;
  for (const question of ['Where are you?', 'How much is teeth cleaning?', 'Are you open now?']) {
    const call = new ScriptedCall(DENTIST);
    expect(lines).toContain(await call.say(question));
  }
  expect(lines).toContainEqual(expect.stringMatching(/^Sorry, I didn't catch that\./));
  expect(new Set(lines).size).toBe(lines.length);
  expect(new FrontDesk(EMPTY).usualLines.every((line) => line !== '')).toBe(true);
});

describe('questions to a dental practice on a Saturday at 11:30', () => {
  test.each([
    ['What time do you close on Saturday?', 'On Saturday', '10 AM to 2 PM'],
    ['what are your hours on saturday', '10 AM to 2 PM'],
    ['Are you open right now?', 'Yes', '2 PM'],
    ['Are you open?', 'Yes'],
    ['What are your opening hours?', 'Monday to Friday', '9 AM to 5:30 PM', 'closed on Sunday'],
    ['Are you open on Sunday?', 'closed'],
    ['When do you open tomorrow?', 'Tomorrow', 'closed'],
    ['Are you open this weekend?', '10 AM to 2 PM', 'closed'],
    ['Are you open on Thursday?', 'closed', 'Thanksgiving'],
    ['Are you open at Christmas?', 'Christmas'],
    ['Are you open on December 24th?', '9 AM to noon'],
    ['Which holidays are you closed?', 'Thanksgiving and Christmas Day'],
    ['Are you open on Easter?', "don't have any hours for Easter", 'message'],
    ['Where are you located?', '12 Maple Street'],
    ['How do I get to you?', 'bus'],
    ['Where can I park?', 'free parking'],
    ['How much is a cleaning?', 'Teeth cleaning is $120', '45 minutes'],
    ["What's the price of teeth whitening?", '$350', 'an hour and a half'],
    ['How much does a filling cost?', 'starts at $150.50'],
    ['How much is a crown?', "I don't know the price", 'message'],
    ['How much is a root canal?', "don't know the price for root canals"],
    ['How much is a bridge?', "don't have that on my list"],
    ['How long does a checkup take?', 'about 30 minutes'],
    ['What services do you offer?', 'and two more', 'Which one'],
    ['Do you do whitening?', 'Yes', '$350'],
    ['Is Dr. Lee there?', "can't see who's in", 'Dr. Susan Lee'],
    ['Who is Doctor Patel?', 'orthodontist', 'braces'],
    ['Who works there?', 'Dr. Susan Lee', 'Maria Gomez'],
    ['Do you take Visa?', 'Yes, we take Visa'],
    ['Do you accept credit cards?', 'Visa and Mastercard'],
    ['Can I pay with bitcoin?', "don't have bitcoin", 'cash, Visa, Mastercard and Apple Pay'],
    ['Do you take insurance?', 'most dental insurances'],
    ['Are you taking new patients?', 'welcome new patients'],
    ['Do you have any specials?', '20 percent off', 'SMILE'],
    ["What's your phone number?", '+1 555 010 4477'],
    ['Are you a robot?', 'automated assistant', 'not a person'],
    ['Can I speak to a real person?', "can't put you through", 'your name'],
    ["I'd like to book an appointment.", "can't book it myself", 'What day and time'],
    ["What's the meaning of life?", "I don't know", 'message'],
    ["Help, he can't breathe!", 'hang up and call 9 1 1'],
    ['Thank you.', 'welcome'],
    ['Hello?', 'How can I help'],
    ['Hi, this is John.', 'Hello John'],
    ['Hold on a second.', 'take your time'],
  ])('%s', async (line, ...expected) => {
    const [answer] = await answersTo(DENTIST, line);
    for (const words of expected) expect(answer).toContain(words);
  });

  test('expired offers are never mentioned', async () => {
    expect((await answersTo(DENTIST, 'Any special offers?')).join()).not.toContain('Summer');
  });

  test('two questions in one sentence get two answers', async () => {
    const [answer] = await answersTo(DENTIST, 'Where are you and what are your hours?');
    expect(answer).toContain('Maple Street');
    expect(answer).toContain('9 AM');
  });

  test('a follow-up question keeps its subject', async () => {
    const answers = await answersTo(
      DENTIST,
      'Do you do whitening?',
      'How long does it take?',
      'What are your hours on Friday?',
      'And on Monday?',
    );
    expect(answers[1]).toContain('an hour and a half');
    expect(answers[3]).toContain('9 AM');
  });

  test('an unknown service never gets the price of the last one', async () => {
    const answers = await answersTo(
      DENTIST,
      'How much is a cleaning?',
      'How much is a root canal?',
    );
    expect(answers[1]).not.toContain('$');
  });
});

describe('questions to a hair salon', () => {
  test('an unclear service is told with all its kinds', async () => {
    const [answer] = await answersTo(SALON, 'How much is a haircut?');
    expect(answer).toContain('$65');
    expect(answer).toContain('$40');
    expect(answer).toContain('$25');
    expect(answer).toContain('Which one');
  });

  test('a long week is not read out', async () => {
    const [answer] = await answersTo(SALON, 'What are your hours?');
    expect(answer).toContain('Which day');
  });

  test('a lunch break is told', async () => {
    const [answer] = await answersTo(SALON, 'When are you open on Tuesday?');
    expect(answer).toContain('10 AM to 1 PM and from 2 PM to 7 PM');
  });

  test('when it is closed it says when it opens', async () => {
    const [answer] = await answersTo(SALON, 'Are you open now?');
    expect(answer).toBe("No, we're closed right now. We open again on Tuesday at 10 AM.");
  });

  test('two locations are told apart', async () => {
    const answers = await answersTo(SALON, 'Where are you?', 'Where is the harbour one?');
    expect(answers[0]).toContain('two locations');
    expect(answers[1]).toContain('9 Dock Road');
  });

  test('what the profile lacks is not known', async () => {
    for (const line of ['Who works there?', 'Do you take cash?', 'What is your phone number?']) {
      expect((await answersTo(SALON, line))[0]).toContain("I don't know");
    }
  });

  test('the emergency number is that of the profile', async () => {
    expect((await answersTo(SALON, 'This is an emergency!'))[0]).toContain('9 9 9');
  });
});

describe('the end of a call', () => {
  test.each(['Goodbye.', 'Thanks, bye!', "No, that's all, thank you.", 'Have a nice day.'])(
    '%s',
    async (line) => {
      const call = new ScriptedCall(DENTIST);
      expect(await call.say(line)).toMatch(/Goodbye!$/);
      expect(call.calls).toMatchObject([{ name: 'end_call', arguments: {} }]);
    },
  );

  test('thanks whom we called for their time, not for calling', async () => {
    const desk = new FrontDesk(DENTIST, { placed: true });
    const turns = [{ speaker: 'caller', text: 'Goodbye.' }] as const;
    const parts = desk.reply(
      { system: '', turns, tools: [], memory: null },
      new AbortController().signal,
    );
    expect((await parts[Symbol.asyncIterator]().next()).value).toMatchObject({
      text: 'All right. Thank you for your time. Goodbye!',
    });
  });

  test("'no' ends the call only after 'anything else?'", async () => {
    const call = new ScriptedCall(DENTIST);
    expect(await call.say('no')).toMatch(/anything else/);
    expect(call.calls).toEqual([]);
    expect(await call.say('no')).toMatch(/Goodbye!$/);
  });

  test.each(['no thank you goodbye', 'No thanks, bye.', 'Goodbye.', 'Yes, thank you. Bye!'])(
    'whoever takes leave is told goodbye: %s',
    async (leave) => {
      const call = new ScriptedCall(DENTIST);
      await call.say('Do you have parking?');
      expect(await call.say(leave)).toMatch(/Goodbye!$/);
    },
  );

  test("'yes' to 'anything else?' is asked what, and 'no' to that ends the call", async () => {
    const call = new ScriptedCall(DENTIST);
    await call.say('no');
    expect(await call.say('yes')).toBe('Sure. What else can I do for you?');
    expect(await call.say('no, thank you')).toMatch(/Goodbye!$/);
  });

  test('a caller who is silent four times is told goodbye', async () => {
    const call = new ScriptedCall(DENTIST);
    const answers = [
      await call.say(''),
      await call.say(''),
      await call.say(''),
      await call.say(''),
    ];
    expect(new Set(answers).size).toBe(4);
    expect(call.calls).toMatchObject([{ name: 'end_call' }]);
  });

  test('a failed hang-up is said', async () => {
    const call = new ScriptedCall(DENTIST, { error: 'no line' });
    expect(await call.say('Goodbye.')).toContain('You can hang up now');
  });
});

describe('speech that was not understood', () => {
  test('the same words never come twice in a row, and after three times a message is offered', async () => {
    const lines = Array.from({ length: 4 }, () => '[unclear]');
    const answers = await answersTo(DENTIST, ...lines);
    expect(new Set(answers).size).toBe(4);
    expect(answers[3]).toContain('leave a message');
  });

  test('it can go on for ever without a word said twice in a row', async () => {
    const call = new ScriptedCall(DENTIST);
    await call.say('I want to leave a message');
    let last = '';
    for (let i = 0; i < 60; i++) {
      const answer = await call.say('[unclear]');
      expect(answer).not.toBe(last);
      expect(answer).not.toBe('');
      last = answer;
    }
  });

  test('clear words beside unclear ones count', async () => {
    const call = new ScriptedCall(DENTIST);
    call.turns.push({ speaker: 'caller', text: '[unclear]' });
    expect(await call.say('where are you')).toContain('Maple Street');
  });
});

describe('a caller whom nobody else could take', () => {
  const back = async (...lines: string[]) => {
    const call = new ScriptedCall(DENTIST);
    for (const line of lines) await call.say(line);
    const { text, memory, expectation } = new FrontDesk(DENTIST).nobodyElse(call.memory);
    expect(expectation.topic).toBe('yes-no');
    call.memory = JSON.parse(JSON.stringify(memory));
    call.turns.push({ speaker: 'agent', text, interrupted: false });
    return { call, text };
  };

  test('is asked whether to take a message, and yes or no means that', async () => {
    const { call, text } = await back('Where are you?');
    expect(text).toBe('Nobody could take your call there. Shall I take a message?');
    expect(await call.say('Yes, please.')).toMatch(/your name/);
    const { call: other } = await back();
    expect(await other.say('No, thank you.')).toMatch(/anything else/);
  });

  test('may ask something else, and hears the offer again if it was not understood', async () => {
    const { call } = await back();
    expect(await call.say('Where are you?')).toContain('Maple Street');
    expect(await (await back()).call.say('Sorry?')).toContain('Shall I take a message?');
  });

  test('goes on with the message that was being taken', async () => {
    const { call } = await back("I'd like to leave a message.", 'My name is Anna Miller.', 'Yes.');
    expect(await call.say('Yes.')).toMatch(/number/);
  });
});

describe('what was said can be heard again', () => {
  test.each(['Sorry?', 'What was that?', 'Can you repeat that, please?', "I didn't catch that."])(
    '%s',
    async (line) => {
      const call = new ScriptedCall(DENTIST);
      await call.say('Where are you?');
      expect(await call.say(line)).toContain('12 Maple Street');
    },
  );

  test('also when it was cut off, and in full', async () => {
    const call = new ScriptedCall(DENTIST);
    call.turns.push({ speaker: 'caller', text: 'Where are you?' });
    await call.ask();
    call.turns.push({ speaker: 'agent', text: "We're at 12", interrupted: true });
    expect(await call.say('sorry, what?')).toContain('12 Maple Street, Springfield');
  });
});

describe('replies that are thrown away', () => {
  test('asking again gives the same reply', async () => {
    const call = new ScriptedCall(DENTIST);
    await call.say('can I leave a message');
    call.turns.push({ speaker: 'caller', text: 'Anna Miller' });
    const { memory } = call;
    const first = await call.ask();
    call.memory = memory;
    expect(await call.ask()).toEqual(first);
  });

  test('words that come after a discarded reply are put together', async () => {
    const call = new ScriptedCall(DENTIST);
    await call.say('can I leave a message');
    call.turns.push({ speaker: 'caller', text: 'my name is Anna' });
    expect(await call.say('Miller')).toContain('Anna Miller');
  });

  test('an aborted reply throws', async () => {
    const replies = new FrontDesk(DENTIST).reply(
      { system: '', turns: [], tools: [], memory: null },
      AbortSignal.abort(new Error('gone')),
    );
    await expect(async () => {
      for await (const _ of replies);
    }).rejects.toThrow('gone');
  });
});

test('without a word said yet, the front desk greets', async () => {
  expect(await new ScriptedCall(DENTIST).hear()).toBe(DENTIST.greeting);
  expect(await new ScriptedCall(SALON).hear()).toBe(
    'Thank you for calling Shear Delight. How can I help you?',
  );
});

const garbage = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '[unclear]',
    '',
    '[digits 5551234]',
    '[digits *#]',
    '[digits ]',
    'yes',
    'no',
    'sorry',
  ),
  fc.constantFrom(
    'constructor __proto__ toString',
    'double',
    'zero '.repeat(99),
    'name',
    '$1 $& \\',
  ),
  fc
    .array(
      fc.constantFrom(
        'my',
        'name',
        'is',
        'anna',
        'five',
        'message',
        'hours',
        'no',
        'it',
        'leave',
        'on',
        'sunday',
      ),
    )
    .map((words) => words.join(' ')),
);

test.each([
  ['a dentist', DENTIST],
  ['a salon', SALON],
  ['a business without anything', EMPTY],
])(
  'whatever is said to %s, and whatever memory is found, there are words and a grammar',
  async (_, profile) => {
    const grammars = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        fc.array(garbage, { minLength: 1, maxLength: 6 }),
        fc.jsonValue(),
        async (lines, memory) => {
          const call = new ScriptedCall(profile);
          call.memory = memory;
          for (const line of lines) {
            expect(await call.say(line)).not.toBe('');
            grammars.add(call.expectation?.grammar ?? '');
          }
        },
      ),
      { numRuns: 100 },
    );
    for (const grammar of grammars) new JsgfReader(grammar);
  },
);

test('memories that look right and are not do no harm', async () => {
  const memories = [
    { question: 'name' },
    { question: 'reason', draft: { name: 7 } },
    { replies: -1 },
    [],
    'x',
    { draft: null, unclear: 1e300 },
  ];
  for (const memory of memories) {
    const call = new ScriptedCall(DENTIST);
    call.memory = memory;
    expect(await call.say('[unclear]')).not.toBe('');
  }
});
