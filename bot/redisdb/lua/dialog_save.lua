-- Saves a session, if nobody saved it meanwhile, and the reply to a message.
-- KEYS: 1 session hash: version, session  2 reply to this message
-- ARGV: 1 version that was loaded, 0 for none  2 session, sealed  3 how long it
--       is kept, ms  4 reply, sealed, '' for none  5 how long it is kept, ms
-- Returns 1, or 0 if the session has another version.
local version = redis.call('HGET', KEYS[1], 'version') or '0'
if version ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'version', version + 1, 'session', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
if ARGV[4] ~= '' then redis.call('SET', KEYS[2], ARGV[4], 'PX', ARGV[5]) end
return 1
