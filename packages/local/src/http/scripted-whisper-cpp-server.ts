import type { Server, ServerResponse } from 'node:http';
import { ScriptedServer, type SeenRequest, sendJson } from './scripted-server.ts';
import {
  type ScriptedTranscript,
  type ScriptedUtterance,
  sendTranscript,
  utteranceOf,
} from './scripted-transcript.ts';

export interface ScriptedWhisperCppOptions {
  readonly hear: (utterance: ScriptedUtterance) => ScriptedTranscript;
}

/** Speaks the API of whisper.cpp's server and hears what the script says. */
export class ScriptedWhisperCppServer extends ScriptedServer {
  /** While true it answers 503 to everything, as the real one does at its start. */
  loading = false;
  readonly #hear: ScriptedWhisperCppOptions['hear'];

  private constructor(server: Server, { hear }: ScriptedWhisperCppOptions) {
    super(server, (request, response) => this.#route(request, response));
    this.#hear = hear;
  }

  static async open(options: ScriptedWhisperCppOptions): Promise<ScriptedWhisperCppServer> {
    return new ScriptedWhisperCppServer(await ScriptedServer.listen(), options);
  }

  async #route(request: SeenRequest, response: ServerResponse): Promise<void> {
    const asked = `${request.method} ${request.path}`;
    if (this.loading) return sendJson(response, { status: 'loading model' }, 503);
    if (asked === 'GET /health') return sendJson(response, { status: 'ok' });
    if (asked !== 'POST /inference') return sendJson(response, { error: 'Not found' }, 404);
    const utterance = await utteranceOf(request);
    if (utterance.wav.length === 0) return sendJson(response, { error: "no 'file' field" }, 400);
    const verbose = utterance.fields.response_format === 'verbose_json';
    await sendTranscript(this.#hear(utterance), verbose, response);
  }
}
