import type { LanguageModel, Prompt, ReplyPart, ToolDescription } from '@earshot/conversation';
import type { Availability } from './availability.ts';
import { Exchange } from './exchange.ts';
import { DEFAULT_LIMITS, type LanguageModelLimits } from './language-model-limits.ts';
import { eventData, lines } from './lines.ts';
import { toolSchemas } from './ollama-message.ts';
import { type ChatChunk, openAiMessages, parseChatChunk } from './openai-message.ts';
import { openAiRefusal } from './openai-refusal.ts';
import { probeModels } from './probe-models.ts';
import { promptMessages } from './prompt-messages.ts';
import { type ContextSize, PromptRoom } from './prompt-room.ts';
import { parseJson, refusalText } from './refusal.ts';
import { RemoteServer } from './remote-server.ts';
import { LanguageModelError } from './server-error.ts';
import { ToolCallAssembly } from './tool-call-assembly.ts';

/** The stream's own end, for servers that give no reason for it. */
const LAST: NonNullable<ChatChunk['choices']>[number] = { finish_reason: 'stop' };
const REFUSAL = { withinMs: 3000, maxBytes: 1_000_000 };

export interface OpenAiOptions extends ContextSize {
  /** With its version, for example https://api.openai.com/v1 or http://127.0.0.1:8000/v1. */
  readonly baseUrl: string | URL;
  readonly model: string;
  readonly apiKey?: string;
  /** Left to the server by default: some models take no other than their own. */
  readonly temperature?: number;
  readonly limits?: Partial<LanguageModelLimits>;
}

/** A model behind the chat completions API of OpenAI, or of anything that speaks it. */
export class OpenAiLanguageModel implements LanguageModel {
  readonly #server: RemoteServer;
  readonly #model: string;
  readonly #fixed: Readonly<Record<string, unknown>>;
  readonly #room: PromptRoom;
  readonly #limits: LanguageModelLimits;

  constructor(options: OpenAiOptions) {
    const { baseUrl, apiKey, model, temperature } = options;
    const name = 'The language model server';
    this.#server = new RemoteServer({ name, baseUrl, apiKey, errorClass: LanguageModelError });
    this.#model = model;
    this.#room = new PromptRoom(options);
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#fixed = {
      model,
      stream: true,
      // OpenAI's newer models refuse the old name, servers of other makers do not know the new one.
      [isOpenAi(baseUrl) ? 'max_completion_tokens' : 'max_tokens']: this.#room.maxReplyTokens,
      ...(temperature === undefined ? {} : { temperature }),
    };
  }

  async *reply(prompt: Prompt, signal: AbortSignal): AsyncGenerator<ReplyPart> {
    using exchange = new Exchange(this.#server, signal);
    const startedAt = performance.now();
    const body = JSON.stringify(this.#request(prompt));
    const request = { method: 'POST', body, json: true } as const;
    const response = await exchange.send('/chat/completions', request, this.#limits.firstTokenMs);
    if (!response.ok) throw this.#refusal(response.status, await exchange.body(response, REFUSAL));
    const left = this.#limits.firstTokenMs - (performance.now() - startedAt);
    const limits = { firstMs: Math.max(1, left), nextMs: this.#limits.nextTokenMs };
    yield* this.#read(exchange, exchange.chunks(response, limits), signal);
  }

  /** Whether the server answers and, if it lists its models, has this one. */
  available(signal: AbortSignal): Promise<Availability> {
    return probeModels(this.#server, this.#model, signal);
  }

  systemRoom(tools: readonly ToolDescription[]): number {
    return this.#room.system(tools);
  }

  #request(prompt: Prompt): object {
    const tools = toolSchemas(prompt.tools);
    return {
      ...this.#fixed,
      messages: openAiMessages(promptMessages(prompt, this.#room.messages(prompt.tools))),
      ...(tools.length > 0 ? { tools } : {}),
    };
  }

  /** Returns at the model's last word; servers may have more to say about it. */
  async *#read(
    exchange: Exchange,
    stream: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): AsyncGenerator<ReplyPart> {
    const calls = new ToolCallAssembly();
    let understood = false;
    for await (const data of eventData(lines(stream, () => this.#unreadable()))) {
      signal.throwIfAborted();
      const choice = data === '[DONE]' ? LAST : this.#parse(data).choices?.[0];
      understood = true;
      if (choice?.delta?.content) yield { type: 'text', text: choice.delta.content };
      for (const piece of choice?.delta?.tool_calls ?? []) {
        if (!calls.add(piece)) throw this.#server.failure('answer-too-large', 'calls without end');
      }
      if (!choice?.finish_reason) continue;
      exchange.finish();
      return yield* this.#called(calls);
    }
    if (!understood) throw this.#unreadable();
    throw this.#server.failure('answer-cut', 'ended its answer in the middle');
  }

  *#called(calls: ToolCallAssembly): Generator<ReplyPart> {
    const finished = calls.finish();
    if (!finished) {
      throw this.#server.failure(
        'answer-unreadable',
        'called a tool with arguments that are no JSON',
      );
    }
    for (const call of finished) yield { type: 'tool-call', call };
  }

  #parse(data: string): ChatChunk {
    const chunk = parseChatChunk(parseJson(data));
    if (!chunk) throw this.#unreadable();
    if (chunk.error === undefined || chunk.error === null) return chunk;
    throw this.#server.failure(
      'server-failed',
      'failed in the middle of its answer',
      refusalText(chunk),
    );
  }

  #refusal(status: number, body: Uint8Array): Error {
    const refusal = { status, said: refusalText(parseJson(body)), refused: 'the request' };
    return openAiRefusal(this.#server, this.#model, refusal);
  }

  #unreadable(): Error {
    return this.#server.failure('answer-unreadable', 'sent something that is no chat completion');
  }
}

function isOpenAi(baseUrl: string | URL): boolean {
  return URL.parse(String(baseUrl))?.hostname === 'api.openai.com';
}
