import { parseArgs } from 'node:util';
import { DEFAULT_PORT, DEFAULT_URL, HELP, MAX_CALLS, MAX_SECONDS } from './help.ts';

/** What the command line asks for. */
export type Command =
  | { readonly command: 'help'; readonly text: string }
  | {
      readonly command: 'call';
      readonly scenario: string;
      readonly url: string;
      readonly out: string | null;
      readonly engines: 'small' | 'real';
      /** The emulator's REST side that is to ring; null: this process does. */
      readonly via: string | null;
    }
  | {
      readonly command: 'load';
      readonly calls: number;
      readonly seconds: number;
      /** What callers say; null: a hum. */
      readonly say: string | null;
      readonly url: string;
    }
  | { readonly command: 'listen'; readonly callSid: string; readonly url: string }
  | ServeCommand;

export interface ServeCommand {
  readonly command: 'serve';
  readonly host: string;
  readonly port: number;
  /** A behaviour, or a scenario's name or file; null: as the table says. */
  readonly callee: string | null;
  /** The table's file. */
  readonly callees: string | null;
  readonly numbers: readonly string[];
  readonly voiceUrl: string;
  readonly callsPerSecond: number;
  readonly trouble: string;
  readonly seed: number;
  readonly speed: number;
  readonly engines: 'small' | 'real';
  /** Ends when the one who started it does, and prints nothing but the first line. */
  readonly withParent: boolean;
}

/** The command line is wrong; the message says what would be right. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code = 'usage';
}

/** Throws `UsageError`. */
export function parseCommandLine(args: readonly string[]): Command {
  const [name, ...rest] = args;
  switch (name) {
    case 'call':
      return parseCall(rest);
    case 'load':
      return parseLoad(rest);
    case 'listen':
      return parseListen(rest);
    case 'serve':
      return parseServe(rest);
    case undefined:
    case 'help':
    case '--help':
    case '-h':
      return { command: 'help', text: HELP.phone };
    default:
      throw new UsageError(`There is no "phone ${name}"; there are call, load, listen and serve.`);
  }
}

function parseCall(args: readonly string[]): Command {
  const options = {
    out: { type: 'string' },
    engines: { type: 'string' },
    via: { type: 'string' },
  } as const;
  const { values, positionals } = parse(args, options, 1);
  if (values.help) return { command: 'help', text: HELP.call };
  const { out = null } = values;
  const engines = enginesOf(values.engines);
  const [scenario = 'demo'] = positionals;
  const via = values.via === undefined ? null : webUrl(values.via, '--via');
  return { command: 'call', scenario, url: webUrl(values.url), out, engines, via };
}

function parseLoad(args: readonly string[]): Command {
  const options = {
    calls: { type: 'string' },
    seconds: { type: 'string' },
    say: { type: 'string' },
  } as const;
  const { values } = parse(args, options, 0);
  if (values.help) return { command: 'help', text: HELP.load };
  const calls = wholeNumber('--calls', values.calls ?? '10', MAX_CALLS);
  const seconds = wholeNumber('--seconds', values.seconds ?? '30', MAX_SECONDS);
  const { say = null } = values;
  return { command: 'load', calls, seconds, say, url: webUrl(values.url) };
}

function parseListen(args: readonly string[]): Command {
  const { values, positionals } = parse(args, {}, 1);
  if (values.help) return { command: 'help', text: HELP.listen };
  const [callSid] = positionals;
  if (callSid === undefined) {
    throw new UsageError('Which call? npm run phone -- listen CALL_SID; `call` prints it.');
  }
  return { command: 'listen', callSid, url: webUrl(values.url) };
}

function parseServe(args: readonly string[]): Command {
  const { values } = parse(args, SERVE_OPTIONS, 0);
  if (values.help) return { command: 'help', text: HELP.serve };
  const { host = '127.0.0.1', callee = null, callees = null, trouble = '' } = values;
  return {
    command: 'serve',
    host,
    port: wholeNumber('--port', values.port ?? String(DEFAULT_PORT), 65_535, 0),
    callee,
    callees,
    numbers: (values.number ?? DEFAULT_NUMBER).split(',').map(phoneNumber),
    voiceUrl: webUrl(values['voice-url'], '--voice-url'),
    callsPerSecond: wholeNumber('--cps', values.cps ?? '1', 1_000),
    trouble,
    seed: wholeNumber('--seed', values.seed ?? '1', 2 ** 31),
    speed: wholeNumber('--speed', values.speed ?? '1', 1_000),
    engines: enginesOf(values.engines),
    withParent: values['with-parent'] ?? false,
  };
}

function enginesOf(given = 'small'): 'small' | 'real' {
  if (given === 'small' || given === 'real') return given;
  throw new UsageError(`--engines is small or real, not "${given}".`);
}

function phoneNumber(given: string): string {
  if (/^\+[1-9]\d{6,14}$/.test(given)) return given;
  throw new UsageError(`--number is a phone number like ${DEFAULT_NUMBER}, not "${given}".`);
}

const DEFAULT_NUMBER = '+12025550100';
const SERVE_OPTIONS = {
  host: { type: 'string' },
  port: { type: 'string' },
  callee: { type: 'string' },
  callees: { type: 'string' },
  number: { type: 'string' },
  'voice-url': { type: 'string' },
  cps: { type: 'string' },
  trouble: { type: 'string' },
  seed: { type: 'string' },
  speed: { type: 'string' },
  engines: { type: 'string' },
  'with-parent': { type: 'boolean' },
} as const;

const SHARED = { url: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const;

function parse<O extends Record<string, { readonly type: 'string' | 'boolean' }>>(
  args: readonly string[],
  options: O,
  most: number,
) {
  try {
    const parsed = parseArgs({
      args: [...args],
      options: { ...options, ...SHARED },
      allowPositionals: true,
    });
    const [tooMuch] = parsed.positionals.slice(most);
    if (tooMuch !== undefined) throw new UsageError(`What is "${tooMuch}"? See --help.`);
    return parsed;
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    // Node goes on to explain how a name beginning with a dash could be given.
    const [told] = (cause instanceof Error ? cause.message : String(cause)).split('. ');
    throw new UsageError(`${told}. See --help.`, { cause });
  }
}

function wholeNumber(name: string, given: string, most: number, least = 1): number {
  const value = Number(given);
  if (/^\d+$/.test(given) && value >= least && value <= most) return value;
  throw new UsageError(`${name} is a whole number from ${least} to ${most}, not "${given}".`);
}

function webUrl(given: string = DEFAULT_URL, name = '--url'): string {
  const protocol = URL.parse(given)?.protocol;
  if (protocol === 'http:' || protocol === 'https:') return given;
  throw new UsageError(`${name} is an http:// or https:// address, not "${given}".`);
}
