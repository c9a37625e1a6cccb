import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Config } from '../config.ts';
import type { Emulator } from '../start.ts';

const MAIN = resolve(import.meta.dirname, '../../../phone/src/main.ts');
const START_TIMEOUT_MS = 30_000;

/** The emulator could not be started. */
class EmulatorError extends Error {
  override readonly name = 'EmulatorError';
  readonly code = 'emulator-failed';
}

/**
 * Starts the emulator beside this process, with its account, token and number as configured. It ends
 * with the process, however that ends.
 */
export async function startEmulator(
  { carrier, auth, port }: Pick<Config, 'carrier' | 'auth' | 'port'>,
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<Emulator> {
  if (carrier.type !== 'emulator') throw new EmulatorError('Another carrier is configured');
  const voiceUrl = `http://localhost:${port || 8000}/twilio/voice`;
  const options = ['--port', '0', '--number', carrier.phoneNumber, '--voice-url', voiceUrl];
  const child = spawn(process.execPath, [MAIN, 'serve', '--with-parent', ...options], {
    env: { ...env, TWILIO_ACCOUNT_SID: carrier.accountSid, TWILIO_AUTH_TOKEN: auth.tokens[0] },
    // It ends when its standard input does: also when we are killed.
    stdio: ['pipe', 'pipe', 'inherit'],
    // Ctrl-C at the terminal is for us: calls may end before the emulator does.
    detached: true,
  });
  const ended = once(child, 'exit');
  ended.catch(() => {});
  const stop = async () => {
    child.stdin.end();
    if (child.exitCode === null && child.signalCode === null) child.kill();
    await ended.catch(() => {});
  };
  try {
    const until = AbortSignal.any([signal, AbortSignal.timeout(START_TIMEOUT_MS)]);
    const url = await Promise.race([listening(child.stdout, until), failed(ended)]);
    return { url, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Its first line says where it listens. */
async function listening(stdout: NodeJS.ReadableStream, signal: AbortSignal): Promise<string> {
  const lines = createInterface({ input: stdout });
  const [line] = await once(lines, 'line', { signal });
  // What it prints later is not read by anybody, and must not fill the pipe.
  lines.on('line', () => {});
  const { url } = JSON.parse(String(line)) as { readonly url?: unknown };
  if (typeof url !== 'string') throw new EmulatorError('The emulator says nothing sensible');
  return url;
}

async function failed(ended: Promise<unknown>): Promise<never> {
  await ended;
  throw new EmulatorError('The emulator ended at once');
}
