import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, type WorkflowBundle } from '@temporalio/worker';

const WORKFLOWS = fileURLToPath(new URL('workflow/voice-call.ts', import.meta.url));

let made: Promise<WorkflowBundle> | null = null;

/** What runs in Temporal's sandbox: the workflow and the script, in one text. Made once a process. */
export function workflowBundle(): Promise<WorkflowBundle> {
  made ??= bundleWorkflowCode({ workflowsPath: WORKFLOWS, logger: new DefaultLogger('WARN') });
  return made;
}
