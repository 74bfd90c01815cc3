-- Writes a publicity slot if nobody has written it since it was read.
-- KEYS: 1 hash of a year's slots by id  2 hash of their versions
-- ARGV: 1 slot id  2 version that was read, 0 for none  3 the slot as JSON, with the new version in it
-- Returns the new version, 0 if the stored version is another.
local had = tonumber(redis.call('HGET', KEYS[2], ARGV[1]) or '0')
if had ~= tonumber(ARGV[2]) then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return redis.call('HINCRBY', KEYS[2], ARGV[1], 1)
