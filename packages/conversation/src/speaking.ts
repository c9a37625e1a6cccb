import { durationMs } from '@earshot/audio';
import { Ahead } from './ahead.ts';
import { isQuestion } from './early-answer.ts';
import type {
  Heard,
  LanguageModel,
  Prompt,
  Speech,
  Synthesizer,
  ToolCall,
  ToolResult,
} from './ports.ts';
import { Reply } from './reply.ts';
import { END_CALL, type LateWords } from './reply-words.ts';
import { runTool } from './run-tool.ts';
import { scripted } from './scripted.ts';
import type { SpeakingOptions } from './speaking-options.ts';
import { FAREWELL, type Farewell, type Spoken, spokenFrom } from './spoken.ts';

/** Replies begun before the floor was ours, in one turn. Each costs the engines their work. */
const MOST_PREPARED = 3;

/** Who has heard a question but for so much knows what is asked. Sentences end in up to 220 ms of silence. */
const LAST_WORD_MS = 600;
/** For less than this nothing is said again. */
const LAST_SOUND_MS = 300;

/** The agent's side of the floor: at most one reply prepared, and at most one spoken. */
export class Speaking {
  readonly #options: SpeakingOptions;
  readonly #synthesizer: Synthesizer;
  readonly #stop = new AbortController();
  #prepared: { readonly text: string; readonly reply: Reply } | null = null;
  #preparedCount = 0;
  /** The turn that was answered last. */
  #answered = '';
  #spoken: Spoken | null = null;
  /** Replies of which the caller may still be hearing something. */
  readonly #sounding = new Map<number, Spoken>();
  #nextId = 1;
  readonly #ahead: Ahead;

  constructor(options: SpeakingOptions) {
    this.#options = options;
    this.#synthesizer = options.cache.over(options.synthesizer);
    this.#ahead = new Ahead(options, this.#stop.signal);
  }

  /** Begins a reply to words that may be all the caller has to say; it stays inaudible. */
  prepare(text: string): void {
    if (this.#prepared?.text === text || this.#preparedCount >= MOST_PREPARED) return;
    this.#prepared?.reply.cancel();
    this.#preparedCount++;
    this.#prepared = { text, reply: this.#reply(this.#options.dialogue.prompt(text)) };
  }

  /** The caller goes on: nothing of what was prepared will be said. */
  drop(): void {
    this.#prepared?.reply.cancel();
    this.#prepared = null;
    this.withdraw();
  }

  /** Unsays what nobody can hear yet; false when there is nothing of that kind. */
  withdraw(): boolean {
    if (this.#spoken?.audible !== false) return false;
    this.discard();
    return true;
  }

  /** Answers the caller's turn. */
  answer(text: string): void {
    const begun = this.#prepared?.text === text ? this.#prepared.reply : null;
    // Nobody has waited for what failed before now: it is made anew.
    const prepared = begun?.failed ? null : begun;
    if (prepared === null) this.drop();
    this.#prepared = null;
    this.#preparedCount = 0;
    this.#answered = text;
    this.#speak(prepared ?? this.#reply(this.#options.dialogue.prompt(text)), null);
  }

  /** Answers a turn whose words are not known yet. */
  answerLate(words: LateWords): void {
    this.drop();
    this.#preparedCount = 0;
    this.#answered = '';
    this.#speak(this.#reply(words), null);
  }

  /** The turn turns out to be another one: it is answered anew, unless the answer can be heard already. */
  reconsider(text: string): void {
    if (text !== this.#answered && this.withdraw()) this.answer(text);
  }

  /** Says a set line. */
  say(line: string, farewell: Farewell | null = null): void {
    this.drop();
    this.#speak(this.#scripted(line), farewell);
  }

  /** Ends the reply that is being spoken, or was until the caller barged in. */
  discard(): void {
    this.#spoken?.reply.cancel();
    this.#spoken = null;
  }

  /** The barge-in was none: goes on with the first clause that was not heard to its end. */
  resume(): boolean {
    const spoken = this.#spoken;
    if (spoken === null) return false;
    if (spoken.reply.unheardMs <= LAST_SOUND_MS) {
      spoken.over = true;
      // The goodbye was heard, and nothing was said to it.
      if (spoken.farewell) this.#options.emit(spoken.farewell);
      return false;
    }
    spoken.reply.rewind();
    this.#speak(spoken.reply, spoken.farewell);
    return true;
  }

  heard({ replyId, text, heardMs, ended }: Heard): void {
    const spoken = this.#sounding.get(replyId);
    if (spoken === undefined) return;
    spoken.heardMs = heardMs;
    spoken.reply.heard(heardMs);
    const { dialogue, emit } = this.#options;
    if (spoken.reply.noticeHeard && dialogue.noticeHeard()) emit({ type: 'notice-heard' });
    if (!ended) return;
    this.#sounding.delete(replyId);
    const done = spoken.reply.spent;
    if (text !== '') dialogue.add({ speaker: 'agent', text, interrupted: !done });
    if (!done || this.#spoken !== spoken) return;
    this.#ahead.speakLines();
    spoken.over = true;
    this.#options.onHeard(spoken.reply.words);
  }

  /** Something is being said, or about to be. */
  get busy(): boolean {
    return this.#spoken?.over === false;
  }

  /** What can be heard, from its first sentence that was not heard whole; '' when nothing can. */
  get saying(): string {
    return this.busy && this.#spoken?.audible ? this.#spoken.reply.unheard : '';
  }

  /** What was said last is a question, of which the caller has heard all but the end of its last word. */
  get asked(): boolean {
    const reply = this.#spoken?.reply;
    return reply !== undefined && reply.unheardMs <= LAST_WORD_MS && isQuestion(reply.words);
  }

  /** The agent owes speech and the caller hears none. */
  get silent(): boolean {
    const spoken = this.#spoken;
    if (spoken === null) return false;
    return spoken.reply.waiting && spoken.heardMs >= spoken.pulledMs - 80;
  }

  /** Fills the silence with a set line, when it is at hand. */
  fill(line: string): void {
    const frames = this.#options.cache.line(this.#options.synthesizer, line);
    if (frames === null || this.#spoken === null) return;
    const pieces = frames.map((frame, index) => ({ frame, text: index === 0 ? line : '' }));
    this.#spoken.reply.interject(pieces);
  }

  giveUp(): void {
    this.#spoken?.reply.giveUp();
  }

  async close(): Promise<void> {
    const replies = [this.#prepared?.reply, this.#spoken?.reply];
    this.#stop.abort();
    this.drop();
    this.discard();
    await Promise.allSettled([this.#ahead.done, ...replies.map((reply) => reply?.done)]);
  }

  #speak(reply: Reply, farewell: Farewell | null): void {
    if (this.#spoken !== null && this.#spoken.reply !== reply) this.discard();
    const id = this.#nextId++;
    const spoken = spokenFrom(id, reply, farewell);
    this.#spoken = spoken;
    this.#sounding.set(id, spoken);
    reply.commit();
    this.#options.emit({ type: 'reply', id, speech: this.#speech(spoken) });
  }

  async *#speech(spoken: Spoken): AsyncGenerator<Speech> {
    // Between a barge-in and its verdict nothing may come of it: a false one is resumed under a new id.
    const stopped = () => this.#spoken !== spoken || !this.#sounding.has(spoken.id);
    for await (const piece of spoken.reply.speech()) {
      if (stopped()) return;
      if (piece.text !== '' || !spoken.audible) this.#sounds(spoken);
      spoken.pulledMs += durationMs(piece.frame);
      yield piece;
    }
    if (stopped()) return;
    if (spoken.reply.failed) return this.#options.emit({ type: 'lost', reason: 'no-speech' });
    this.#sounds(spoken);
    if (spoken.farewell) this.#options.emit(spoken.farewell);
  }

  #sounds(spoken: Spoken): void {
    if (!spoken.audible) {
      spoken.audible = true;
      this.#options.onTaken();
      this.#options.onAudible(spoken.reply);
    }
    // As it is by now: what fills the wait sounds before the words.
    const { memory, expectation } = spoken.reply.kept;
    if (memory !== undefined) this.#options.dialogue.memory = memory;
    if (expectation !== undefined) this.#options.dialogue.expectation = expectation;
  }

  #reply(prompt: Prompt | LateWords): Reply {
    const { models, lines } = this.#options;
    return this.#made([...models, scripted(lines.apology)], prompt);
  }

  #scripted(line: string): Reply {
    return this.#made([scripted(line)], this.#options.dialogue.prompt(''));
  }

  #made(models: readonly LanguageModel[], prompt: Prompt | LateWords): Reply {
    const reply: Reply = new Reply({
      models,
      prompt,
      synthesizer: this.#synthesizer,
      notice: this.#options.dialogue.notice,
      runTool: (call, signal) => this.#runTool(call, reply, signal),
      now: this.#options.now,
    });
    return reply;
  }

  async #runTool(call: ToolCall, reply: Reply, signal: AbortSignal): Promise<ToolResult> {
    if (call.name === END_CALL && this.#spoken?.reply === reply) this.#spoken.farewell = FAREWELL;
    const tool = this.#options.tools.find(({ name }) => name === call.name);
    this.#options.onTaken();
    const result = await runTool(tool, call, signal);
    this.#options.dialogue.add({ speaker: 'tool', call, result });
    this.#options.emit({ type: 'tool-called', call, result });
    return result;
  }
}
