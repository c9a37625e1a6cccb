import { type AudioFrame, durationMs } from '@earshot/audio';
import type { Expectation, Recognition, Recognizer } from '@earshot/conversation';
import { EngineHost, type EngineStats } from '../host/engine-host.ts';
import { GENERAL_GRAMMAR } from './general-grammar.ts';
import { type Grammar, readGrammar } from './grammar.ts';
import type { GrammarEngine } from './grammar-process.ts';

/** On top of the audio's own length, which is ten times what a small grammar takes. */
const DEADLINE_MS = 8000;
/** Read grammars that are kept: more than the questions of a few receptionists. */
const MOST_GRAMMARS = 64;

/**
 * Hears only what a small JSGF grammar allows: the recognizer of a machine without models.
 *
 * How to write `expectation.grammar` (JSGF 1.0, what PocketSphinx understands of it):
 *
 *     #JSGF V1.0;
 *     grammar booking;
 *     public <answer> = [<opening>] <wish> [please];
 *     <opening> = um | well | hi | yes;
 *     <wish> = i'd like to book a <service> | (what | when) are your hours | my name is <name>;
 *     <service> = cleaning | check up | root canal;
 *     <name> = <first> [<last>];
 *     <first> = maria | john | siobhan;
 *     <last> = garcia | smith | o'brien;
 *     <digits> = (zero | oh | one | two | three | four | five | six | seven | eight | nine)+;
 *
 * - The header is optional; a bare `public <a> = yes | no;` is enough. The first public rule is
 *   what is heard. Use as many rules as you like; unused ones cost nothing.
 * - Works: `|`, `( )`, `[ ]`, `*`, `+`, `/weight/` in front of alternatives, `<NULL>`, comments. Tags
 *   `{…}` are allowed and ignored. Refused with a `GrammarError` (`bad-grammar`): quoted words,
 *   `import`, recursion, rules that are used and not defined, more than 20,000 characters, or more
 *   than 5,000 words once every rule is copied to where it is used.
 * - Words are spoken words in any case; they come back in lower case: "i'd", "o'clock", "a.m.".
 *   Numbers are written as words ("twenty one", "nine thirty"), digits as digit words, letters as
 *   themselves ("j", "b"). A token with a digit in it is refused. Accents are dropped.
 * - Names need no mark. Words that CMU's dictionary (134,000 words, most American first and last
 *   names) lacks get their sound from letter-to-sound rules; write an unusual name the way it is
 *   said as one more alternative, and map it back to the name in your own code.
 * - Backchannels, hesitations and "yes"/"no" are added to every grammar as whole answers
 *   ("mhm", "uh-huh", "yeah", "okay", "right", "yes", "no", "um", …) and need not be repeated.
 * - "um" and "uh" in front of other words are left out of the text.
 * - A sentence that is broken off comes back as far as it went ("i'd like to book a"), so that the
 *   end of the turn can be judged by the words.
 * - Anything else that is said comes back as `unclear: true, text: ''`. So write what callers say,
 *   carrier phrases included: the closer the grammar, the better the rejection.
 * - Size: an utterance takes 5 to 10 % of its length. A new grammar costs 10–40 ms for a small one,
 *   100 ms for the front desk's opening question and 740 ms for 465 long alternatives, each time it
 *   differs from the last one by its text.
 *   Loops of digits cost nothing. Two words that sound alike are told apart badly ("fifteen",
 *   "fifty"): read numbers, times and names back.
 */
export class GrammarRecognizer implements Recognizer, AsyncDisposable {
  readonly #host: EngineHost<GrammarEngine>;
  readonly #grammars = new Map<string, Grammar>();

  private constructor(host: EngineHost<GrammarEngine>) {
    this.#host = host;
  }

  static async open(signal: AbortSignal): Promise<GrammarRecognizer> {
    const module = new URL('./grammar-process.ts', import.meta.url);
    return new GrammarRecognizer(await EngineHost.open({ name: 'PocketSphinx', module }, signal));
  }

  get stats(): EngineStats {
    return this.#host.stats;
  }

  /** The same engine with a place of its own in the queue. */
  forCall(callId: string): Recognizer {
    return {
      recognize: (utterance, expectation, signal) =>
        this.#recognize(utterance, expectation, callId, signal),
    };
  }

  /** Rejects with a `GrammarError` for a grammar that cannot be used. */
  recognize(
    utterance: AudioFrame,
    expectation: Expectation,
    signal: AbortSignal,
  ): Promise<Recognition> {
    return this.#recognize(utterance, expectation, '', signal);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#host[Symbol.asyncDispose]();
  }

  async #recognize(
    utterance: AudioFrame,
    { grammar = GENERAL_GRAMMAR }: Expectation,
    lane: string,
    signal: AbortSignal,
  ): Promise<Recognition> {
    const request = { utterance, grammar: this.#read(grammar) };
    const options = { lane, deadlineMs: DEADLINE_MS + durationMs(utterance) };
    const { output, engineMs, queuedMs } = await this.#host.request(
      'hear',
      request,
      options,
      signal,
    );
    return { ...output, engineMs, queuedMs };
  }

  #read(text: string): Grammar {
    const grammar = this.#grammars.get(text) ?? readGrammar(text);
    this.#grammars.delete(text);
    this.#grammars.set(text, grammar);
    if (this.#grammars.size > MOST_GRAMMARS)
      this.#grammars.delete(this.#grammars.keys().next().value ?? '');
    return grammar;
  }
}
