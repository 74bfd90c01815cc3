-- Makes an edition of an entry live, ends the draft that it came from, and
-- notes it in the history.
-- KEYS: 1 drafts hash, id to JSON  2 editions hash, id to JSON  3 history list of
--       the entry, newest first  4 version of all editions
-- ARGV: 1 id  2 version of the draft that was read, 0 if it came from none
--       3 edition  4 "1" if nothing of it stays live, else "0"  5 how many the
--       history keeps
-- Returns the new version of all editions, or 0 if the draft has changed.
if ARGV[2] ~= '0' then
  local raw = redis.call('HGET', KEYS[1], ARGV[1])
  if not raw or string.format('%d', cjson.decode(raw).version) ~= ARGV[2] then return 0 end
  redis.call('HDEL', KEYS[1], ARGV[1])
end
if ARGV[4] == '1' then
  redis.call('HDEL', KEYS[2], ARGV[1])
else
  redis.call('HSET', KEYS[2], ARGV[1], ARGV[3])
end
redis.call('LPUSH', KEYS[3], ARGV[3])
redis.call('LTRIM', KEYS[3], 0, ARGV[5] - 1)
return redis.call('INCR', KEYS[4])
