-- Ends a lock early, if it is still the caller's.
-- KEYS: 1 lock
-- ARGV: 1 the token that the caller set
-- Returns 1, or 0 if the lock has run out or is another's.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
