-- Keeps a draft, or forgets it, if it is still the version that was read.
-- KEYS: 1 drafts hash, id to JSON
-- ARGV: 1 id  2 version read, 0 for a new one  3 draft, or "" to forget it
-- Returns 1, or 0 if another version is kept.
local raw = redis.call('HGET', KEYS[1], ARGV[1])
local had = '0'
if raw then had = string.format('%d', cjson.decode(raw).version) end
if had ~= ARGV[2] then return 0 end
if ARGV[3] == '' then
  redis.call('HDEL', KEYS[1], ARGV[1])
else
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
end
return 1
