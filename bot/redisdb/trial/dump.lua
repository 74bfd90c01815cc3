-- Reads every key at one moment.
-- Returns a row a key: name, type, time to live in ms (-1 none), values; a
-- stream's values are read apart.
local rows = {}
for _, key in ipairs(redis.call('KEYS', '*')) do
  local kind = redis.call('TYPE', key)['ok']
  local values = {}
  if kind == 'string' then values = { redis.call('GET', key) }
  elseif kind == 'hash' then values = redis.call('HGETALL', key)
  elseif kind == 'list' then values = redis.call('LRANGE', key, 0, -1)
  elseif kind == 'set' then values = redis.call('SMEMBERS', key)
  elseif kind == 'zset' then values = redis.call('ZRANGE', key, 0, -1, 'WITHSCORES')
  end
  rows[#rows + 1] = { key, kind, redis.call('PTTL', key), values }
end
return rows
