import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { LanguageModel, Prompt, ReplyPart, ToolDescription } from '@earshot/conversation';
import type { Availability } from './availability.ts';
import { Exchange, type ExchangeRequest, type WholeAnswer } from './exchange.ts';
import { DEFAULT_LIMITS, type LanguageModelLimits } from './language-model-limits.ts';
import { lines } from './lines.ts';
import {
  type ChatLine,
  contextOf,
  ModelFacts,
  ModelList,
  ollamaMessages,
  parseChatLine,
  ServerVersion,
  toolSchemas,
} from './ollama-message.ts';
import { promptMessages } from './prompt-messages.ts';
import { type ContextSize, PromptRoom } from './prompt-room.ts';
import { parseJson, refusalCode, refusalText } from './refusal.ts';
import { RemoteServer } from './remote-server.ts';
import { LanguageModelError, type ServerError } from './server-error.ts';

const LOAD_MS = 300_000;
const PROBE = { withinMs: 3000, maxBytes: 16_000_000 };

export interface OllamaOptions extends ContextSize {
  /** For example http://127.0.0.1:11434; a proxy's user and password may be in it. */
  readonly baseUrl: string | URL;
  /** For example 'llama3.1:8b'. */
  readonly model: string;
  readonly apiKey?: string;
  /** How long the model stays loaded after its last use: '10m', '24h', seconds, or -1 for ever. */
  readonly keepAlive?: string | number;
  readonly temperature?: number;
  /** null leaves it to the server, as is the default for a server on another machine. */
  readonly threads?: number | null;
  readonly limits?: Partial<LanguageModelLimits>;
}

/**
 * A model on an Ollama server. All requests carry the same options: a request with others would
 * make the server load the model again, with a caller waiting. Throws `LanguageModelError`.
 */
export class OllamaLanguageModel implements LanguageModel {
  readonly #server: RemoteServer;
  readonly #model: string;
  readonly #fixed: Readonly<Record<string, unknown>>;
  readonly #limits: LanguageModelLimits;
  #room: PromptRoom;
  #toolsRefused = false;

  constructor(options: OllamaOptions) {
    const { baseUrl, apiKey, model } = options;
    this.#server = new RemoteServer({
      name: 'Ollama',
      baseUrl,
      apiKey,
      errorClass: LanguageModelError,
    });
    this.#model = model;
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#room = new PromptRoom(options);
    const { threads = this.#server.isLocal ? voiceFriendlyThreads() : null } = options;
    this.#fixed = {
      model,
      keep_alive: options.keepAlive ?? '24h',
      // Left out, it means yes for every model that can: seconds of thought before the first word.
      think: false,
      options: {
        num_ctx: this.#room.contextTokens,
        num_predict: this.#room.maxReplyTokens,
        temperature: options.temperature ?? 0.4,
        ...(threads === null ? {} : { num_thread: threads }),
      },
    };
  }

  /** Loads the model, which takes seconds to minutes, so that the first caller does not wait for it. */
  async warmUp(signal: AbortSignal): Promise<void> {
    using exchange = new Exchange(this.#server, signal);
    const request = post({ ...this.#fixed, messages: [], stream: false });
    const answer = await exchange.ask('/api/chat', request, { ...PROBE, withinMs: LOAD_MS });
    this.#check(answer);
  }

  /**
   * Has the server read the beginning of a call, above all its system prompt, before a reply is
   * wanted: a new prompt costs the caller seconds on a CPU, one that begins like the last one
   * milliseconds. Other callers of the same server wait meanwhile.
   */
  async readAhead(prompt: Prompt, signal: AbortSignal): Promise<void> {
    const limits = { firstTokenMs: LOAD_MS, nextTokenMs: LOAD_MS };
    const reply = this.#stream(prompt, limits, signal);
    await reply.next();
    await reply.return();
  }

  reply(prompt: Prompt, signal: AbortSignal): AsyncGenerator<ReplyPart, void> {
    return this.#stream(prompt, this.#limits, signal);
  }

  /** Whether the server answers and has the model; `detail` says what to do if not. */
  async available(signal: AbortSignal): Promise<Availability> {
    using exchange = new Exchange(this.#server, signal);
    try {
      const { version } = ServerVersion.parse(await this.#probe(exchange, '/api/version'));
      const { models } = ModelList.parse(await this.#probe(exchange, '/api/tags'));
      const names = (models ?? []).map(({ name }) => name);
      const found = names.some((name) => isSameModel(name, this.#model));
      if (!found) return { available: false, detail: this.#missing(names) };
      const facts = await this.#probe(exchange, '/api/show', { model: this.#model });
      const notes = this.#learn(ModelFacts.parse(facts));
      const detail = `Ollama ${version} at ${this.#server.address} with ${this.#model}${notes}`;
      return { available: true, detail };
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (error instanceof LanguageModelError) return { available: false, detail: error.message };
      return { available: false, detail: `${this.#server.address} is no Ollama server` };
    }
  }

  systemRoom(tools: readonly ToolDescription[]): number {
    return this.#room.system(tools);
  }

  /** What is to be known of the model. It never has more context than it was made with, whatever is asked for. */
  #learn(facts: ModelFacts): string {
    const { contextTokens, maxReplyTokens } = this.#room;
    const own = contextOf(facts);
    const notes = facts.capabilities?.includes('tools') === false ? ', which cannot use tools' : '';
    if (own >= contextTokens) return notes;
    this.#room = new PromptRoom({ contextTokens: own, maxReplyTokens });
    return `${notes}, whose context ends at ${own} tokens`;
  }

  async *#stream(
    prompt: Prompt,
    limits: LanguageModelLimits,
    signal: AbortSignal,
  ): AsyncGenerator<ReplyPart, void> {
    using exchange = new Exchange(this.#server, signal);
    const startedAt = performance.now();
    const response = await this.#chat(exchange, prompt, limits.firstTokenMs);
    const firstMs = Math.max(1, limits.firstTokenMs - (performance.now() - startedAt));
    const chunks = exchange.chunks(response, { firstMs, nextMs: limits.nextTokenMs });
    const tooLong = () => this.#server.failure('answer-unreadable', 'sent an endless line');
    for await (const text of lines(chunks, tooLong)) {
      signal.throwIfAborted();
      if (text === '') continue;
      const line = this.#read(text);
      yield* parts(line);
      if (!line.done) continue;
      exchange.finish();
      return;
    }
    throw this.#server.failure('answer-cut', 'ended its answer in the middle');
  }

  /** Sends the prompt; once more without tools if this model turns out to know none. */
  async #chat(exchange: Exchange, prompt: Prompt, firstMs: number): Promise<Response> {
    const withTools = prompt.tools.length > 0 && !this.#toolsRefused;
    const tools = withTools ? prompt.tools : [];
    const body = {
      ...this.#fixed,
      messages: ollamaMessages(promptMessages(prompt, this.#room.messages(tools))),
      stream: true,
      ...(withTools ? { tools: toolSchemas(tools) } : {}),
    };
    const response = await exchange.send('/api/chat', post(body), firstMs);
    if (response.ok) return response;
    const { status } = response;
    const said = refusalText(parseJson(await exchange.body(response, PROBE)));
    if (!withTools || status !== 400 || !said.includes('does not support tools')) {
      throw this.#refusal(status, said);
    }
    this.#toolsRefused = true;
    return this.#chat(exchange, prompt, firstMs);
  }

  #read(text: string): ChatLine {
    const line = parseChatLine(parseJson(text));
    if (!line)
      throw this.#server.failure('answer-unreadable', 'sent a line that is no chat message');
    if (line.error === undefined) return line;
    throw this.#server.failure('server-failed', 'failed in the middle of its answer', line.error);
  }

  async #probe(exchange: Exchange, path: string, body?: object): Promise<unknown> {
    const request = body ? post(body) : ({ method: 'GET' } as const);
    return this.#check(await exchange.ask(path, request, PROBE));
  }

  #check(answer: WholeAnswer): unknown {
    const json = parseJson(answer.body);
    if (answer.status !== 200) throw this.#refusal(answer.status, refusalText(json));
    if (json !== undefined) return json;
    throw this.#server.failure('answer-unreadable', 'answers with something that is not JSON');
  }

  #refusal(status: number, said: string): ServerError {
    const code = refusalCode(status, 'model-missing');
    const what = code === 'model-missing' ? this.#fix() : `refused the request (${status})`;
    return this.#server.failure(code, what, said);
  }

  #missing(names: readonly string[]): string {
    const others = names.length > 0 ? ` (it has ${names.slice(0, 5).join(', ')})` : '';
    return this.#server.failure('model-missing', `${this.#fix()}${others}`).message;
  }

  #fix(): string {
    return `does not have the model ${this.#model}: run \`ollama pull ${this.#model}\``;
  }
}

/** With as many threads as busy cores a token takes many times as long: the voice keeps one core. */
function voiceFriendlyThreads(): number {
  return Math.max(1, availableParallelism() - 1);
}

function isSameModel(name: string, wanted: string): boolean {
  return name === wanted || name === `${wanted}:latest`;
}

function post(body: object): ExchangeRequest {
  return { method: 'POST', body: JSON.stringify(body), json: true };
}

function* parts({ message }: ChatLine): Generator<ReplyPart> {
  if (message?.content) yield { type: 'text', text: message.content };
  for (const { id, function: named } of message?.tool_calls ?? []) {
    const call = { id: id || randomUUID(), name: named.name, arguments: named.arguments ?? {} };
    yield { type: 'tool-call', call };
  }
}
