export const USAGE = `npm run worker: hosts the lives of calls on Temporal. Run as many as you like.

It takes the variables of the server that it works for, with the same values:

  TEMPORAL_HOST, TEMPORAL_PORT       where Temporal is (default: 127.0.0.1:7233)
  DATABASE_URL                       the server's database (in development: its own, in DATA_DIR)
  TWILIO_ACCOUNT_SID, _AUTH_TOKEN    who places the calls
  BASE_URL                           the URL under which Twilio reaches the server
  REDIS_URL                          tells servers at once how calls go on

and some of its own:

  MAX_CONCURRENT_ACTIVITIES, MAX_CONCURRENT_WORKFLOWS   how much at once (100, 1000)
  WORKER_BUILD_ID                    calls stay with the build that began them
  WORKER_MAKE_CURRENT=true           new calls go to this build from now on
  WORKER_HEALTH_PORT, WORKER_METRICS_PORT               (9001, 9000; 0: any, none)

SIGTERM or Ctrl-C stops it: what is under way may end first (GRACE_MS), and calls go on elsewhere.
All variables: docs/configuration.md.`;
