-- Leases the chat that has waited longest.
-- KEYS: 1 zset of chats with work by the time it may be taken
-- ARGV: 1 now  2 end of the lease, both Unix milliseconds
-- Returns the chat, or nothing if none may be taken now.
local chats = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, 1)
if not chats[1] then return false end
redis.call('ZADD', KEYS[1], ARGV[2], chats[1])
return chats[1]
