import type { AgentMemory } from './agent-memory.ts';
import type { CascadeOptions } from './cascade-options.ts';
import type { Expectation, Prompt, PromptTurn, ToolDescription } from './ports.ts';

const ANYTHING: Expectation = { topic: 'anything' };

type DialogueOptions = Pick<
  CascadeOptions,
  'system' | 'tools' | 'openingExpectation' | 'notice' | 'earlier'
>;

/** What the agent knows of the conversation: only what was heard, and what it asked to remember. */
export class Dialogue {
  readonly #system: string;
  readonly #tools: readonly ToolDescription[];
  readonly #turns: PromptTurn[];
  readonly #notice: string | null;
  #noticeHeard: boolean;
  memory: unknown;
  expectation: Expectation;

  constructor({ system, tools = [], openingExpectation, notice, earlier }: DialogueOptions) {
    this.#system = system;
    this.#turns = [...(earlier?.turns ?? [])];
    this.#notice = notice ?? null;
    this.#noticeHeard = earlier?.noticeHeard ?? false;
    this.memory = earlier?.memory ?? null;
    this.expectation = earlier?.expectation ?? openingExpectation ?? ANYTHING;
    this.#tools = tools.map(({ name, description, parameters }) => ({
      name,
      description,
      parameters,
    }));
  }

  add(turn: PromptTurn): void {
    this.#turns.push(turn);
  }

  /** What each reply has to begin with; null once that was heard, and when there is nothing. */
  get notice(): string | null {
    return this.#noticeHeard ? null : this.#notice;
  }

  /** False when it was heard before. */
  noticeHeard(): boolean {
    const isNews = !this.#noticeHeard;
    this.#noticeHeard = true;
    return isNews;
  }

  /** What whoever goes on with the call needs to know. */
  get kept(): Pick<AgentMemory, 'turns' | 'memory' | 'expectation' | 'noticeHeard'> {
    const { memory, expectation } = this;
    return { turns: [...this.#turns], memory, expectation, noticeHeard: this.#noticeHeard };
  }

  /** What every prompt of this call begins with. */
  get beginning(): Prompt {
    return { system: this.#system, turns: [], tools: this.#tools, memory: null };
  }

  /** The prompt for a reply to these words, which are not yet part of the dialogue. */
  prompt(caller: string): Prompt {
    const turns: PromptTurn[] = [...this.#turns, { speaker: 'caller', text: caller }];
    return { system: this.#system, turns, tools: this.#tools, memory: this.memory };
  }
}
