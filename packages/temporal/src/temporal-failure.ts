import { CallError } from '@earshot/calls';
import { isGrpcServiceError, WorkflowNotFoundError } from '@temporalio/client';
import { NamespaceNotFoundError } from '@temporalio/common';
import { PayloadKeyError } from './payload-cipher.ts';

/** Codes of gRPC that say that Temporal is away, slow or starting. */
const AWAY: ReadonlySet<number> = new Set([1, 2, 4, 8, 10, 13, 14]);

/** What went wrong between us and Temporal, as one of our errors. It tells nothing of the call. */
export function callErrorOf(error: unknown): CallError {
  if (error instanceof CallError) return error;
  if (error instanceof NamespaceNotFoundError)
    return unavailable('Temporal does not know our namespace', error);
  if (error instanceof WorkflowNotFoundError)
    return new CallError('call-not-found', 'No such call is live', { cause: error });
  if (error instanceof PayloadKeyError) return unavailable(error.message, error);
  const code = grpcCodeOf(error);
  if (code === null) return unavailable('Temporal gave an answer that we cannot read', error);
  return unavailable(
    AWAY.has(code) ? 'Temporal does not answer' : `Temporal refuses (gRPC status ${code})`,
    error,
  );
}

/** Asking again in a moment may help. */
export function isAway(error: unknown): boolean {
  const code = grpcCodeOf(error);
  return code !== null && AWAY.has(code);
}

function unavailable(message: string, cause: unknown): CallError {
  return new CallError('lifecycle-unavailable', message, { cause });
}

function grpcCodeOf(error: unknown): number | null {
  if (isGrpcServiceError(error)) return error.code;
  const cause = error instanceof Error ? error.cause : null;
  return isGrpcServiceError(cause) ? cause.code : null;
}
