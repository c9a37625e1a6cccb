import { failureOf as anyFailureOf, type ProcessFailure } from '@earshot/process';

/** As of any process; where another one has our port it says which to take. */
export function failureOf(error: unknown): ProcessFailure {
  const port = takenPort(error);
  if (port === null) return anyFailureOf(error);
  const other = port < 65_535 ? port + 1 : port - 1;
  return { text: `Port ${port} is in use: PORT=${other} npm start`, exitCode: 1 };
}

function takenPort(error: unknown): number | null {
  if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) return null;
  return 'port' in error && typeof error.port === 'number' ? error.port : null;
}
