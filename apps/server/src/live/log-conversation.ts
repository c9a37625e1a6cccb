import type { ConversationEvent } from '@earshot/conversation';
import type { Logger } from 'pino';

/** Logs how long things took, and never what was said. */
export function logConversation(
  event: ConversationEvent,
  toolNames: readonly string[],
  log: Logger,
): void {
  if (event.type === 'reply-timed') log.debug({ timing: event.timing }, 'reply timed');
  if (event.type === 'barge-in') log.debug('barge-in');
  if (event.type === 'speech-failed') log.warn({ err: event.error }, 'speech failed');
  if (event.type !== 'tool-called') return;
  const { name } = event.call;
  // A name that a language model made up may hold what the caller said.
  const tool = toolNames.includes(name) ? name : 'unknown';
  log.info({ tool, failed: 'error' in event.result }, 'tool called');
}
