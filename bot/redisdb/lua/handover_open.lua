-- Keeps a question passed to a person, once, with the notices that it brings.
-- KEYS: 1 the question  2 zset of those without an answer, by Unix ms
--       3 outbox zset by Unix ms  4 outbox bodies
-- ARGV: 1 question, sealed  2 its id  3 now, Unix ms  4 how long it is kept, ms
--       5… id and body of each notice by turns
-- Returns 1, or 0 if it was kept before.
if not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[4]) then return 0 end
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[2])
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', ARGV[3] - ARGV[4])
for i = 5, #ARGV, 2 do
  redis.call('ZADD', KEYS[3], ARGV[3], ARGV[i])
  redis.call('HSET', KEYS[4], ARGV[i], ARGV[i + 1])
end
return 1
