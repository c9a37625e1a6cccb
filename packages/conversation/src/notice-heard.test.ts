import { describe, expect, test } from 'vitest';
import { Stage } from './stage.fake.ts';

const NOTICE = 'This call is recorded for our training.';
const noticed = { notice: NOTICE, lines: { greeting: 'Hi, Anna here.' } };

/** When the notice was told to be heard, among the turns. */
function told(stage: Stage): string[] {
  return stage.observed.flatMap((event) => {
    if (event.type === 'turn') return [`${event.turn.speaker}: ${event.turn.heard}`];
    return event.type === 'notice-heard' ? ['notice heard'] : [];
  });
}

describe('a notice', () => {
  test('comes before the greeting, is told when it was heard, and is not said again', async () => {
    await using stage = new Stage('Fine.', noticed);
    await stage.silence(700);
    expect(stage.agent.memory.noticeHeard).toBe(false);
    await stage.silence(800);
    await stage.say('what is new');
    await stage.silence(2000);
    expect(told(stage)).toEqual([
      'notice heard',
      `agent: ${NOTICE} Hi, Anna here.`,
      'caller: what is new',
      'agent: Fine.',
    ]);
  });

  test('that a caller cuts off comes before the answer', async () => {
    await using stage = new Stage('Fine.', noticed);
    await stage.silence(200);
    await stage.say('hello there');
    await stage.silence(2000);
    expect(told(stage)).toEqual([
      expect.stringMatching(/^agent: This call/),
      'caller: hello there',
      'notice heard',
      `agent: ${NOTICE} Fine.`,
    ]);
    expect(stage.agent.memory.noticeHeard).toBe(true);
  });

  test('is said until it was heard whole, however often it is cut off', async () => {
    await using stage = new Stage('Fine.', noticed);
    for (const _ of [1, 2, 3]) {
      await stage.silence(200);
      await stage.say('hello there');
      await stage.silence(300);
    }
    expect(told(stage)).not.toContain('notice heard');
    await stage.silence(2000);
    expect(told(stage).slice(-2)).toEqual(['notice heard', `agent: ${NOTICE} Fine.`]);
  });

  test('that a cough stops is taken up again, and heard then', async () => {
    await using stage = new Stage('Fine.', noticed);
    await stage.silence(200);
    await stage.say('', 600);
    await stage.silence(300);
    expect(told(stage)).not.toContain('notice heard');
    await stage.silence(3000);
    expect(told(stage).slice(-2)).toEqual(['notice heard', `agent: ${NOTICE} Hi, Anna here.`]);
  });

  test('of several sentences is heard once the last one was', async () => {
    const notice = 'Welcome to Acme. This call is recorded.';
    await using stage = new Stage('Fine.', { ...noticed, notice });
    await stage.silence(500);
    expect(told(stage)).toEqual([]);
    await stage.silence(400);
    expect(told(stage)).toEqual(['notice heard']);
  });

  test('that was heard stays heard where the call goes on, and one that was not is owed there', async () => {
    await using before = new Stage('Fine.', noticed);
    await before.silence(200);
    const unheard = JSON.parse(JSON.stringify(before.agent.memory));
    await before.silence(1500);
    const heard = JSON.parse(JSON.stringify(before.agent.memory));
    const back = { notice: NOTICE, lines: { greeting: 'I am back.' } };
    await using after = new Stage('Fine.', { ...back, earlier: heard });
    await after.silence(1500);
    expect(told(after)).toEqual(['agent: I am back.']);
    await using owing = new Stage('Fine.', { ...back, earlier: unheard });
    await owing.silence(1500);
    expect(told(owing)).toEqual(['notice heard', `agent: ${NOTICE} I am back.`]);
  });
});
