export const USAGE = `npm start: a receptionist that answers phone calls, at http://localhost:8000.

It takes calls, and places them: POST /calls, described at http://localhost:8000/docs. With nothing set
an emulator connects them on this machine, and calls are kept in ./data.

Everything is set by environment variables. Those that matter most:

  RECEPTIONIST        the file of the business (default: the dental practice)
  PORT                where it listens (default: 8000)
  BASE_URL            the URL under which Twilio reaches it
  TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_PHONE_NUMBER
                      whose calls these are; without them only this machine can call
  DATABASE_URL        PostgreSQL 15 or newer (default: one that comes along; memory: for none)
  MODELS_DIR          where Whisper and Piper lie, or are fetched to (default: models)

  PORT=8001 RECEPTIONIST=my-business.yaml npm start

npm run keys makes keys for the API. Ctrl-C stops it: live calls may end first; a second Ctrl-C ends it at once.
All variables: docs/configuration.md. What messages mean: docs/troubleshooting.md. Start: README.md.`;
