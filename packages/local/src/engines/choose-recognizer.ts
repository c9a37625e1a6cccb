import type { Recognizer } from '@earshot/conversation';
import type { Availability } from '../http/availability.ts';
import { OpenAiRecognizer } from '../http/openai-recognizer.ts';
import { WhisperCppRecognizer } from '../http/whisper-cpp-recognizer.ts';
import { findWhisper } from '../sherpa/find-models.ts';
import { WhisperRecognizer } from '../sherpa/whisper-recognizer.ts';
import { GrammarRecognizer } from '../small/grammar-recognizer.ts';
import {
  type Candidate,
  type Chosen,
  chooseEngine,
  type Found,
  type NotFound,
} from './engine-choice.ts';
import type { EnginesOptions } from './engines-options.ts';

const DEFAULT_WHISPER_MODEL = 'tiny.en';

export function chooseRecognizer(
  options: EnginesOptions,
  signal: AbortSignal,
): Promise<Chosen<Recognizer>> {
  const candidates = [...servers(options), whisper(options), small];
  return chooseEngine('recognizer', options.recognizer ?? 'auto', candidates, signal);
}

function servers({ openAiSpeech, whisperCpp }: EnginesOptions): Candidate<Recognizer>[] {
  const candidates: Candidate<Recognizer>[] = [];
  if (whisperCpp)
    candidates.push(serverCandidate(new WhisperCppRecognizer(whisperCpp), 'whisper.cpp server'));
  if (openAiSpeech)
    candidates.push(serverCandidate(new OpenAiRecognizer(openAiSpeech), 'transcription server'));
  return candidates;
}

/** A server that is configured is used if it answers when we start. */
export function serverCandidate<T extends ServerEngine>(engine: T, name: string): Candidate<T> {
  return {
    kind: 'http',
    async open(signal): Promise<Found<T> | NotFound> {
      const { available, detail } = await engine.available(signal);
      return available ? { engine, name, why: detail } : { missing: detail };
    },
  };
}

interface ServerEngine {
  available(signal: AbortSignal): Promise<Availability>;
}

function whisper({ modelsDir, whisperModel, threads }: EnginesOptions): Candidate<Recognizer> {
  return {
    kind: 'whisper',
    async open(signal) {
      const wanted = whisperModel ?? DEFAULT_WHISPER_MODEL;
      const model = findWhisper(modelsDir, wanted);
      if (!model)
        return { missing: `no Whisper model in ${modelsDir} (npm run models fetches it)` };
      const engine = await WhisperRecognizer.open(
        model,
        threads === undefined ? {} : { threads },
        signal,
      );
      const instead = model.name === wanted ? '' : `, for want of ${wanted}`;
      return { engine, name: `Whisper ${model.name}`, why: `found in ${modelsDir}${instead}` };
    },
  };
}

const small: Candidate<Recognizer> = {
  kind: 'small',
  async open(signal) {
    const engine = await GrammarRecognizer.open(signal);
    const why =
      'comes with the packages; understands answers to the question asked, no free speech';
    return { engine, name: 'PocketSphinx with small grammars', why };
  },
};
