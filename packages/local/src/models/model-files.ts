import { ModelError } from './model-error.ts';
import { PIPER_NAME, WHISPER_NAME } from './model-names.ts';

/** One file of a model. */
export interface ModelFile {
  /** Relative to the folder of models, and to a mirror of it; with forward slashes. */
  readonly path: string;
  /** The same file at the hub. */
  readonly hubPath: string;
}

/** What is usable only together. */
export interface ModelPart {
  /** Folder under the folder of models. */
  readonly folder: string;
  /** In plain words. */
  readonly what: string;
  readonly files: readonly ModelFile[];
}

export interface ModelNames {
  /** As Whisper's authors name it: 'tiny.en', 'base.en', 'small'. */
  readonly whisperModel: string;
  /** As Piper's authors name it: 'en_US-lessac-medium'. */
  readonly piperVoice: string;
}

/** What English takes of espeak-ng's data. */
const ESPEAK_FILES = [
  'phontab',
  'phonindex',
  'phondata',
  'intonations',
  'en_dict',
  'lang/gmw/en',
  'lang/gmw/en-US',
  'lang/gmw/en-GB-scotland',
  'lang/gmw/en-GB-x-rp',
];
const ESPEAK_HUB =
  'csukuangfj/vits-piper-en_GB-southern_english_female-medium/resolve/main/espeak-ng-data';

/** The parts that these models consist of. Throws a ModelError for names that cannot be. */
export function modelParts({ whisperModel, piperVoice }: ModelNames): readonly ModelPart[] {
  return [whisper(whisperModel), piper(piperVoice), espeak()];
}

/** sherpa-onnx's exports of Whisper. */
function whisper(name: string): ModelPart {
  if (!WHISPER_NAME.test(name))
    throw new ModelError('model-name-unknown', `'${name}' is no name of a Whisper model`);
  const folder = `whisper-${name}`;
  const hub = `csukuangfj/sherpa-onnx-whisper-${name}/resolve/main`;
  const files = ['encoder.int8.onnx', 'decoder.int8.onnx', 'tokens.txt'].map((file) => ({
    path: `${folder}/${name}-${file}`,
    hubPath: `${hub}/${name}-${file}`,
  }));
  return { folder, what: `Whisper ${name}`, files };
}

function piper(name: string): ModelPart {
  const [, locale, language, speaker, quality] = PIPER_NAME.exec(name) ?? [];
  if (locale === undefined)
    throw new ModelError('model-name-unknown', `'${name}' is no name of a Piper voice`);
  if (language !== 'en')
    throw new ModelError(
      'model-name-unknown',
      `${name} does not speak English: put the voice and its language's espeak-ng-data in place by hand`,
    );
  const folder = `piper-${name}`;
  const hub = `rhasspy/piper-voices/resolve/main/${language}/${locale}/${speaker}/${quality}`;
  const files = [`${name}.onnx`, `${name}.onnx.json`].map((file) => ({
    path: `${folder}/${file}`,
    hubPath: `${hub}/${file}`,
  }));
  return { folder, what: `Piper ${name}`, files };
}

function espeak(): ModelPart {
  const folder = 'espeak-ng-data';
  const files = ESPEAK_FILES.map((file) => ({
    path: `${folder}/${file}`,
    hubPath: `${ESPEAK_HUB}/${file}`,
  }));
  return { folder, what: "espeak-ng's English", files };
}
