import type { Server, ServerResponse } from 'node:http';
import type { ScriptedPrompt } from './scripted-ollama-server.ts';
import { play, type ReplyFormat, type ScriptedReply } from './scripted-reply.ts';
import { ScriptedServer, type SeenRequest, sendJson } from './scripted-server.ts';
import {
  type ScriptedTranscript,
  type ScriptedUtterance,
  sendTranscript,
  utteranceOf,
} from './scripted-transcript.ts';

export interface ScriptedOpenAiOptions {
  /** Default: gpt-test and whisper-1. null: this server does not list its models. */
  readonly models?: readonly string[] | null;
  /** Requests without it get a 401. */
  readonly apiKey?: string;
  readonly reply?: (prompt: ScriptedPrompt) => ScriptedReply;
  readonly hear?: (utterance: ScriptedUtterance) => ScriptedTranscript;
  /** The server refuses `verbose_json`. */
  readonly plainOnly?: boolean;
}

/**
 * Speaks OpenAI's chat completions and transcriptions API and says what the script says. Its base
 * URL is `${url}/v1`.
 */
export class ScriptedOpenAiServer extends ScriptedServer {
  readonly #options: ScriptedOpenAiOptions;
  readonly #models: readonly string[] | null;

  private constructor(server: Server, options: ScriptedOpenAiOptions) {
    super(server, (request, response) => this.#route(request, response));
    this.#options = options;
    this.#models = options.models === undefined ? ['gpt-test', 'whisper-1'] : options.models;
  }

  static async open(options: ScriptedOpenAiOptions): Promise<ScriptedOpenAiServer> {
    return new ScriptedOpenAiServer(await ScriptedServer.listen(), options);
  }

  async #route(request: SeenRequest, response: ServerResponse): Promise<void> {
    const { apiKey } = this.#options;
    if (apiKey && request.headers.authorization !== `Bearer ${apiKey}`) {
      return sendError(response, 401, `Incorrect API key: ${request.headers.authorization}`);
    }
    switch (`${request.method} ${request.path}`) {
      case 'GET /v1/models':
        return this.#list(response);
      case 'POST /v1/chat/completions':
        return this.#chat(JSON.parse(request.body.toString()), response);
      case 'POST /v1/audio/transcriptions':
        return this.#transcribe(request, response);
      default:
        return sendError(response, 404, 'Not found');
    }
  }

  #list(response: ServerResponse): void {
    const data = this.#models?.map((id) => ({ id, object: 'model', created: 0, owned_by: 'us' }));
    if (data) sendJson(response, { object: 'list', data });
    else sendError(response, 404, 'Not found');
  }

  async #chat(body: ChatBody, response: ServerResponse): Promise<void> {
    if (!this.#knows(body.model)) return noModel(response, body.model);
    const words = body.messages.findLast(({ role }) => role === 'user')?.content ?? '';
    const reply = this.#options.reply?.({ words, body: { ...body } }) ?? { steps: [] };
    await play(reply, chatEvents(body.model), response);
  }

  async #transcribe(request: SeenRequest, response: ServerResponse): Promise<void> {
    const utterance = await utteranceOf(request);
    const { model = '', response_format: format = 'json' } = utterance.fields;
    if (!this.#knows(model)) return noModel(response, model);
    if (this.#options.plainOnly && format !== 'json') {
      return sendError(response, 400, `response_format '${format}' is not compatible with it`);
    }
    const transcript = (await this.#options.hear?.(utterance)) ?? { text: '' };
    await sendTranscript(transcript, format === 'verbose_json', response);
  }

  #knows(model: string): boolean {
    return this.#models?.includes(model) ?? true;
  }
}

interface ChatBody {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
}

function sendError(response: ServerResponse, status: number, message: string): void {
  sendJson(response, { error: { message, type: 'invalid_request_error', code: null } }, status);
}

function noModel(response: ServerResponse, model: string): void {
  sendError(response, 404, `The model '${model}' does not exist`);
}

const PIECE_CHARS = 5;

function chatEvents(model: string): ReplyFormat {
  const event = (delta: object, finish_reason: string | null = null) => {
    const choices = [{ index: 0, delta, finish_reason }];
    const head = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model };
    return `data: ${JSON.stringify({ ...head, choices })}\n\n`;
  };
  let calls = 0;
  let begun = false;
  /** Only the first piece says who speaks. */
  const role = () => {
    const first = !begun;
    begun = true;
    return first ? { role: 'assistant' } : {};
  };
  return {
    contentType: 'text/event-stream',
    text: (content) => event({ ...role(), content }),
    call: (name, args) => {
      const index = calls++;
      const head = { index, id: `call_${index}`, type: 'function' };
      const pieces = JSON.stringify(args).match(new RegExp(`.{1,${PIECE_CHARS}}`, 'gs')) ?? [];
      return [
        event({ ...role(), tool_calls: [{ ...head, function: { name, arguments: '' } }] }),
        ...pieces.map((piece) =>
          event({ tool_calls: [{ index, function: { arguments: piece } }] }),
        ),
      ].join('');
    },
    fail: (message) => `data: ${JSON.stringify({ error: { message, type: 'server_error' } })}\n\n`,
    end: () => `${event({}, calls > 0 ? 'tool_calls' : 'stop')}data: [DONE]\n\n`,
  };
}
