import type { AudioFrame } from '@earshot/audio';
import { FLITE_VOICES, FliteSynthesizer } from '@earshot/local';
import { type Recording, recorded } from './recording.ts';

const WORDS = ['mm-hm', 'yeah', 'okay', 'uh huh'];
/** Below the voice's usual level, which is that of a caller who speaks up. */
const MURMUR_DB = -12;
/** Two of them speak at 8 kHz like robots. */
const VOICES = FLITE_VOICES.slice(0, 3);

/** What people murmur to say "go on", in three voices. The name begins with the words. */
export async function murmurs(signal: AbortSignal): Promise<Recording[]> {
  const all: Recording[] = [];
  for (const voice of VOICES) {
    await using flite = await FliteSynthesizer.open({ voice }, signal);
    for (const words of WORDS) {
      const frames: AudioFrame[] = [];
      for await (const frame of flite.synthesize(words, signal)) frames.push(frame);
      const name = `${words.replaceAll(/\W/g, '-')}-${voice}`;
      all.push(recorded(softer(frames), name, { cutMs: null, delayMs: 0 }));
    }
  }
  return all;
}

function softer(frames: readonly AudioFrame[]): AudioFrame {
  const factor = 10 ** (MURMUR_DB / 20);
  const samples = frames.flatMap((frame) => [...frame.samples].map((s) => Math.round(s * factor)));
  return { samples: Int16Array.from(samples), sampleRate: frames[0]?.sampleRate ?? 8000 };
}
