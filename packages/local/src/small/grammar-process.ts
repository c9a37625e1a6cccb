import { type AudioFrame, Resampler } from '@earshot/audio';
import { serve } from '../host/serve.ts';
import { GENERAL_GRAMMAR } from './general-grammar.ts';
import { type Grammar, readGrammar } from './grammar.ts';
import { EAR_SAMPLE_RATE, GrammarEar, type Hearing } from './grammar-ear.ts';

export interface HearRequest {
  readonly utterance: AudioFrame;
  readonly grammar: Grammar;
}

export type GrammarEngine = Awaited<ReturnType<typeof open>>;

async function open() {
  const ear = await GrammarEar.load();
  ear.hear(new Int16Array(EAR_SAMPLE_RATE), readGrammar(GENERAL_GRAMMAR));
  return {
    hear: ({ utterance, grammar }: HearRequest): Hearing => ear.hear(atEarRate(utterance), grammar),
  };
}

function atEarRate({ samples, sampleRate }: AudioFrame): Int16Array {
  if (sampleRate === EAR_SAMPLE_RATE) return samples;
  const resampler = new Resampler(sampleRate, EAR_SAMPLE_RATE);
  return Int16Array.from([...resampler.process(samples), ...resampler.flush()]);
}

serve(open);
