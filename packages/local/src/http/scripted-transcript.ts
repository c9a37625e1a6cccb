import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { refuse, type ScriptedRefusal, type SeenRequest, sendJson } from './scripted-server.ts';

export interface ScriptedUtterance {
  readonly fields: Readonly<Record<string, string>>;
  /** The uploaded file. */
  readonly wav: Uint8Array;
}

export interface ScriptedSegment {
  readonly text: string;
  readonly avg_logprob?: number;
  readonly no_speech_prob?: number;
  readonly compression_ratio?: number;
}

type Answer =
  | { readonly text: string; readonly segments?: readonly ScriptedSegment[] }
  /** Never answers, until the client leaves. */
  | { readonly stall: true }
  | ScriptedRefusal;

export type ScriptedTranscript = Answer | Promise<Answer>;

export async function utteranceOf({ headers, body }: SeenRequest): Promise<ScriptedUtterance> {
  const contentType = headers['content-type'] ?? '';
  const form = await new Response(new Uint8Array(body), {
    headers: { 'content-type': contentType },
  }).formData();
  const fields: Record<string, string> = {};
  let wav = new Uint8Array();
  for (const [name, value] of form) {
    if (typeof value === 'string') fields[name] = value;
    else if (name === 'file') wav = new Uint8Array(await value.arrayBuffer());
  }
  return { fields, wav };
}

export async function sendTranscript(
  transcript: ScriptedTranscript,
  verbose: boolean,
  response: ServerResponse,
): Promise<void> {
  const answer = await transcript;
  if (response.destroyed) return;
  if ('status' in answer) return refuse(response, answer);
  if ('stall' in answer) return void (await once(response, 'close'));
  const { text, segments = [{ text, avg_logprob: -0.2, no_speech_prob: 0.01 }] } = answer;
  const detail = { task: 'transcribe', language: 'english', duration: 1 };
  sendJson(response, verbose ? { ...detail, text, segments } : { text });
}
