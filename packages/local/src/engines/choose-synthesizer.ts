import type { Synthesizer } from '@earshot/conversation';
import { PiperHttpSynthesizer } from '../http/piper-http-synthesizer.ts';
import { findPiper } from '../sherpa/find-models.ts';
import { PiperSynthesizer } from '../sherpa/piper-synthesizer.ts';
import { FliteSynthesizer } from '../small/flite-synthesizer.ts';
import { serverCandidate } from './choose-recognizer.ts';
import { type Candidate, type Chosen, chooseEngine } from './engine-choice.ts';
import type { EnginesOptions } from './engines-options.ts';

const DEFAULT_PIPER_VOICE = 'en_US-lessac-medium';

export function chooseSynthesizer(
  options: EnginesOptions,
  signal: AbortSignal,
): Promise<Chosen<Synthesizer>> {
  const { piperHttp, synthesizer = 'auto' } = options;
  const servers: Candidate<Synthesizer>[] = piperHttp
    ? [serverCandidate(new PiperHttpSynthesizer(piperHttp), 'Piper server')]
    : [];
  return chooseEngine('synthesizer', synthesizer, [...servers, piper(options), small], signal);
}

/** Who speaks where this one fails; nobody where it is Flite itself. */
export function chooseStandIn(
  first: Synthesizer,
  signal: AbortSignal,
): Promise<Chosen<Synthesizer | null>> {
  const wish = first instanceof FliteSynthesizer ? 'none' : 'auto';
  return chooseEngine<Synthesizer | null>('stand-in', wish, [standIn, nobody], signal);
}

function piper({ modelsDir, piperVoice, threads }: EnginesOptions): Candidate<Synthesizer> {
  return {
    kind: 'piper',
    async open(signal) {
      const wanted = piperVoice ?? DEFAULT_PIPER_VOICE;
      const voice = findPiper(modelsDir, wanted);
      if (!voice) return { missing: `no Piper voice in ${modelsDir} (npm run models fetches it)` };
      const engine = await PiperSynthesizer.open(
        voice,
        threads === undefined ? {} : { threads },
        signal,
      );
      const instead = voice.name === wanted ? '' : `, for want of ${wanted}`;
      return { engine, name: `Piper ${voice.name}`, why: `found in ${modelsDir}${instead}` };
    },
  };
}

const small: Candidate<Synthesizer> = {
  kind: 'small',
  async open(signal) {
    const engine = await FliteSynthesizer.open({}, signal);
    return { engine, name: 'Flite', why: 'comes with the packages; a plain voice' };
  },
};

const standIn: Candidate<Synthesizer> = {
  kind: 'small',
  async open(signal) {
    const engine = await FliteSynthesizer.open({}, signal);
    return { engine, name: 'Flite', why: 'speaks where the synthesizer fails or takes too long' };
  },
};

const nobody: Candidate<null> = {
  kind: 'none',
  async open() {
    return { engine: null, name: 'Nobody', why: '' };
  },
};
