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

/** More rounds of tools than this in one reply are a model that runs in circles. */
const MOST_ROUNDS = 4;

export interface WordsOptions {
  /** Tried in this order: the next one answers when one fails, also in the middle of its words. */
  readonly models: readonly LanguageModel[];
  readonly prompt: Prompt;
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
  let { prompt } = options;
  for (let round = 0; round < MOST_ROUNDS && !signal.aborted; round++) {
    const calls: ToolCall[] = [];
    let said = '';
    for await (const part of answer(options, prompt, signal)) {
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
  }
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

async function* answer(
  { models, onAttempt }: WordsOptions,
  prompt: Prompt,
  signal: AbortSignal,
): AsyncGenerator<ReplyPart> {
  for (const model of models) {
    const attempt = childAbort(signal);
    const ended = attempt.signal;
    let spoken = false;
    onAttempt(() => attempt.abort());
    try {
      const calls: ReplyPart[] = [];
      for await (const part of abortable(model.reply(prompt, ended), ended)) {
        spoken = true;
        if (part.type === 'tool-call') calls.push(part);
        else yield part;
      }
      if (!ended.aborted) return yield* calls;
      if (spoken) yield { type: 'text', text: BREAK };
    } catch {
      if (spoken) yield { type: 'text', text: BREAK };
    } finally {
      attempt.abort();
    }
    if (signal.aborted) return;
  }
}
