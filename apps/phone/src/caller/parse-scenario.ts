import { inWordsForFiles } from '@earshot/process';
import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { type Scenario, scenarioSchema } from './scenario.ts';

/** A scenario that cannot be played: each problem with its line and what would be right. */
export class ScenarioError extends Error {
  override readonly name = 'ScenarioError';
  readonly code = 'scenario-invalid';
}

/** Reads a scenario's YAML. Throws `ScenarioError` that lists every problem. `file` is for the messages. */
export function parseScenario(yaml: string, file: string): Scenario {
  const lines = new LineCounter();
  const document = parseDocument(yaml, { lineCounter: lines });
  const broken = document.errors.map((error) => {
    const { line } = lines.linePos(error.pos[0]);
    return `${file}:${line}: ${error.message.split('\n')[0]}`;
  });
  if (broken.length > 0) throw new ScenarioError(broken.join('\n'));
  const parsed = scenarioSchema.safeParse(document.toJS() ?? {}, { error: inWordsForFiles });
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => {
    const where = issue.path.length > 0 ? `${issue.path.join('.')}: ` : '';
    return `${file}:${lineOf(document, lines, issue.path)}: ${where}${advice(issue)}`;
  });
  throw new ScenarioError(problems.join('\n'));
}

/** Line of the innermost node on the way to the problem that is there at all. */
function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let depth = path.length; depth >= 0; depth -= 1) {
    const node = document.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

function advice(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') {
    const keys = issue.keys.map((key) => `"${key}"`).join(', ');
    return `nothing is called ${keys} here; scenarios/demo.yaml shows what there is`;
  }
  return issue.message;
}
