import { describe, expect, test } from 'vitest';
import { Stage } from './stage.fake.ts';

describe('a line that somebody wants to be said', () => {
  test('waits until nobody speaks, and then belongs to the dialogue', async () => {
    await using stage = new Stage('Fine.');
    expect(stage.agent.say('We close soon.')).toBe(true);
    await stage.silence(1000);
    await stage.say('what is new');
    await stage.silence(3000);
    expect(stage.transcript).toEqual([
      'agent: Hi.',
      'agent: We close soon.',
      'caller: what is new',
      'agent: Fine.',
    ]);
    expect(stage.prompts.at(-1)?.turns).toContainEqual({
      speaker: 'agent',
      text: 'We close soon.',
      interrupted: false,
    });
  });

  test('is not said over the caller', async () => {
    await using stage = new Stage('Fine.');
    await stage.silence(500);
    await stage.say('what is', 400);
    stage.agent.say('We close soon.');
    await stage.say('what is new', 600);
    await stage.silence(4000);
    expect(stage.transcript).toEqual([
      'agent: Hi.',
      'caller: what is new',
      'agent: Fine.',
      'agent: We close soon.',
    ]);
  });

  test('waits again when the caller was faster than the synthesizer', async () => {
    await using stage = new Stage('Fine.');
    await stage.silence(500);
    stage.lag = () => 20;
    stage.agent.say('We close soon.');
    await stage.silence(200);
    stage.lag = () => 0;
    await stage.say('what is new', 800);
    await stage.silence(4000);
    expect(stage.transcript).toEqual([
      'agent: Hi.',
      'caller: what is new',
      'agent: Fine.',
      'agent: We close soon.',
    ]);
    expect(stage.turns.some(({ interrupted }) => interrupted)).toBe(false);
  });

  test('goes on with the call: what was heard is not said again, what was not is', async () => {
    await using before = new Stage('Fine.');
    before.agent.say('We close soon.');
    before.agent.say('Your call is recorded.');
    await before.silence(600);
    expect(before.transcript).toEqual(['agent: Hi.', 'agent: We close soon.']);
    const earlier = JSON.parse(JSON.stringify(before.agent.memory));
    expect(earlier.toSay).toEqual(['Your call is recorded.']);
    await using after = new Stage('Fine.', { earlier, lines: { greeting: 'I am back.' } });
    await after.silence(3000);
    expect(after.transcript).toEqual(['agent: I am back.', 'agent: Your call is recorded.']);
    expect(after.agent.memory.toSay).toEqual([]);
  });

  test('is refused when too many wait', async () => {
    await using stage = new Stage('Fine.');
    const taken = Array.from({ length: 30 }, () => stage.agent.say('More.'));
    expect(taken.filter(Boolean)).toHaveLength(20);
  });
});

describe('an agent that goes on with a call', () => {
  test('knows what was heard, what was kept and what was asked before', async () => {
    await using before = new Stage([
      { type: 'text', text: 'Your name?' },
      { type: 'memory', memory: { step: 2 } },
      { type: 'expectation', expectation: { topic: 'name' } },
    ]);
    await before.silence(500);
    await before.say('a message please');
    await before.silence(2000);
    const earlier = JSON.parse(JSON.stringify(before.agent.memory));
    await using after = new Stage('Thanks.', { earlier, lines: { greeting: 'I am back.' } });
    await after.silence(500);
    await after.say('jane');
    await after.silence(1500);
    expect(after.expectations[0]).toEqual({ topic: 'name' });
    expect(after.prompts[0]).toMatchObject({
      memory: { step: 2 },
      turns: [
        { speaker: 'agent', text: 'Hi.' },
        { speaker: 'caller', text: 'a message please' },
        { speaker: 'agent', text: 'Your name?' },
        { speaker: 'agent', text: 'I am back.' },
        { speaker: 'caller' },
      ],
    });
  });

  test('knows what it was saying, from the sentence on that was not heard', async () => {
    const answer = 'It is five euros. We have it in blue too. Which one?';
    await using stage = new Stage(answer);
    await stage.silence(500);
    expect(stage.agent.memory.saying).toBe('');
    await stage.say('how much is it');
    await stage.silence(400);
    expect(stage.agent.memory.saying).toBe(answer);
    expect(stage.agent.memory.turns.at(-1)).toEqual({ speaker: 'caller', text: 'how much is it' });
    await stage.silence(400);
    expect(stage.agent.memory.saying).toBe('We have it in blue too. Which one?');
    await stage.silence(1000);
    expect(stage.agent.memory.saying).toBe('');
  });

  test('knows it behind a notice, and after a cough that stopped it', async () => {
    const answer = 'First we look at it. Then we talk about the price. Then we decide.';
    await using stage = new Stage(answer, { notice: 'This call is recorded.' });
    await stage.silence(100);
    await stage.say('how does it work');
    await stage.silence(900);
    expect(stage.agent.memory.saying).toBe(answer);
    const saying: string[] = [];
    for (let times = 0; times < 60; times += 1) {
      if (times === 4) await stage.say('', 300);
      await stage.silence(60);
      saying.push(stage.agent.memory.saying);
    }
    const expected = [
      answer,
      'Then we talk about the price. Then we decide.',
      'Then we decide.',
      '',
    ];
    expect(saying.filter((one, at) => one !== saying[at - 1])).toEqual(expected);
  });

  test('has no more time than the call', async () => {
    await using before = new Stage('Fine.', { maxDurationMs: 60_000 });
    await before.silence(20_000);
    const earlier = before.agent.memory;
    expect(earlier.elapsedMs).toBe(20_000);
    await using after = new Stage('Fine.', { maxDurationMs: 60_000, earlier });
    for (let second = 0; second < 44; second += 4) {
      await after.say('go on', 400);
      await after.silence(3600);
    }
    await after.silence(3000);
    expect(await after.ending).toBe('max-duration');
  });
});

test('voice is told: found, begun, ended, and what was left alone too', async () => {
  await using stage = new Stage('That takes quite a long sentence to be said by anybody.');
  await stage.silence(500);
  await stage.say('hello there');
  await stage.silence(1000);
  await stage.say('mm-hm', 200, '~');
  await stage.silence(1500);
  const told = stage.observed.flatMap((event) => (event.type === 'voice' ? [event.what] : []));
  expect(told.filter((what) => what === 'started')).toHaveLength(2);
  expect(told.filter((what) => what === 'ended')).toHaveLength(2);
  expect(told.filter((what) => what === 'detected').length).toBeGreaterThanOrEqual(2);
});

test('a caller’s turn says how sure the recognizer is', async () => {
  await using stage = new Stage('Fine.');
  await stage.silence(500);
  await stage.say('hello there');
  await stage.silence(1500);
  expect(stage.turns[1]).toMatchObject({ speaker: 'caller', confidence: 0.9 });
});
