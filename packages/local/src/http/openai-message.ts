import { z } from 'zod';
import type { PromptMessage } from './prompt-messages.ts';

/** One event of a streamed `POST /chat/completions`, as far as we read it. */
const ChatChunk = z.object({
  error: z.unknown().optional(),
  choices: z
    .array(
      z.object({
        delta: z
          .object({
            content: z.string().nullish(),
            tool_calls: z
              .array(
                z.object({
                  index: z.number().nullish(),
                  id: z.string().nullish(),
                  function: z
                    .object({ name: z.string().nullish(), arguments: z.string().nullish() })
                    .nullish(),
                }),
              )
              .nullish(),
          })
          .nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .nullish(),
});
export type ChatChunk = z.infer<typeof ChatChunk>;

export function parseChatChunk(json: unknown): ChatChunk | null {
  return ChatChunk.safeParse(json).data ?? null;
}

/** `GET /models`. */
export const ServedModels = z.object({ data: z.array(z.object({ id: z.string() })) });

export function openAiMessages(messages: readonly PromptMessage[]): readonly unknown[] {
  return messages.map((message) => {
    switch (message.role) {
      case 'tool':
        return { role: 'tool', tool_call_id: message.call.id, content: message.text };
      case 'assistant':
        if (!message.call) return { role: 'assistant', content: message.text };
        return {
          role: 'assistant',
          content: message.text || null,
          tool_calls: [
            {
              id: message.call.id,
              type: 'function',
              function: {
                name: message.call.name,
                arguments: JSON.stringify(message.call.arguments),
              },
            },
          ],
        };
      default:
        return { role: message.role, content: message.text };
    }
  });
}
