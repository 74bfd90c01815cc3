-- Keeps a request as its next version, and queues what is told of it.
-- KEYS: 1 requests by id  2 their versions  3 open ones by due time  4 settled
--       ones by time  5 outbox  6 outbox bodies
-- ARGV: 1 id  2 version that was seen, 0 for a new one  3 the request  4 due
--       time, Unix ms, '' if it isn't open  5 time of settling, Unix ms, '' if
--       it is open  6 now, Unix ms  then id and body of each notice
-- Returns 1, or 0 if it has changed since it was seen.
if (redis.call('HGET', KEYS[2], ARGV[1]) or '0') ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
redis.call('HINCRBY', KEYS[2], ARGV[1], 1)
if ARGV[4] ~= '' then
  redis.call('ZADD', KEYS[3], ARGV[4], ARGV[1])
else
  redis.call('ZREM', KEYS[3], ARGV[1])
  redis.call('ZADD', KEYS[4], ARGV[5], ARGV[1])
end
for i = 7, #ARGV, 2 do
  redis.call('ZADD', KEYS[5], ARGV[6], ARGV[i])
  redis.call('HSET', KEYS[6], ARGV[i], ARGV[i + 1])
end
return 1
