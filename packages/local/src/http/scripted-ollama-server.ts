import type { Server, ServerResponse } from 'node:http';
import { play, type ReplyFormat, type ScriptedReply } from './scripted-reply.ts';
import { ScriptedServer, type SeenRequest, sendJson } from './scripted-server.ts';

export interface ScriptedPrompt {
  /** The newest message of the caller's side. */
  readonly words: string;
  /** The request as it came. */
  readonly body: Readonly<Record<string, unknown>>;
}

export interface ScriptedOllamaOptions {
  /** Default: llama3.1:8b. */
  readonly models?: readonly string[];
  readonly capabilities?: readonly string[];
  /** What the models were made for, in tokens. Default 131,072. */
  readonly contextTokens?: number;
  readonly reply: (prompt: ScriptedPrompt) => ScriptedReply;
}

/** Speaks Ollama's API and says what the script says. Counts model loads as the real one would. */
export class ScriptedOllamaServer extends ScriptedServer {
  readonly #models: readonly string[];
  readonly #capabilities: readonly string[];
  readonly #contextTokens: number;
  readonly #reply: ScriptedOllamaOptions['reply'];
  #loadedWith = '';
  #loads = 0;

  private constructor(server: Server, options: ScriptedOllamaOptions) {
    super(server, (request, response) => this.#route(request, response));
    this.#models = options.models ?? ['llama3.1:8b'];
    this.#capabilities = options.capabilities ?? ['completion', 'tools'];
    this.#contextTokens = options.contextTokens ?? 131_072;
    this.#reply = options.reply;
  }

  static async open(options: ScriptedOllamaOptions): Promise<ScriptedOllamaServer> {
    return new ScriptedOllamaServer(await ScriptedServer.listen(), options);
  }

  /** How often a model was loaded: again for each request with other runner options. */
  get loads(): number {
    return this.#loads;
  }

  get #info(): object {
    return { 'general.architecture': 'llama', 'llama.context_length': this.#contextTokens };
  }

  async #route({ method, path, body }: SeenRequest, response: ServerResponse): Promise<void> {
    switch (`${method} ${path}`) {
      case 'GET /api/version':
        return sendJson(response, { version: '0.17.4' });
      case 'GET /api/tags':
        return sendJson(response, { models: this.#models.map((name) => ({ name, model: name })) });
      case 'POST /api/show':
        return sendJson(response, { capabilities: this.#capabilities, model_info: this.#info });
      case 'POST /api/chat':
        return this.#chat(JSON.parse(body.toString()), response);
      default:
        return sendJson(response, { error: 'not found' }, 404);
    }
  }

  async #chat(body: ChatBody, response: ServerResponse): Promise<void> {
    if (!this.#models.includes(body.model)) {
      return sendJson(response, { error: `model '${body.model}' not found` }, 404);
    }
    if (body.tools?.length && !this.#capabilities.includes('tools')) {
      return sendJson(response, { error: `${body.model} does not support tools` }, 400);
    }
    this.#load(body);
    if (body.messages.length === 0) {
      const message = { role: 'assistant', content: '' };
      return sendJson(response, { model: body.model, message, done: true, done_reason: 'load' });
    }
    const words = body.messages.findLast(({ role }) => role === 'user')?.content ?? '';
    await play(this.#reply({ words, body: { ...body } }), chatLines(body.model), response);
  }

  #load({ model, options = {}, keep_alive }: ChatBody): void {
    const { num_ctx, num_thread, num_gpu, num_batch } = options;
    const runner = JSON.stringify([model, num_ctx, num_thread, num_gpu, num_batch]);
    if (runner !== this.#loadedWith) this.#loads += 1;
    this.#loadedWith = keep_alive === 0 ? '' : runner;
  }
}

interface ChatBody {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly tools?: readonly unknown[];
  readonly options?: Readonly<Record<string, unknown>>;
  readonly keep_alive?: unknown;
}

function chatLines(model: string): ReplyFormat {
  const line = (rest: object) =>
    `${JSON.stringify({ model, created_at: '2026-11-21T11:02:30.008742874Z', ...rest })}\n`;
  const message = (content: string, calls: object = {}) => ({
    message: { role: 'assistant', content, ...calls },
    done: false,
  });
  return {
    contentType: 'application/x-ndjson',
    text: (text) => line(message(text)),
    call: (name, args) =>
      line(message('', { tool_calls: [{ function: { index: 0, name, arguments: args } }] })),
    fail: (error) => `${JSON.stringify({ error })}\n`,
    end: () =>
      line({ ...message(''), done: true, done_reason: 'stop', total_duration: 1, eval_count: 1 }),
  };
}
