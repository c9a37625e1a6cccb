import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ReplyPart } from './ports.ts';
import { type Answer, frameOf, Stage } from './stage.fake.ts';

const call: ReplyPart = {
  type: 'tool-call',
  call: { id: '1', name: 'take_message', arguments: {} },
};
const ANSWERS: readonly Answer[] = [
  'Sure.',
  '',
  'We are open from Monday to Friday, from nine to five. And on Saturday. Is that all right?',
  [{ type: 'text', text: 'One moment. ' }, call],
  [call],
  new Error('model failed'),
];
const WORDS = ['When do you close?', 'yeah', '', 'I would like to', 'stop please', null, 'Yes.'];

type Act = (stage: Stage) => Promise<void>;

const speech: fc.Arbitrary<Act> = fc
  .tuple(fc.constantFrom(...WORDS), fc.integer({ min: 1, max: 60 }), fc.constantFrom('#', '~'))
  .map(
    ([words, frames, sound]) =>
      (stage) =>
        stage.say(words, frames * 20, sound),
  );
const silence: fc.Arbitrary<Act> = fc
  .integer({ min: 1, max: 80 })
  .map((frames) => (stage) => stage.silence(frames * 20));
const keys: fc.Arbitrary<Act> = fc
  .constantFrom('1', '5#')
  .map((digits) => (stage) => stage.press(digits));
/** Frames that the network held back come all at once. */
const burst: fc.Arbitrary<Act> = fc.constant(async (stage) => {
  for (let frame = 0; frame < 20; frame++) stage.line.send({ type: 'audio', frame: frameOf('.') });
});
const act = fc.oneof(
  { weight: 8, arbitrary: speech },
  { weight: 10, arbitrary: silence },
  { weight: 1, arbitrary: keys },
  { weight: 1, arbitrary: burst },
);

const LIMIT_MS = 20_000;

test('whatever callers and engines do, a call ends by its limit, and what was heard was said', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(act, { maxLength: 25 }),
      fc.infiniteStream(fc.constantFrom(...ANSWERS)),
      fc.infiniteStream(fc.constantFrom(0, 0, 0, 1, 5, 30, 200)),
      async (acts, answers, lags) => {
        const tool = {
          name: 'take_message',
          description: '',
          parameters: {},
          run: async () => ({ output: 1 }),
        };
        const options = { maxDurationMs: LIMIT_MS, tools: [tool] };
        await using stage = new Stage(() => answers.next().value, options);
        stage.lag = () => lags.next().value;
        let ended = false;
        const ending = stage.ending.then(() => {
          ended = true;
        });
        for (const next of acts) if (!ended) await next(stage);
        for (let ms = 0; ms < LIMIT_MS + 15_000 && !ended; ms += 1000) await stage.silence(1000);
        expect(ended).toBe(true);
        await ending;
        for (const { said, heard } of stage.turns) expect(said.startsWith(heard)).toBe(true);
      },
    ),
    { numRuns: 25 },
  );
});
