-- Counts a question under its week; if it has an id, puts it on the list of
-- needs or counts it there again, and drops what is too old or too much.
-- KEYS: 1 needs hash, id to JSON  2 zset of ids by when they last came up, Unix
--       ms  3 figures hash of the week
-- ARGV: 1 kind  2 how long figures are kept, ms  3 id, or "" to count only
--       4 sealed words  5 entry  6 now, Unix ms  7 week  8 how long needs are
--       kept, ms  9 how many at most  10 oldest week that is still counted
-- A need whose entry is live and that came up again is open again.
-- Returns 1 if the need is new, else 0.
redis.call('HINCRBY', KEYS[3], ARGV[1], 1)
redis.call('PEXPIRE', KEYS[3], ARGV[2])
local id = ARGV[3]
if id == '' then return 0 end
for _, old in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', ARGV[6] - ARGV[8])) do
  redis.call('HDEL', KEYS[1], old)
  redis.call('ZREM', KEYS[2], old)
end
local raw = redis.call('HGET', KEYS[1], id)
local need = { text = ARGV[4], kinds = {}, weeks = {}, first = ARGV[6] }
if raw then need = cjson.decode(raw) end
need.kinds[ARGV[1]] = (need.kinds[ARGV[1]] or 0) + 1
local weeks = {}
for week, n in pairs(need.weeks) do
  if week >= ARGV[10] then weeks[week] = n end
end
weeks[ARGV[7]] = (weeks[ARGV[7]] or 0) + 1
need.weeks = weeks
need.last = ARGV[6]
if ARGV[5] ~= '' then need.entry = ARGV[5] end
if need.state == 'live' then need.state = '' end
redis.call('HSET', KEYS[1], id, cjson.encode(need))
redis.call('ZADD', KEYS[2], ARGV[6], id)
local over = redis.call('ZCARD', KEYS[2]) - ARGV[9]
if over > 0 then
  for _, old in ipairs(redis.call('ZRANGE', KEYS[2], 0, over - 1)) do
    redis.call('HDEL', KEYS[1], old)
    redis.call('ZREM', KEYS[2], old)
  end
end
if raw then return 0 end
return 1
