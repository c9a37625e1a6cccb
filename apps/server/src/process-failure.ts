import { failureOf as anyFailureOf, type ProcessFailure } from '@earshot/process';

/** As of any process; where the address or the data are not to be had it says what to take. */
export function failureOf(error: unknown): ProcessFailure {
  if (error instanceof Error && 'code' in error && error.code === 'data-directory-in-use')
    return { text: `${error.message}\n  DATA_DIR=data2 PORT=8001 npm start`, exitCode: 1 };
  const text = error instanceof Error ? listeningFailure(error) : null;
  return text === null ? anyFailureOf(error) : { text, exitCode: 1 };
}

/** Where we were to listen, and why we cannot. Null for any other error. */
function listeningFailure(error: Error): string | null {
  const { syscall, code, address, port = 0 } = error as Error & Partial<Refusal>;
  if (syscall !== 'listen') return null;
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} is in use: PORT=${port < 65_535 ? port + 1 : port - 1} npm start`;
    case 'EACCES':
      return `Port ${port} is not for this user: PORT=8000 npm start`;
    case 'EADDRNOTAVAIL':
      return `${address} is no address of this machine: HOST=0.0.0.0 npm start (all that it has)`;
    default:
      return null;
  }
}

/** As Node tells it. */
interface Refusal {
  readonly syscall: string;
  readonly code: string;
  readonly address: string;
  readonly port: number;
}
