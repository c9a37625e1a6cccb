import type { Tool, ToolCall, ToolResult } from './ports.ts';

/** Runs a tool that a model asked for. Never rejects, and ends with the signal: models act on errors. */
export async function runTool(
  tool: Tool | undefined,
  call: ToolCall,
  signal: AbortSignal,
): Promise<ToolResult> {
  if (tool === undefined) return { error: `There is no tool named ${call.name}.` };
  const given = Promise.withResolvers<ToolResult>();
  const giveUp = () => given.resolve({ error: 'The tool took too long.' });
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    return await Promise.race([tool.run(call.arguments, signal), given.promise]);
  } catch (error) {
    return { error: error instanceof Error ? error.message : 'The tool failed.' };
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}
