import type { ToolDescription } from '@earshot/conversation';
import { z } from 'zod';
import type { PromptMessage } from './prompt-messages.ts';

/** One line of the stream of `POST /api/chat`; durations and counts are left out. */
const ChatLine = z.object({
  error: z.string().optional(),
  message: z
    .object({
      content: z.string().nullish(),
      tool_calls: z
        .array(
          z.object({
            id: z.string().optional(),
            function: z.object({
              name: z.string(),
              arguments: z.record(z.string(), z.unknown()).nullish(),
            }),
          }),
        )
        .nullish(),
    })
    .optional(),
  done: z.boolean().optional(),
});
export type ChatLine = z.infer<typeof ChatLine>;

export function parseChatLine(json: unknown): ChatLine | null {
  return ChatLine.safeParse(json).data ?? null;
}

/** The models of `GET /api/tags`, by name. */
export const ModelList = z.object({ models: z.array(z.object({ name: z.string() })).nullable() });

/** Of `POST /api/show`; older servers do not tell capabilities. */
export const ModelFacts = z.object({
  capabilities: z.array(z.string()).optional(),
  model_info: z.record(z.string(), z.unknown()).nullish(),
});
export type ModelFacts = z.infer<typeof ModelFacts>;

/** How many tokens the model was made for; infinitely many where that is not told. */
export function contextOf({ model_info: info }: ModelFacts): number {
  const tokens = info?.[`${info['general.architecture']}.context_length`];
  return typeof tokens === 'number' && tokens > 0 ? tokens : Number.POSITIVE_INFINITY;
}

export const ServerVersion = z.object({ version: z.string() });

export function ollamaMessages(messages: readonly PromptMessage[]): readonly unknown[] {
  return messages.map((message) => {
    switch (message.role) {
      case 'tool':
        return {
          role: 'tool',
          tool_name: message.call.name,
          tool_call_id: message.call.id,
          content: message.text,
        };
      case 'assistant':
        if (!message.call) return { role: 'assistant', content: message.text };
        return {
          role: 'assistant',
          content: message.text,
          tool_calls: [
            {
              id: message.call.id,
              function: { name: message.call.name, arguments: message.call.arguments },
            },
          ],
        };
      default:
        return { role: message.role, content: message.text };
    }
  });
}

/** The `tools` of Ollama and of OpenAI alike. */
export function toolSchemas(tools: readonly ToolDescription[]): readonly unknown[] {
  return tools.map(({ name, description, parameters }) => ({
    type: 'function',
    function: { name, description, parameters },
  }));
}
