-- Marks that a message is about to be sent.
-- KEYS: 1 bodies  2 tries: number of tries, with * while a send is under way
-- ARGV: 1 id
-- Returns 1, or 0 if a send began before and was never settled, or if the
-- message is settled already.
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return 0 end
local tries = redis.call('HGET', KEYS[2], ARGV[1]) or '0'
if string.sub(tries, -1) == '*' then return 0 end
redis.call('HSET', KEYS[2], ARGV[1], tries .. '*')
return 1
