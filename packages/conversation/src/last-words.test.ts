import { describe, expect, test } from 'vitest';
import { LETTER_MS, Stage } from './stage.fake.ts';

/** When the caller begins, in ms from the end of what the agent says. Marks come 120 ms late. */
const MOMENTS = Array.from({ length: 16 }, (_, at) => at * 40 - 400);

/** The agent has said all but the last `leftMs` of these words. */
async function saidBut(stage: Stage, words: string, leftMs: number): Promise<void> {
  stage.line.wayBackMs = 120;
  await stage.silence(700);
  await stage.say('A table, please.');
  while (!stage.ear.endsWith('#')) await stage.hear('.');
  await stage.silence(words.length * LETTER_MS - 20 - leftMs);
}

/** How long the caller hears nothing from this moment on. */
const gapMs = (stage: Stage, from: number) => (stage.ear.indexOf('#', from) - from) * 20;

describe('over the last words of a question', () => {
  const question = 'We have five. Shall I book you a table at five this evening?';
  const asking = () =>
    new Stage(({ turns }) => {
      const last = turns.at(-1);
      return last?.speaker === 'caller' && last.text === 'Yes.' ? 'It is booked.' : question;
    });

  test.each(MOMENTS)('a "yes" answers it, begun at %i ms', async (ms) => {
    await using stage = asking();
    await saidBut(stage, question.replace(' Shall', 'Shall'), -ms);
    await stage.say('Yes.', 300);
    const ended = stage.ear.length;
    await stage.silence(3000);
    expect(stage.transcript.slice(-2)).toEqual(['caller: Yes.', 'agent: It is booked.']);
    expect(gapMs(stage, ended)).toBeLessThan(600);
  });

  test('a "yes" to its first words does not', async () => {
    await using stage = asking();
    await saidBut(stage, question.replace(' Shall', 'Shall'), 1000);
    await stage.say('Yes.', 300);
    await stage.silence(3000);
    expect(stage.transcript.at(-1)).toBe('agent: Shall I book you a table at five this evening?');
  });
});

test('a short sound after a question is asked about, also when its end is judged later', async () => {
  const sound = Promise.withResolvers<number>();
  const stage = new Stage('Is that right?', {
    engines: { endOfTurn: { estimate: () => sound.promise } } as never,
  });
  await using _ = stage;
  await stage.silence(700);
  await stage.say('A table, please.');
  await stage.silence(3000);
  await stage.say(null, 200);
  await stage.silence(400);
  sound.resolve(0.9);
  await stage.silence(2000);
  expect(stage.transcript).toContain('caller: [unclear]');
});

describe('over the last sound of what asks nothing', () => {
  test.each([-160, -80, 0])('an "okay" begun at %i ms has nothing repeated', async (ms) => {
    await using stage = new Stage('We are open until five.');
    await saidBut(stage, 'We are open until five.', -ms);
    await stage.say('Okay.', 300);
    await stage.silence(3000);
    expect(stage.ear.endsWith('.'.repeat(150))).toBe(true);
    await stage.silence(6500);
    expect(stage.transcript.at(-1)).toBe('agent: Are you still there?');
  });
});

describe('over the end of a goodbye', () => {
  test.each(MOMENTS)('an "okay" keeps nobody on the line, begun at %i ms', async (ms) => {
    await using stage = new Stage([
      { type: 'text', text: 'Goodbye then.' },
      { type: 'tool-call', call: { id: '1', name: 'end_call', arguments: {} } },
    ]);
    await saidBut(stage, 'Goodbye then.', Math.min(-ms, 240));
    await stage.say('Okay.', 300);
    await stage.silence(3000);
    expect(await stage.ending).toBe('agent-hung-up');
  });
});
