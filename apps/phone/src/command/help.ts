export const DEFAULT_URL = 'http://localhost:8000/twilio/voice';
export const DEFAULT_PORT = 8_100;
/** More calls than one emulator can place without being late itself. */
export const MAX_CALLS = 1_000;
export const MAX_SECONDS = 3_600;

const ENVIRONMENT = `
Environment
  TWILIO_AUTH_TOKEN    signs what the emulator sends; the server must have the same
  TWILIO_ACCOUNT_SID   the account it claims to be
  EARSHOT_API_KEY      a key of the server, once it has any: it tells the words of calls to nobody else`;

export const HELP = {
  phone: `Calls a voice server as Twilio would.

  npm run phone -- call [SCENARIO]   one call with a simulated caller, recorded and judged
  npm run phone -- load              many calls at once
  npm run phone -- listen CALL_SID   the live transcript of a call
  npm run phone -- serve             Twilio's REST API, with simulated callees

Each has --help.
${ENVIRONMENT}`,
  call: `phone call [SCENARIO] [--url URL] [--out DIR] [--engines small|real] [--via URL]

Plays one caller. The transcript scrolls by while the call runs; the recording (left caller, right
agent as heard) and the reports are left in DIR.

  SCENARIO    a YAML file, or the name of one in apps/phone/scenarios (default: demo)
  --url URL   the voice webhook (default: ${DEFAULT_URL})
  --out DIR   where call.wav, report.json and report.html go (default: out/calls/<scenario>)
  --engines   small: the caller has a small offline voice (default); real: a Piper voice of MODELS_DIR
  --via URL   lets \`phone serve\` at this address ring its number, so that the server can look the call
              up and end it; told is only what became of it

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

  --url URL   any address of the server (default: ${DEFAULT_URL})
${ENVIRONMENT}`,
  serve: `phone serve [--port ${DEFAULT_PORT}] [--callee NAME|FILE] …

Speaks Twilio's REST API for one account: a server whose TWILIO_API_BASE_URL is this address places
its calls here, to simulated callees. The first line that it prints is JSON: event, url, accountSid,
numbers. It serves until it is stopped.

  --port N          0: any that is free (default: ${DEFAULT_PORT}), on 127.0.0.1
  --host ADDRESS    another address to listen on
  --callee WHO      who answers: talks, busy, no-answer, voicemail, hangs-up, rejects, unreachable,
                    silent, or a scenario's name or file (default: talks, as scenarios/callee.yaml)
  --callees FILE    who answers which number: a table in YAML
  --number N,…      the account's own numbers (default: +12025550100)
  --voice-url URL   their voice webhook (default: ${DEFAULT_URL})
  --cps N           new calls a second, others wait (default: 1)
  --trouble WHAT,…  late, doubled, shuffled, lost-answer, slow, 429, 5xx, down; each may have a
                    share: lost-answer=0.5
  --seed N          makes troubles that strike by share the same again
  --speed N         rings, queues and detection pass N times as fast; talk does not
  --engines         small: callees have small offline voices (default); real: a Piper voice
  --with-parent     ends when the standard input ends, and prints the first line only
${ENVIRONMENT}`,
};
