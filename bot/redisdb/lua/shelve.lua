-- Lets go of an archived case that a file holds: leaves a remnant, the salt of its
-- personal data, and a trail that begins with this event.
-- KEYS: 1 case hash  2 sealed hash  3 events list  4 timers zset  5 heads of
--       the yearly files  6 index by territory and state  7 the same of cases
--       in files  8 index by type, territory and state  9 the same of cases in
--       files  10… indexes by trait, which now last
-- ARGV: 1 id  2 version that was written to the file  3 year  4 head of the
--       year's file before, '' if it is new  5 head after  6 the event  7 filing
--       time, Unix ms  8 number of timer members that follow  then these, then
--       the remnant's fields and values
-- Returns 1; 0 if the case has changed or is in a file already; -1 if somebody
-- else has written to the year's file.
local had = redis.call('HMGET', KEYS[1], 'version', 'state', 'shelf')
if had[1] ~= ARGV[2] or had[2] ~= 'archived' or had[3] then return 0 end
if (redis.call('HGET', KEYS[5], ARGV[3]) or '') ~= ARGV[4] then return -1 end
local timers = tonumber(ARGV[8])
local salt = redis.call('HGET', KEYS[2], 'salt')
redis.call('DEL', KEYS[1], KEYS[2], KEYS[3])
redis.call('HSET', KEYS[1], unpack(ARGV, 9 + timers))
if salt then redis.call('HSET', KEYS[2], 'salt', salt) end
redis.call('RPUSH', KEYS[3], ARGV[6])
for i = 9, 8 + timers do redis.call('ZREM', KEYS[4], ARGV[i]) end
redis.call('HSET', KEYS[5], ARGV[3], ARGV[5])
redis.call('ZREM', KEYS[6], ARGV[1])
redis.call('ZADD', KEYS[7], ARGV[7], ARGV[1])
redis.call('ZREM', KEYS[8], ARGV[1])
redis.call('ZADD', KEYS[9], ARGV[7], ARGV[1])
for i = 10, #KEYS do redis.call('PERSIST', KEYS[i]) end
return 1
