import type { CallContext } from './call-context.ts';
import { runPrompt } from './prompt.ts';
import { PromptPlayer } from './prompt-player.ts';
import type { Verb } from './verb.ts';

/** Collects keys: prompts are cut by the first, each one restarts the wait for the next. */
export async function gather(
  verb: Extract<Verb, { verb: 'Gather' }>,
  context: CallContext,
): Promise<string> {
  const { call } = context;
  const pressed = new AbortController();
  const stopped = AbortSignal.any([call.interrupted, pressed.signal]);
  let digits = '';
  let finished = false;
  using player = new PromptPlayer(call, (digit) => {
    if (finished) return;
    if (digit === verb.finishOnKey) finished = true;
    else digits += digit;
    if (verb.numDigits > 0 && digits.length >= verb.numDigits) finished = true;
    pressed.abort();
    player.stop();
  });
  for (const prompt of verb.prompts) {
    if (!stopped.aborted) await runPrompt(prompt, player, context, stopped);
  }
  const wait = { length: verb.timeoutSeconds * 8_000 };
  for (let before = -1; !finished && before < digits.length && !call.interrupted.aborted; ) {
    before = digits.length;
    await player.play(wait);
  }
  return digits;
}
