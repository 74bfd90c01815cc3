-- Reads the oldest of a leased chat and counts that it was given out.
-- KEYS: 1 list of the chat's ids  2 hash of what is kept  3 zset of chats with work
-- ARGV: 1 chat  2 end of its lease from now on, Unix milliseconds
-- Returns id, what came, what is held ('' if nothing), when it was kept, how often it was given out before;
-- nothing if the chat has no work, which is then taken off the zset.
local id = redis.call('LINDEX', KEYS[1], 0)
if not id then redis.call('ZREM', KEYS[3], ARGV[1]) return false end
redis.call('ZADD', KEYS[3], ARGV[2], ARGV[1])
local tries = redis.call('HINCRBY', KEYS[2], 'tries:' .. id, 1)
local kept = redis.call('HMGET', KEYS[2], id, 'held:' .. id, 'at:' .. id)
return {id, kept[1] or '', kept[2] or '', kept[3] or '0', tries - 1}
