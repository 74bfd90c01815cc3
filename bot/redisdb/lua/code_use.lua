-- Uses a one-time code up.
-- KEYS: 1 the code, hashed
-- ARGV: 1 purpose that it must have been made for
-- Returns the account id, false if the code is unknown, used, over or for another purpose.
local c = redis.call('HMGET', KEYS[1], 'account', 'purpose')
if not c[1] or c[2] ~= ARGV[1] then return false end
redis.call('DEL', KEYS[1])
return c[1]
