import { resolve } from 'node:path';
import {
  type EnginesOptions,
  type FetchOptions,
  isPiperVoice,
  isWhisperModel,
  WHISPER_MODELS,
} from '@earshot/local';
import { choice, httpUrl, wholeNumber } from '@earshot/process';
import { z } from 'zod';

/** Ollama's own variable may be a host alone, or a host and a port. */
const ollamaHost = z
  .string()
  .transform((given) => (/^https?:\/\//.test(given) ? given : `http://${given}`))
  .transform((given) => given.replace('//0.0.0.0', '//127.0.0.1'))
  .refine((given) => URL.canParse(given), 'must be a host or a URL')
  .transform((given) => (/^http:\/\/[^/]*:\d+/.test(given) ? given : withPort(given)));

const OLLAMA_PORT = '11434';
const DEFAULT_LLM = 'llama3.1:8b';

/** The variables that say what listens, thinks and speaks. */
export const ENGINE_VARIABLES = {
  MODELS_DIR: z.string().default('models'),
  MODELS_URL: httpUrl.optional(),
  MODELS_DOWNLOAD: choice('auto', 'never').default('auto'),
  WHISPER_MODEL: z.string().default('tiny.en'),
  PIPER_VOICE: z.string().default('en_US-lessac-medium'),
  ENGINE_THREADS: wholeNumber(1, 64).optional(),
  LLM_MODEL: z.string().optional(),
  LLM_CONTEXT_TOKENS: wholeNumber(2_048, 1_048_576).optional(),
  OLLAMA_BASE_URL: httpUrl.optional(),
  OLLAMA_HOST: ollamaHost.optional(),
  OPENAI_BASE_URL: httpUrl.optional(),
  OPENAI_API_KEY: z.string().optional(),
  OPENAI_MODEL: z.string().optional(),
  TRANSCRIPTION_BASE_URL: httpUrl.optional(),
  TRANSCRIPTION_API_KEY: z.string().optional(),
  TRANSCRIPTION_MODEL: z.string().default('whisper-1'),
  WHISPER_CPP_URL: httpUrl.optional(),
  PIPER_URL: httpUrl.optional(),
  RECOGNIZER: choice('auto', 'http', 'whisper', 'small').default('auto'),
  SYNTHESIZER: choice('auto', 'http', 'piper', 'small').default('auto'),
  VOICE_DETECTOR: choice('auto', 'silero', 'energy').default('auto'),
  END_OF_TURN: choice('auto', 'smart-turn', 'none').default('auto'),
  LANGUAGE_MODEL: choice('auto', 'openai', 'ollama', 'front-desk').default('auto'),
};

type EngineVariables = z.infer<z.ZodObject<typeof ENGINE_VARIABLES>>;

/** Where models come from and go to. */
export interface ModelsConfig
  extends Pick<FetchOptions, 'modelsDir' | 'mirror' | 'whisperModel' | 'piperVoice'> {
  /** The first start may fetch what is missing. */
  readonly download: boolean;
}

export function modelsConfig(env: EngineVariables): ModelsConfig {
  return {
    modelsDir: resolve(env.MODELS_DIR),
    whisperModel: env.WHISPER_MODEL,
    piperVoice: env.PIPER_VOICE,
    download: env.MODELS_DOWNLOAD === 'auto',
    ...(env.MODELS_URL && { mirror: new URL(env.MODELS_URL) }),
  };
}

export function enginesOptions(env: EngineVariables): EnginesOptions {
  return {
    modelsDir: resolve(env.MODELS_DIR),
    whisperModel: env.WHISPER_MODEL,
    piperVoice: env.PIPER_VOICE,
    recognizer: env.RECOGNIZER,
    synthesizer: env.SYNTHESIZER,
    voiceDetector: env.VOICE_DETECTOR,
    endOfTurn: env.END_OF_TURN,
    languageModel: env.LANGUAGE_MODEL,
    ...(env.ENGINE_THREADS && { threads: env.ENGINE_THREADS }),
    ...languageModels(env),
    ...speechServers(env),
  };
}

function languageModels(env: EngineVariables): Pick<EnginesOptions, 'ollama' | 'openAi'> {
  const { OPENAI_BASE_URL, OPENAI_API_KEY, OPENAI_MODEL, LLM_MODEL = DEFAULT_LLM } = env;
  const baseUrl = env.OLLAMA_BASE_URL ?? env.OLLAMA_HOST ?? `http://127.0.0.1:${OLLAMA_PORT}`;
  const model = OPENAI_MODEL ?? env.LLM_MODEL ?? '';
  const key = OPENAI_API_KEY && { apiKey: OPENAI_API_KEY };
  const context = env.LLM_CONTEXT_TOKENS && { contextTokens: env.LLM_CONTEXT_TOKENS };
  const openAi = { baseUrl: OPENAI_BASE_URL ?? '', model, ...(key || {}), ...context };
  return {
    ollama: { baseUrl, model: LLM_MODEL, ...context },
    ...(OPENAI_BASE_URL && { openAi }),
  };
}

function speechServers(
  env: EngineVariables,
): Pick<EnginesOptions, 'openAiSpeech' | 'whisperCpp' | 'piperHttp'> {
  const { TRANSCRIPTION_BASE_URL, TRANSCRIPTION_API_KEY, TRANSCRIPTION_MODEL } = env;
  const key = TRANSCRIPTION_API_KEY && { apiKey: TRANSCRIPTION_API_KEY };
  const openAiSpeech = TRANSCRIPTION_BASE_URL && {
    openAiSpeech: { baseUrl: TRANSCRIPTION_BASE_URL, model: TRANSCRIPTION_MODEL, ...(key || {}) },
  };
  return {
    ...openAiSpeech,
    ...(env.WHISPER_CPP_URL && { whisperCpp: { baseUrl: env.WHISPER_CPP_URL } }),
    ...(env.PIPER_URL && { piperHttp: { baseUrl: env.PIPER_URL } }),
  };
}

/** What needs what, and models that are neither here nor to be had: told as one issue a variable. */
export function engineContradictions(env: EngineVariables): string[] {
  const issues: string[] = [];
  const models = modelsConfig(env);
  if (!isWhisperModel(models))
    issues.push(
      `WHISPER_MODEL: must be one of ${WHISPER_MODELS.join(', ')}; or NAME where MODELS_DIR has the model in whisper-NAME`,
    );
  if (!isPiperVoice(models))
    issues.push(
      'PIPER_VOICE: must be a name like en_US-lessac-medium; or NAME where MODELS_DIR has the voice in piper-NAME',
    );
  if (env.OPENAI_BASE_URL && !env.OPENAI_MODEL && !env.LLM_MODEL)
    issues.push('OPENAI_MODEL: must be set where OPENAI_BASE_URL is');
  if (env.LANGUAGE_MODEL === 'openai' && !env.OPENAI_BASE_URL)
    issues.push('OPENAI_BASE_URL: must be set where LANGUAGE_MODEL is openai');
  if (env.RECOGNIZER === 'http' && !env.WHISPER_CPP_URL && !env.TRANSCRIPTION_BASE_URL)
    issues.push('WHISPER_CPP_URL or TRANSCRIPTION_BASE_URL: must be set where RECOGNIZER is http');
  if (env.SYNTHESIZER === 'http' && !env.PIPER_URL)
    issues.push('PIPER_URL: must be set where SYNTHESIZER is http');
  return issues;
}

function withPort(url: string): string {
  const parsed = new URL(url);
  if (parsed.protocol === 'http:' && parsed.port === '') parsed.port = OLLAMA_PORT;
  return parsed.href.replace(/\/$/, '');
}
