import { failureOf as anyFailureOf, type ProcessFailure } from '@earshot/process';

/** As of any process; where another one has our port or our data it says what to take. */
export function failureOf(error: unknown): ProcessFailure {
  if (error instanceof Error && 'code' in error && error.code === 'data-directory-in-use')
    return { text: `${error.message}\n  DATA_DIR=data2 PORT=8001 npm start`, exitCode: 1 };
  const port = takenPort(error);
  if (port === null) return anyFailureOf(error);
  const other = port < 65_535 ? port + 1 : port - 1;
  return { text: `Port ${port} is in use: PORT=${other} npm start`, exitCode: 1 };
}

function takenPort(error: unknown): number | null {
  if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) return null;
  return 'port' in error && typeof error.port === 'number' ? error.port : null;
}
