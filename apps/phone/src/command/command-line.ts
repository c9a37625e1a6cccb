import { parseArgs } from 'node:util';

export const DEFAULT_URL = 'http://localhost:8000/twilio/voice';

/** What the command line asks for. */
export type Command =
  | { readonly command: 'help'; readonly text: string }
  | {
      readonly command: 'call';
      readonly scenario: string;
      readonly url: string;
      readonly out: string | null;
      readonly engines: 'small' | 'real';
    }
  | {
      readonly command: 'load';
      readonly calls: number;
      readonly seconds: number;
      /** What callers say; null: a hum. */
      readonly say: string | null;
      readonly url: string;
    }
  | { readonly command: 'listen'; readonly callSid: string; readonly url: string };

/** The command line is wrong; the message says what would be right. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code = 'usage';
}

/** More calls than one emulator can place without being late itself. */
const MAX_CALLS = 1_000;
const MAX_SECONDS = 3_600;

const ENVIRONMENT = `
Environment
  TWILIO_AUTH_TOKEN    signs what the emulator sends; the server must have the same
  TWILIO_ACCOUNT_SID   the account it claims to be`;

const HELP = {
  phone: `Calls a voice server as Twilio would.

  npm run phone -- call [SCENARIO]   one call with a simulated caller, recorded and judged
  npm run phone -- load              many calls at once
  npm run phone -- listen CALL_SID   the live transcript of a call

Each has --help.
${ENVIRONMENT}`,
  call: `phone call [SCENARIO] [--url URL] [--out DIR] [--engines small|real]

Plays one caller. The transcript scrolls by while the call runs; the recording (left caller, right
agent as heard) and the reports are left in DIR.

  SCENARIO    a YAML file, or the name of one in apps/phone/scenarios (default: demo)
  --url URL   the voice webhook (default: ${DEFAULT_URL})
  --out DIR   where call.wav, report.json and report.html go (default: out/calls/<scenario>)
  --engines   small: the caller has a small offline voice (default); real: a Piper voice of MODELS_DIR

Exit code: 0 when the call went as the scenario expects, 1 when not, 2 for a wrong command line.
${ENVIRONMENT}`,
  load: `phone load [--calls N] [--seconds S] [--say TEXT] [--url URL]

Places N calls, 25 a second, whose callers talk whenever the agent has finished, and prints what was
heard: answers, gaps, findings.

  --calls N     how many at once, 1 to ${MAX_CALLS} (default: 10)
  --seconds S   when each caller hangs up, 1 to ${MAX_SECONDS} (default: 30)
  --say TEXT    what callers say, in a small offline voice (default: they hum, without words)
  --url URL     the voice webhook (default: ${DEFAULT_URL})

Exit code: 0 when every call was answered, and ended by its caller or the agent without an error
among the findings; else 1.
${ENVIRONMENT}`,
  listen: `phone listen CALL_SID [--url URL]

Prints what is said in a live call, as the server tells it. \`phone call\` prints its CALL_SID.

  --url URL   any address of the server (default: ${DEFAULT_URL})`,
};

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
    case undefined:
    case 'help':
    case '--help':
    case '-h':
      return { command: 'help', text: HELP.phone };
    default:
      throw new UsageError(`There is no "phone ${name}"; there are call, load and listen.`);
  }
}

function parseCall(args: readonly string[]): Command {
  const options = { out: { type: 'string' }, engines: { type: 'string' } } as const;
  const { values, positionals } = parse(args, options, 1);
  if (values.help) return { command: 'help', text: HELP.call };
  const { out = null, engines = 'small' } = values;
  if (engines !== 'small' && engines !== 'real') {
    throw new UsageError(`--engines is small or real, not "${engines}".`);
  }
  const [scenario = 'demo'] = positionals;
  return { command: 'call', scenario, url: webUrl(values.url), out, engines };
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
    throw new UsageError('Which call? phone listen CALL_SID; `phone call` prints it.');
  }
  return { command: 'listen', callSid, url: webUrl(values.url) };
}

const SHARED = { url: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const;

function parse<O extends Record<string, { readonly type: 'string' }>>(
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
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

function wholeNumber(name: string, given: string, most: number): number {
  const value = Number(given);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new UsageError(`${name} is a whole number from 1 to ${most}, not "${given}".`);
}

function webUrl(given: string = DEFAULT_URL): string {
  const protocol = URL.parse(given)?.protocol;
  if (protocol === 'http:' || protocol === 'https:') return given;
  throw new UsageError(`--url is an http:// or https:// address, not "${given}".`);
}
