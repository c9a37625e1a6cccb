/** Each script is carried out as a whole, so that of several that claim at once one wins. */

/** Key; when it expires (ms); instance with a warm agent, or ''. */
export const CREATE = `
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('HSET', KEYS[1], 'epoch', '0', 'warmAt', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return 1`;

/** Key; when it expires (ms); epoch that was seen; the next; holder. */
export const CLAIM = `
local kept = redis.call('HMGET', KEYS[1], 'epoch', 'ended')
if kept[1] ~= ARGV[2] or kept[2] then return false end
redis.call('HSET', KEYS[1], 'epoch', ARGV[3], 'holder', ARGV[4])
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return redis.call('HMGET', KEYS[1], 'epoch', 'holder', 'warmAt', 'checkpoint')`;

/** Key; when it expires (ms); epoch; checkpoint. */
export const SAVE = `
local kept = redis.call('HMGET', KEYS[1], 'epoch', 'ended')
if kept[1] ~= ARGV[2] or kept[2] then return 0 end
redis.call('HSET', KEYS[1], 'checkpoint', ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return 1`;

/** Key; when it expires (ms). */
export const END = `
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
if redis.call('HSETNX', KEYS[1], 'ended', '1') == 0 then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[1])`;
