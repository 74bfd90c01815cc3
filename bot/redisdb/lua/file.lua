-- Keeps a new case with its number, events, queue entry, timers and notices.
-- KEYS: 1 what the token did  2 case hash  3 sealed hash  4 events list
--       5 index by territory and state  6 index by reporter  7 queue zset
--       8 timers zset  9 outbox zset  10 outbox bodies  11 last serial of the
--       year  12 year's index by serial  13 index by type, territory and state
--       14… indexes by trait
-- ARGV: 1 id  2 how long the token is kept, ms, '' without one  3 filing time,
--       Unix ms  4 queue score, '' if it isn't queued  5 year  6 number form
--       7 digits of the serial  8 how many cases the reporter must have fewer
--       than, 0 for any  9 how many cases of each trait are looked at first
--       10 how long an index by trait is kept, ms  11 lengths of the lists that
--       follow: case fields and values, sealed fields and values, events, timers
--       (Unix ms, member), notices (id, body before the number, body after it),
--       separated by commas
-- The form's {serial} is filled in here, and the number after a notice's first
-- part.
-- Returns {id, number, 0}, or {id of the case that the token made, '', 1}; or,
-- with nothing kept, {how many cases the reporter has, '', 2}, or {'', '', 3,
-- ids of cases that share a trait…}.
local id, at = ARGV[1], 12
local sizes = {}
for n in string.gmatch(ARGV[11], '%d+') do sizes[#sizes + 1] = tonumber(n) end
local function list(n)
  at = at + n
  return unpack(ARGV, at - n, at - 1)
end

if ARGV[2] ~= '' then
  local had = redis.call('GET', KEYS[1])
  if had then return { had, '', 1 } end
end
if ARGV[8] ~= '0' then
  local has = redis.call('ZCARD', KEYS[6])
  if has >= tonumber(ARGV[8]) then return { tostring(has), '', 2 } end
end
if ARGV[9] ~= '0' and #KEYS > 13 and redis.call('EXISTS', unpack(KEYS, 14)) > 0 then
  local like = { '', '', 3 }
  for i = 14, #KEYS do
    for _, other in ipairs(redis.call('ZREVRANGE', KEYS[i], 0, ARGV[9] - 1)) do like[#like + 1] = other end
  end
  return like
end

if ARGV[2] ~= '' then redis.call('SET', KEYS[1], id, 'PX', ARGV[2]) end
local serial = redis.call('INCR', KEYS[11])
local digits = string.format('%0' .. ARGV[7] .. 'd', serial)
local number = string.gsub(ARGV[6], '{serial}', digits)
redis.call('HSET', KEYS[12], serial, id)

redis.call('HSET', KEYS[2], 'number', number, 'year', ARGV[5], 'serial', serial, list(sizes[1]))
redis.call('HSET', KEYS[3], list(sizes[2]))
redis.call('RPUSH', KEYS[4], list(sizes[3]))
redis.call('ZADD', KEYS[5], ARGV[3], id)
redis.call('ZADD', KEYS[6], ARGV[3], id)
redis.call('ZADD', KEYS[13], ARGV[3], id)
if ARGV[4] ~= '' then redis.call('ZADD', KEYS[7], ARGV[4], id) end
if sizes[4] > 0 then redis.call('ZADD', KEYS[8], list(sizes[4])) end
if sizes[5] > 0 then
  local ready, bodies = {}, {}
  for i = at, #ARGV, 3 do
    ready[#ready + 1], ready[#ready + 2] = ARGV[3], ARGV[i]
    bodies[#bodies + 1], bodies[#bodies + 2] = ARGV[i], ARGV[i + 1] .. number .. ARGV[i + 2]
  end
  redis.call('ZADD', KEYS[9], unpack(ready))
  redis.call('HSET', KEYS[10], unpack(bodies))
end
for i = 14, #KEYS do
  redis.call('ZADD', KEYS[i], ARGV[3], id)
  redis.call('PEXPIRE', KEYS[i], ARGV[10])
end
return { id, number, 0 }
