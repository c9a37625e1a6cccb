import type { LanguageModel, ReplyPart } from './ports.ts';

/** A language model that has one thing to say. */
export function scripted(line: string): LanguageModel {
  return {
    async *reply(): AsyncGenerator<ReplyPart> {
      yield { type: 'text', text: line };
    },
  };
}
