import type { LanguageModel } from '@earshot/conversation';
import { FrontDesk, type FrontDeskOptions } from '../front-desk/front-desk.ts';
import type { Profile } from '../front-desk/profile.ts';
import { OllamaLanguageModel } from '../http/ollama-language-model.ts';
import { OpenAiLanguageModel } from '../http/openai-language-model.ts';
import { type Candidate, type Chosen, chooseEngine } from './engine-choice.ts';
import type { EnginesOptions } from './engines-options.ts';

const DEFAULT_OLLAMA = { baseUrl: 'http://127.0.0.1:11434', model: 'llama3.1:8b' };

/** Who speaks for a receptionist. */
export interface Speaker extends AsyncDisposable {
  languageModel(profile: Profile, options?: FrontDeskOptions): LanguageModel;
}

export function chooseLanguageModel(
  options: EnginesOptions,
  signal: AbortSignal,
): Promise<Chosen<Speaker>> {
  const wish = options.languageModel ?? 'auto';
  return chooseEngine(
    'language model',
    wish,
    [...openAiServer(options), ollamaServer(options), frontDesk],
    signal,
  );
}

function openAiServer({ openAi }: EnginesOptions): Candidate<Speaker>[] {
  if (!openAi) return [];
  const model = new OpenAiLanguageModel(openAi);
  return [
    {
      kind: 'openai',
      async open(signal) {
        const { available, detail } = await model.available(signal);
        if (!available) return { missing: detail };
        return { engine: modelSpeaker(model), name: openAi.model, why: detail };
      },
    },
  ];
}

function ollamaServer({ ollama = DEFAULT_OLLAMA }: EnginesOptions): Candidate<Speaker> {
  const model = new OllamaLanguageModel(ollama);
  return {
    kind: 'ollama',
    async open(signal) {
      const { available, detail } = await model.available(signal);
      if (!available) return { missing: detail };
      const engine = warmSpeaker(model);
      return { engine, name: `Ollama ${ollama.model}`, why: detail };
    },
  };
}

const frontDesk: Candidate<Speaker> = {
  kind: 'front-desk',
  async open() {
    return {
      engine: {
        languageModel: (profile, options) => new FrontDesk(profile, options),
        [Symbol.asyncDispose]: async () => {},
      },
      name: 'Front desk',
      why: 'a script that answers from the profile and takes messages; needs no model',
    };
  },
};

function modelSpeaker(model: LanguageModel): Speaker {
  return { languageModel: () => model, [Symbol.asyncDispose]: async () => {} };
}

/** Loads the model meanwhile: it may take minutes, in which the front desk answers in its place. */
function warmSpeaker(model: OllamaLanguageModel): Speaker {
  const closing = new AbortController();
  // A model that cannot be loaded shows at the first reply, whose failure has its own way out.
  const warm = model.warmUp(closing.signal).catch(() => {});
  return {
    languageModel: () => model,
    async [Symbol.asyncDispose]() {
      closing.abort();
      await warm;
    },
  };
}
