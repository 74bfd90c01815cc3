-- Leases messages that may be sent now, oldest first.
-- KEYS: 1 outbox zset by Unix ms  2 bodies  3 tries
-- ARGV: 1 now, Unix ms  2 lease, ms  3 most entries
-- Returns id, body and number of tries by turns.
local out = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])) do
  local body = redis.call('HGET', KEYS[2], id)
  if body then
    redis.call('ZADD', KEYS[1], ARGV[1] + ARGV[2], id)
    local tries = string.match(redis.call('HGET', KEYS[3], id) or '0', '%d+')
    out[#out + 1], out[#out + 2], out[#out + 3] = id, body, tries
  else
    redis.call('ZREM', KEYS[1], id)
  end
end
return out
