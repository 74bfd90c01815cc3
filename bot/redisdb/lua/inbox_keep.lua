-- Keeps something a channel received, once, behind what its chat sent before.
-- KEYS: 1 mark of this id  2 list of the chat's ids  3 zset of chats with work by the time it may be taken  4 hash of what is kept
-- ARGV: 1 id  2 chat  3 what came, sealed  4 now, Unix milliseconds  5 how long the mark stays, milliseconds
-- Returns 1, or 0 if the id was kept before.
if not redis.call('SET', KEYS[1], '1', 'NX', 'PX', ARGV[5]) then return 0 end
redis.call('HSET', KEYS[4], ARGV[1], ARGV[3], 'at:' .. ARGV[1], ARGV[4])
if redis.call('RPUSH', KEYS[2], ARGV[1]) == 1 then redis.call('ZADD', KEYS[3], ARGV[4], ARGV[2]) end
return 1
