-- Adds a line to a conversation and tells who watches.
-- KEYS: 1 stream of the conversation  2 its salt  3 mark of the token
-- ARGV: 1 line, sealed  2 most lines  3 how long a conversation is kept  4 how long the mark stays, both milliseconds
--       5 token, '' for none  6 name under which news is told  7 the conversation
-- Returns the line's id, or '' if the token came before.
if ARGV[5] ~= '' and not redis.call('SET', KEYS[3], '1', 'NX', 'PX', ARGV[4]) then return '' end
local id = redis.call('XADD', KEYS[1], 'MAXLEN', ARGV[2], '*', 'line', ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
redis.call('PUBLISH', ARGV[6], ARGV[7])
return id
