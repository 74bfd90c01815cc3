-- Notes that the head of a chat is handled and what is still to be sent.
-- KEYS: 1 list of the chat's ids  2 hash of what is kept
-- ARGV: 1 id  2 what is held, sealed
-- Returns 1, or 0 if the id is no longer the chat's head.
if redis.call('LINDEX', KEYS[1], 0) ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[2], 'held:' .. ARGV[1], ARGV[2])
return 1
