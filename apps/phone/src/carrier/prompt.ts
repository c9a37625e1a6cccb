import type { CallContext } from './call-context.ts';
import type { PromptPlayer, Sound } from './prompt-player.ts';
import type { Prompt } from './verb.ts';

const SAMPLE_RATE = 8_000;
/** How long unhurried speech takes for one written character. */
const SPOKEN_CHARACTER_MS = 65;
const TONE_HZ = 440;
const TONE_MS = 1_000;
const DIGIT_MS = 200;

/** Speaks, plays or pauses. `stopped` ends it between repetitions and while a voice is being made. */
export async function runPrompt(
  prompt: Prompt,
  player: PromptPlayer,
  context: CallContext,
  stopped: AbortSignal = context.call.interrupted,
): Promise<void> {
  const { call } = context;
  call.observe({ type: 'verb', atMs: call.nowMs, verb: prompt.verb, detail: describe(prompt) });
  const loop = prompt.verb === 'Pause' ? 1 : prompt.loop || Number.POSITIVE_INFINITY;
  const sound = await soundOf(prompt, context, stopped);
  for (let round = 0; round < loop && sound.length > 0 && !stopped.aborted; round += 1) {
    await player.play(sound);
  }
}

function describe(prompt: Prompt): string {
  if (prompt.verb === 'Say') return prompt.text;
  if (prompt.verb === 'Pause') return `${prompt.seconds} s`;
  return prompt.digits ? `digits ${prompt.digits}` : prompt.url;
}

async function soundOf(
  prompt: Prompt,
  { speak, call }: CallContext,
  signal: AbortSignal,
): Promise<Sound> {
  if (prompt.verb === 'Pause') return silence(prompt.seconds * 1000);
  if (prompt.verb === 'Play')
    return prompt.digits ? silence(prompt.digits.length * DIGIT_MS) : TONE;
  const unspoken = silence(prompt.text.length * SPOKEN_CHARACTER_MS);
  if (!speak) return unspoken;
  try {
    const samples = await speak(prompt.text, signal);
    return { length: samples.length, samples };
  } catch (cause) {
    if (!signal.aborted) call.findings.add('no-voice', `<Say> could not be spoken: ${cause}`);
    return unspoken;
  }
}

function silence(ms: number): Sound {
  return { length: Math.round((ms * SAMPLE_RATE) / 1000) };
}

/** Stands for whatever `<Play>` names: it is heard, and the report says what it was. */
const TONE: Sound = {
  length: (TONE_MS * SAMPLE_RATE) / 1000,
  samples: Int16Array.from({ length: (TONE_MS * SAMPLE_RATE) / 1000 }, (_, index) =>
    Math.round(4_000 * Math.sin((2 * Math.PI * TONE_HZ * index) / SAMPLE_RATE)),
  ),
};
