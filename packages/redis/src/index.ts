export { openRedis, type RedisSettings, type SharedRedis } from './open-redis.ts';
export type { RedisAddress, RedisParts } from './redis-address.ts';
export { RedisLiveEvents } from './redis-live-events.ts';
export { RedisSessionStore } from './redis-session-store.ts';
