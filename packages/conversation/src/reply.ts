import { abortable } from './abortable.ts';
import { Channel } from './channel.ts';
import { ClauseSplitter, clausesOf } from './clauses.ts';
import type {
  Expectation,
  LanguageModel,
  Prompt,
  Speech,
  Synthesizer,
  ToolCall,
  ToolResult,
} from './ports.ts';
import { type LateWords, replyWords, type WordsOptions } from './reply-words.ts';
import { SpeechBuffer } from './speech-buffer.ts';
import { fitForSpeech } from './speech-text.ts';
import { trimmed } from './trimmed.ts';

/** Silence kept behind a clause and behind a sentence. */
const CLAUSE_TAIL_MS = 60;
const SENTENCE_TAIL_MS = 220;

export interface ReplyOptions {
  readonly models: readonly LanguageModel[];
  readonly prompt: Prompt | LateWords;
  readonly synthesizer: Synthesizer;
  /** Said before the model's words; null: nothing is. */
  readonly notice: string | null;
  readonly runTool: (call: ToolCall, signal: AbortSignal) => Promise<ToolResult>;
  /** The clock of the conversation. */
  readonly now: () => number;
}

/**
 * One reply: a task that turns words into speech as they come, and can be cancelled at any moment. It
 * begins at once; what it makes stays inaudible until somebody reads `speech`. Tools wait for `commit`.
 */
export class Reply {
  readonly #options: ReplyOptions;
  readonly #buffer = new SpeechBuffer();
  readonly #stop = new AbortController();
  readonly #committed = Promise.withResolvers<void>();
  readonly #startedMs: number;
  #giveUp: () => void = () => {};
  #words = '';
  /** Where in the words each clause ends that has begun to be speech. */
  readonly #ends: number[] = [];
  /** What is said besides the words. */
  readonly #asides = new Set<string>();
  #firstWordsMs: number | null = null;
  #firstSoundMs: number | null = null;
  #memory: unknown;
  #expectation: Expectation | undefined;
  #failed = false;
  readonly done: Promise<void>;

  constructor(options: ReplyOptions) {
    this.#options = options;
    this.#startedMs = options.now();
    this.done = this.#make();
  }

  /** The floor is the agent's: tools may run. */
  commit(): void {
    this.#committed.resolve();
  }

  cancel(): void {
    this.#stop.abort();
    this.#committed.resolve();
    this.#buffer.close();
  }

  /** Speech that was not read yet. After `rewind` it begins with the first unheard clause. */
  speech(): AsyncGenerator<Speech> {
    return this.#buffer.read(this.#stop.signal);
  }

  heard(heardMs: number): void {
    this.#buffer.heard(heardMs);
  }

  rewind(): void {
    this.#buffer.rewind();
  }

  /** Says something while the rest is being made. */
  interject(pieces: readonly Speech[]): void {
    for (const { text } of pieces) this.#asides.add(text);
    this.#buffer.interject(pieces);
  }

  /** The present model takes too long: the next one answers, unless words have come. */
  giveUp(): void {
    this.#giveUp();
  }

  /** Everything made so far was read, and more is owed. */
  get waiting(): boolean {
    return this.#buffer.waiting;
  }

  /** Heard to its end. */
  get spent(): boolean {
    return !this.#failed && this.#buffer.spent;
  }

  /** More could not be made: `speech` ends with what there is. */
  get failed(): boolean {
    return this.#failed;
  }

  /** The notice was heard to its end. */
  get noticeHeard(): boolean {
    return this.#buffer.markHeard;
  }

  get words(): string {
    return this.#words;
  }

  /** Its words from the first sentence on that was not heard whole. */
  get unheard(): string {
    const clauses = this.#buffer.texts.filter((text) => !this.#asides.has(text)).length;
    const heard = this.#words.slice(0, this.#ends.at(-1 - clauses) ?? 0);
    const sentences = [...heard.matchAll(/[.!?](?=\s|$)/g)];
    return this.#words.slice((sentences.at(-1)?.index ?? -1) + 1).trim();
  }

  /** What the caller has not heard of it in ms; Infinity while more is owed. */
  get unheardMs(): number {
    return this.#failed ? Number.POSITIVE_INFINITY : this.#buffer.unheardMs;
  }

  /** What is to be remembered and expected once this reply is audible; undefined where it left no word. */
  get kept(): { readonly memory: unknown; readonly expectation: Expectation | undefined } {
    return { memory: this.#memory, expectation: this.#expectation };
  }

  /** Milliseconds to the first words, and from there to the first sound. */
  get timing(): { readonly languageModelMs: number; readonly synthesizerMs: number } {
    const words = this.#firstWordsMs ?? this.#options.now();
    const sound = this.#firstSoundMs ?? this.#options.now();
    return { languageModelMs: words - this.#startedMs, synthesizerMs: sound - words };
  }

  async #make(): Promise<void> {
    const signal = this.#stop.signal;
    const clauses = new Channel<string>();
    const words = this.#collect(clauses, signal).finally(() => clauses.close());
    // Told below, when the speech has come so far.
    words.catch(() => {});
    try {
      const notice = clausesOf(this.#options.notice ?? '');
      for (const [at, clause] of notice.entries()) {
        this.#asides.add(clause);
        await this.#speak(clause, signal, at === notice.length - 1);
      }
      for await (const clause of clauses.until(signal)) {
        await this.#speak(clause, signal);
        // One clause is enough to begin with; more is made only once it is wanted.
        await this.#committed.promise;
      }
      await words;
    } catch {
      this.#failed = !signal.aborted;
    } finally {
      this.#buffer.close();
      await Promise.allSettled([words]);
    }
  }

  /** Words are taken as fast as the model gives them; speech is made at the line's pace. */
  async #collect(clauses: Channel<string>, signal: AbortSignal): Promise<void> {
    const splitter = new ClauseSplitter();
    for await (const text of replyWords(this.#wordsOptions(), signal)) {
      this.#firstWordsMs ??= this.#options.now();
      this.#words += text;
      for (const clause of splitter.push(text)) clauses.push(clause);
    }
    for (const clause of splitter.end()) clauses.push(clause);
  }

  #wordsOptions(): WordsOptions {
    return {
      ...this.#options,
      committed: this.#committed.promise,
      onAttempt: (giveUp) => {
        this.#giveUp = giveUp;
      },
      keep: ({ memory, expectation }) => {
        this.#memory = memory ?? this.#memory;
        this.#expectation = expectation ?? this.#expectation;
      },
    };
  }

  async #speak(clause: string, signal: AbortSignal, marked = false): Promise<void> {
    const spoken = fitForSpeech(clause);
    if (spoken === '' || signal.aborted) return;
    const tailMs = /[.!?…]["')\]]*$/.test(clause) ? SENTENCE_TAIL_MS : CLAUSE_TAIL_MS;
    const speech = abortable(this.#options.synthesizer.synthesize(spoken, signal), signal);
    let text = clause;
    for await (const frame of trimmed(speech, tailMs)) {
      this.#firstSoundMs ??= this.#options.now();
      if (text !== '' && !this.#asides.has(text))
        this.#ends.push(this.#words.indexOf(text, this.#ends.at(-1) ?? 0) + text.length);
      await this.#buffer.push({ frame, text }, signal);
      text = '';
    }
    this.#buffer.endClause(marked);
  }
}
