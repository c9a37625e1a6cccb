import { abortable } from './abortable.ts';
import { childAbort } from './child-abort.ts';
import type {
  Expectation,
  LanguageModel,
  Prompt,
  PromptTurn,
  ReplyPart,
  ToolCall,
  ToolResult,
} from './ports.ts';
import { fitForSpeech } from './speech-text.ts';

/** More rounds of tools than this in one reply are a model that runs in circles. */
const MOST_ROUNDS = 4;

/** What the caller has said is still being recognised. */
export interface LateWords {
  /** Resolves when the words are known or given up, to what makes a prompt of them: unless the reply was cancelled. */
  readonly known: Promise<() => Prompt>;
  readonly giveUp: () => void;
}

export interface WordsOptions {
  /**
   * Tried in this order: the next one answers when one fails, also in the middle of its words, or says
   * nothing. The last one answers for models that only use tools.
   */
  readonly models: readonly LanguageModel[];
  readonly prompt: Prompt | LateWords;
  /** Called only once the reply is allowed to act. */
  readonly runTool: (call: ToolCall, signal: AbortSignal) => Promise<ToolResult>;
  /** Resolves when the floor is the agent's. */
  readonly committed: Promise<void>;
  /** Told how to end what is being waited for now: the next model answers, or the tool has failed. */
  readonly onAttempt: (giveUp: () => void) => void;
  readonly keep: (kept: { memory?: unknown; expectation?: Expectation }) => void;
}

/** The words of one reply, tools included. Ends early, without an error, when every model fails. */
export async function* replyWords(
  options: WordsOptions,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const asked =
    'known' in options.prompt ? await late(options.prompt, options, signal) : options.prompt;
  if (asked === null) return;
  let prompt = asked;
  let ending = false;
  for (let round = 0; round <= MOST_ROUNDS && !signal.aborted; round++) {
    const models = modelsFor(round, ending, options.models);
    const calls: ToolCall[] = [];
    let said = '';
    for await (const part of answer({ ...options, models, prompt }, signal)) {
      if (part.type === 'text') {
        said += part.text;
        yield part.text;
      } else if (part.type === 'tool-call') calls.push(part.call);
      else if (part.type === 'expectation') options.keep({ expectation: part.expectation });
      else {
        options.keep({ memory: part.memory });
        prompt = { ...prompt, memory: part.memory };
      }
    }
    if (calls.length === 0) return;
    // What was said so far is to be spoken while the tools work.
    if (said !== '') yield BREAK;
    await options.committed;
    if (signal.aborted) return;
    const turns = [...prompt.turns, ...agentTurn(said), ...(await runAll(calls, options, signal))];
    prompt = { ...prompt, turns };
    if (calls.every(({ name }) => name === END_CALL)) return;
    ending ||= calls.some(({ name }) => name === END_CALL);
  }
}

type Attempts = Pick<WordsOptions, 'models' | 'onAttempt'> & { readonly prompt: Prompt };

function modelsFor(
  round: number,
  ending: boolean,
  models: readonly LanguageModel[],
): readonly LanguageModel[] {
  // Nobody waits for more words once the call is ending, and an apology would ask for an answer.
  if (ending) return models.slice(0, 1);
  return round < MOST_ROUNDS ? models : models.slice(-1);
}

/** Ends a clause that has no end of its own, so that it is said and nothing is joined to it. */
const BREAK = '\n';

/** The tool that hangs up: nothing is said after it. */
export const END_CALL = 'end_call';

function agentTurn(said: string): PromptTurn[] {
  return said.trim() === '' ? [] : [{ speaker: 'agent', text: said.trim(), interrupted: false }];
}

async function runAll(
  calls: readonly ToolCall[],
  { runTool, onAttempt }: WordsOptions,
  signal: AbortSignal,
): Promise<PromptTurn[]> {
  const turns: PromptTurn[] = [];
  for (const call of calls) {
    if (signal.aborted) break;
    const attempt = childAbort(signal);
    onAttempt(() => attempt.abort());
    turns.push({ speaker: 'tool', call, result: await runTool(call, attempt.signal) });
    attempt.abort();
  }
  return turns;
}

async function late(
  words: LateWords,
  { onAttempt }: WordsOptions,
  signal: AbortSignal,
): Promise<Prompt | null> {
  onAttempt(words.giveUp);
  signal.addEventListener('abort', words.giveUp, { once: true });
  const promptOf = await words.known;
  return signal.aborted ? null : promptOf();
}

async function* answer(
  { models, prompt, onAttempt }: Attempts,
  signal: AbortSignal,
): AsyncGenerator<ReplyPart> {
  for (const model of models) {
    const attempt = childAbort(signal);
    const ended = attempt.signal;
    let spoken = false;
    onAttempt(() => attempt.abort());
    try {
      const calls: ReplyPart[] = [];
      let said = '';
      for await (const part of abortable(model.reply(prompt, ended), ended)) {
        spoken = true;
        if (part.type === 'text') said += part.text;
        if (part.type === 'tool-call') calls.push(part);
        else yield part;
      }
      const answered = calls.length > 0 || hasWords(said);
      if (answered && !ended.aborted) return yield* calls;
      if (spoken) yield { type: 'text', text: BREAK };
    } catch {
      if (spoken) yield { type: 'text', text: BREAK };
    } finally {
      attempt.abort();
    }
    if (signal.aborted) return;
  }
}

/** Marks alone make no sound. */
function hasWords(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(fitForSpeech(text));
}
