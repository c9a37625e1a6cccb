import { refusalCode } from './refusal.ts';
import type { RemoteServer } from './remote-server.ts';
import type { ServerError } from './server-error.ts';

export interface Refusal {
  readonly status: number;
  /** The server's own words. */
  readonly said: string;
  /** What was asked for, for example 'the request'. */
  readonly refused: string;
}

/** What an OpenAI-compatible server means by a status other than 2xx. */
export function openAiRefusal(
  server: RemoteServer,
  model: string,
  { status, said, refused }: Refusal,
): ServerError {
  const code = refusalCode(status, isAboutModel(said) ? 'model-missing' : 'endpoint-missing');
  const missing = `does not have the model ${model}`;
  const what = code === 'model-missing' ? missing : `refused ${refused} (${status})`;
  return server.failure(code, what, said);
}

/** Tells a 404 for a model from one for the path. */
function isAboutModel(said: string): boolean {
  return /\bmodel\b/i.test(said);
}
