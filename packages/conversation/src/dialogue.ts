import type { AgentMemory } from './agent-memory.ts';
import type { Expectation, Prompt, PromptTurn, ToolDescription } from './ports.ts';

const ANYTHING: Expectation = { topic: 'anything' };

/** What the agent knows of the conversation: only what was heard, and what it asked to remember. */
export class Dialogue {
  readonly #system: string;
  readonly #tools: readonly ToolDescription[];
  readonly #turns: PromptTurn[];
  memory: unknown;
  expectation: Expectation;

  /** `earlier`: the call has begun before, and goes on. */
  constructor(
    system: string,
    tools: readonly ToolDescription[],
    opening: Expectation = ANYTHING,
    earlier: AgentMemory | null = null,
  ) {
    this.#system = system;
    this.#turns = [...(earlier?.turns ?? [])];
    this.memory = earlier?.memory ?? null;
    this.expectation = earlier?.expectation ?? opening;
    this.#tools = tools.map(({ name, description, parameters }) => ({
      name,
      description,
      parameters,
    }));
  }

  add(turn: PromptTurn): void {
    this.#turns.push(turn);
  }

  /** What whoever goes on with the call needs to know. */
  get kept(): Pick<AgentMemory, 'turns' | 'memory' | 'expectation'> {
    return { turns: [...this.#turns], memory: this.memory, expectation: this.expectation };
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
