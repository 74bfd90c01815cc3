-- Adds messages, in place of one that is split over its recipients if given.
-- KEYS: 1 outbox zset by Unix ms  2 bodies  3 tries
-- ARGV: 1 now, Unix ms  2 id of the message to replace, '' for none
--       3… id and body by turns
-- Returns how many were added: 0 if the message to replace is gone.
if ARGV[2] ~= '' then
  if redis.call('HDEL', KEYS[2], ARGV[2]) == 0 then return 0 end
  redis.call('ZREM', KEYS[1], ARGV[2])
  redis.call('HDEL', KEYS[3], ARGV[2])
end
for i = 3, #ARGV, 2 do
  redis.call('ZADD', KEYS[1], ARGV[1], ARGV[i])
  redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1])
end
return (#ARGV - 2) / 2
