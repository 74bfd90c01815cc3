-- Takes a job's slot for the first replica that asks.
-- KEYS: 1 hash of the last slot taken by job
-- ARGV: 1 job  2 slot, Unix milliseconds
-- Returns 1 if the slot is the caller's, 0 if it or a later one was taken.
local last = tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or '-1')
if last >= tonumber(ARGV[2]) then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return 1
