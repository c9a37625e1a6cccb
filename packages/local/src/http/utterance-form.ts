export type TranscriptionFormat = 'verbose_json' | 'json';

export interface UtteranceFields {
  readonly model?: string;
  /** ISO 639-1. Default 'en'. */
  readonly language?: string;
  /** Names and words to expect, as they are written. */
  readonly vocabulary?: string;
}

/** An utterance to transcribe, in the fields of OpenAI's API, which whisper.cpp's server takes, too. */
export function utteranceForm(
  wav: Blob,
  format: TranscriptionFormat,
  { model, language = 'en', vocabulary }: UtteranceFields,
): FormData {
  const form = new FormData();
  if (model) form.set('model', model);
  form.set('language', language);
  form.set('response_format', format);
  form.set('temperature', '0');
  if (vocabulary) form.set('prompt', vocabulary);
  form.set('file', wav, 'utterance.wav');
  return form;
}
