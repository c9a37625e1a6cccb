import { type AudioFrame, decodeMulaw, encodeMulaw, Resampler } from '@earshot/audio';
import { Flite, type FliteVoice } from '../flite.ts';

/** Speaks, and lets it be heard through the telephone: 8 kHz, µ-law, with the silence of a line around. */
export class PhoneLine {
  readonly #flite: Flite;
  readonly #speech = new Map<string, readonly number[]>();
  #noise = 1;

  private constructor(flite: Flite) {
    this.#flite = flite;
  }

  static async open(): Promise<PhoneLine> {
    return new PhoneLine(await Flite.load());
  }

  async say(
    text: string,
    voice: FliteVoice,
    { silenceMs = 200, noise = 4, gain = 1 } = {},
  ): Promise<AudioFrame> {
    const speech = await this.#spoken(text, voice);
    const silence = new Array<number>(silenceMs * 8).fill(0);
    const line = [...silence, ...speech, ...silence].map((sample) =>
      Math.max(-32_768, Math.min(32_767, Math.round(sample * gain + noise * this.#random()))),
    );
    const samples = decodeMulaw(encodeMulaw(Int16Array.from(line)));
    return { samples, sampleRate: 8000 };
  }

  async #spoken(text: string, voice: FliteVoice): Promise<readonly number[]> {
    const known = this.#speech.get(`${voice} ${text}`);
    if (known) return known;
    const speech: number[] = [];
    for await (const { samples, sampleRate } of this.#flite.speak(text, voice)) {
      const resampler = new Resampler(sampleRate, 8000);
      speech.push(...resampler.process(samples), ...resampler.flush());
    }
    this.#speech.set(`${voice} ${text}`, speech);
    return speech;
  }

  /** −1 to 1, the same in every run. */
  #random(): number {
    this.#noise = (Math.imul(this.#noise, 1_103_515_245) + 12_345) & 0x7fffffff;
    return this.#noise / 0x40000000 - 1;
  }
}
