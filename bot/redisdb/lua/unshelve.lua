-- Puts a case from its file back, whole.
-- KEYS: 1 case hash  2 sealed hash  3 events list  4 index by territory and
--       state of cases in files  5 the same of cases here  6 index by type,
--       territory and state of cases in files  7 the same of cases here
-- ARGV: 1 id  2 version that was seen  3 filing time, Unix ms  4 number of
--       fields and values  5 number of sealed fields and values  then these,
--       then every event
-- Returns 1, or 0 if the case has changed or is in no file.
local had = redis.call('HMGET', KEYS[1], 'version', 'shelf')
if had[1] ~= ARGV[2] or not had[2] then return 0 end
local plain, sealed = tonumber(ARGV[4]), tonumber(ARGV[5])
redis.call('DEL', KEYS[1], KEYS[3])
redis.call('HSET', KEYS[1], unpack(ARGV, 6, 5 + plain))
if sealed > 0 then redis.call('HSET', KEYS[2], unpack(ARGV, 6 + plain, 5 + plain + sealed)) end
for i = 6 + plain + sealed, #ARGV do redis.call('RPUSH', KEYS[3], ARGV[i]) end
redis.call('ZREM', KEYS[4], ARGV[1])
redis.call('ZADD', KEYS[5], ARGV[3], ARGV[1])
redis.call('ZREM', KEYS[6], ARGV[1])
redis.call('ZADD', KEYS[7], ARGV[3], ARGV[1])
return 1
