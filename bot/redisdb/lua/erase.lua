-- Destroys a case's salt, and with it everything personal in it, and leaves a
-- remnant whose trail ends with this event.
-- KEYS: 1 case hash  2 sealed hash  3 events list  4 timers zset  5 index by
--       reporter  6… indexes by trait
-- ARGV: 1 id  2 version that was seen  3 the event  4 number of timer members
--       that follow  then these, then the remnant's fields and values
-- Returns 1, or 0 if the case has changed.
if redis.call('HGET', KEYS[1], 'version') ~= ARGV[2] then return 0 end
local timers = tonumber(ARGV[4])
redis.call('DEL', KEYS[1], KEYS[2])
redis.call('HSET', KEYS[1], unpack(ARGV, 5 + timers))
redis.call('RPUSH', KEYS[3], ARGV[3])
for i = 5, 4 + timers do redis.call('ZREM', KEYS[4], ARGV[i]) end
for i = 5, #KEYS do redis.call('ZREM', KEYS[i], ARGV[1]) end
return 1
