-- Notes what an outlet has of a slot; what is out stays as it is.
-- KEYS: 1 hash of the slot's releases by outlet  2 zset of the outlet's slots by release time
-- ARGV: 1 outlet  2 slot id  3 the release as JSON  4 release time, Unix milliseconds, '' if it isn't out
-- Returns 1, or 0 if the outlet had the slot already.
if redis.call('ZSCORE', KEYS[2], ARGV[2]) then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
if ARGV[4] ~= '' then redis.call('ZADD', KEYS[2], ARGV[4], ARGV[2]) end
return 1
