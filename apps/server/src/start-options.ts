import { parseArgs } from 'node:util';

export const USAGE = `npm start: a receptionist that answers phone calls, at http://localhost:8000.

Everything is set by environment variables. The five that matter most:

  RECEPTIONIST        the file of the business (default: the dental practice)
  PORT                where it listens (default: 8000)
  BASE_URL            the URL under which Twilio reaches it
  TWILIO_AUTH_TOKEN   checks Twilio's signatures; without it only this machine can call
  MODELS_DIR          where Whisper and Piper lie, or are fetched to (default: models)

  PORT=8001 RECEPTIONIST=my-business.yaml npm start

Ctrl-C stops it: live calls may end first; a second Ctrl-C ends it at once.
All variables: docs/configuration.md. What messages mean: docs/troubleshooting.md. Start: README.md.`;

/** Whether the usage is asked for. Throws an Error with a `code` for any other argument. */
export function asksForHelp(args: readonly string[]): boolean {
  const options = { help: { type: 'boolean', short: 'h' } } as const;
  return parseArgs({ args: [...args], options }).values.help === true;
}
