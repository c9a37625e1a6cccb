import { describe, expect, test } from 'vitest';
import { Stage } from './stage.fake.ts';

/** What the caller says goes on with what was said before it, or with nothing; none of it is lost. */
describe('a caller who speaks while the agent', () => {
  test.each([-60, -40, -20, 0, 20, 40, 60])(
    'says its last word (%i ms from its end) is heard whole',
    async (fromEndMs) => {
      await using stage = new Stage('Fine.', { lines: { greeting: 'What can I do for you?' } });
      // The greeting begins with the second frame.
      await stage.silence(20 + 'What can I do for you?'.length * 20 + fromEndMs);
      await stage.say('a table for two', 1200);
      await stage.silence(2000);
      expect(stage.utterancesMs.at(-1)).toBeGreaterThanOrEqual(1200);
      expect(stage.transcript).toContain('caller: a table for two');
    },
  );

  test('thinks about an early yes has said that yes, too', async () => {
    const thinking = Promise.withResolvers<string>();
    await using stage = new Stage(() => thinking.promise, {
      lines: { greeting: 'Hello. Shall I take a message for them?' },
    });
    await stage.silence(400);
    await stage.say('yes', 200, '~');
    await stage.silence(400);
    expect(stage.prompts.at(-1)?.turns.at(-1)).toEqual({ speaker: 'caller', text: 'yes' });
    await stage.say('and my name is jane', 1200);
    thinking.resolve('Thank you.');
    await stage.silence(2000);
    expect(stage.utterancesMs.at(-1)).toBeGreaterThanOrEqual(1200);
    expect(stage.transcript).toContain('caller: yes and my name is jane');
  });

  test('does what was asked is heard whole', async () => {
    const work = Promise.withResolvers<string>();
    const look = {
      name: 'look',
      description: 'Looks it up.',
      parameters: { type: 'object' },
      run: () => work.promise.then((output) => ({ output })),
    };
    const call = { id: '1', name: 'look', arguments: {} };
    const replies = [[{ type: 'tool-call', call } as const], 'Here it is.'];
    await using stage = new Stage(() => replies.shift() ?? 'Fine.', { tools: [look] });
    await stage.silence(500);
    await stage.say('look it up', 600);
    await stage.silence(1000);
    await stage.say('and tell me the price', 1200);
    await stage.silence(200);
    work.resolve('found');
    await stage.silence(2000);
    expect(stage.utterancesMs.at(-1)).toBeGreaterThanOrEqual(1200);
    expect(stage.transcript).toContain('caller: and tell me the price');
  });

  test('thinks about the keys they pressed and only coughs is answered', async () => {
    const thinking = [Promise.withResolvers<string>().promise, Promise.resolve('Thank you.')];
    await using stage = new Stage(() => thinking.shift() ?? 'Fine.');
    await stage.silence(500);
    await stage.press('5550123');
    await stage.silence(2500);
    stage.words = '';
    await stage.hear('#####');
    await stage.silence(3000);
    expect(stage.transcript).toEqual([
      'agent: Hi.',
      'caller: [digits 5550123]',
      'agent: Thank you.',
    ]);
  });
});

describe('a goodbye', () => {
  const goodbye = [
    { type: 'text', text: 'Goodbye then.' },
    { type: 'tool-call', call: { id: '1', name: 'end_call', arguments: {} } },
  ] as const;

  test.each([0, 40, 80, 120, 160])(
    'that the caller only coughs at, %i ms before its end, still ends the call',
    async (beforeEndMs) => {
      await using stage = new Stage(goodbye);
      await stage.silence(500);
      await stage.say('That was all.');
      await stage.silence(180);
      while (!stage.ear.endsWith('#')) await stage.hear('.');
      await stage.silence('Goodbye then.'.length * 20 - 20 - beforeEndMs);
      stage.words = '';
      await stage.hear('######');
      await stage.silence(5000);
      expect(await Promise.race([stage.ending, Promise.resolve('still talking')])).toBe(
        'agent-hung-up',
      );
    },
  );
});
