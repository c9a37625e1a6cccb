export { findTemporalCli, HOW_TO_GET_TEMPORAL } from './temporal-cli.ts';
export { startTemporalServer, type TemporalServer } from './temporal-server.ts';
