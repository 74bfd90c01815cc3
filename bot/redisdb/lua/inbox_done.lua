-- Forgets the head of a chat and lets the next one be taken.
-- KEYS: 1 list of the chat's ids  2 hash of what is kept  3 zset of chats with work
-- ARGV: 1 id  2 chat  3 now, Unix milliseconds
-- Returns 1, or 0 if the id is no longer the chat's head.
if redis.call('LINDEX', KEYS[1], 0) ~= ARGV[1] then return 0 end
redis.call('LPOP', KEYS[1])
redis.call('HDEL', KEYS[2], ARGV[1], 'held:' .. ARGV[1], 'at:' .. ARGV[1], 'tries:' .. ARGV[1])
if redis.call('LLEN', KEYS[1]) == 0 then
  redis.call('ZREM', KEYS[3], ARGV[2])
else
  redis.call('ZADD', KEYS[3], ARGV[3], ARGV[2])
end
return 1
