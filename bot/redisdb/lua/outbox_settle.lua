-- Notes what became of a message. Settled twice, the second does nothing.
-- KEYS: 1 outbox zset by Unix ms  2 bodies  3 tries  4 list of doubts
-- ARGV: 1 id  2 sent, retry, dropped or unknown  3 now, Unix ms  4 ms to wait
--       before a retry, 0 for the back-off  5 first back-off, ms, doubled with
--       each try  6 longest back-off, ms  7 error  8 most doubts to keep
-- Returns 1, or 0 if there is no such message.
local body = redis.call('HGET', KEYS[2], ARGV[1])
if not body then return 0 end
if ARGV[2] == 'retry' then
  local tries = tonumber(string.match(redis.call('HGET', KEYS[3], ARGV[1]) or '0', '%d+'))
  local wait = tonumber(ARGV[4])
  if wait == 0 then wait = math.min(ARGV[5] * 2 ^ math.min(tries, 20), tonumber(ARGV[6])) end
  redis.call('HSET', KEYS[3], ARGV[1], tries + 1)
  redis.call('ZADD', KEYS[1], ARGV[3] + wait, ARGV[1])
  return 1
end
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[2], ARGV[1])
redis.call('HDEL', KEYS[3], ARGV[1])
if ARGV[2] ~= 'sent' then
  local head = cjson.encode({ id = ARGV[1], fate = ARGV[2], error = ARGV[7] })
  redis.call('LPUSH', KEYS[4], string.sub(head, 1, -2) .. ',"at":' .. ARGV[3] .. ',"notice":' .. body .. '}')
  redis.call('LTRIM', KEYS[4], 0, ARGV[8] - 1)
end
return 1
