-- Lets the head of a chat be taken again, not before a time.
-- KEYS: 1 list of the chat's ids  2 zset of chats with work
-- ARGV: 1 id  2 chat  3 not before, Unix milliseconds
-- Returns 1, or 0 if the id is no longer the chat's head.
if redis.call('LINDEX', KEYS[1], 0) ~= ARGV[1] then return 0 end
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[2])
return 1
