export { ENVIRONMENT, readEnvironment } from './environment.ts';
export { failureOf, type ProcessFailure } from './failure.ts';
export { choice, httpUrl, list, wholeNumber, yesOrNo } from './fields.ts';
export { LOG_LEVEL, type LogLevel, openLog } from './log.ts';
export { inOurWords, inWordsForFiles, mistakesOf } from './our-words.ts';
export { PUBLIC_URL_VARIABLES, publicUrlContradictions, publicUrlOf } from './public-url.ts';
export { readText, UnreadableError } from './read-text.ts';
export { runProcess } from './run-process.ts';
export { endAfterGrace, GRACE_MS, stopSignal } from './stop.ts';
export {
  isPostgresUrl,
  type PostgresConfig,
  postgresOf,
  type RedisConfig,
  redisOf,
  STORE_VARIABLES,
  type StoreVariables,
  type TemporalConfig,
  temporalAt,
} from './stores.ts';
export { TWILIO_VARIABLES } from './twilio.ts';
