-- Keeps a new case with its number, events, queue entry, timers and notices.
-- KEYS: 1 what the token did  2 case hash  3 sealed hash  4 events list
--       5 index by territory and state  6 index by reporter  7 queue zset
--       8 timers zset  9 outbox zset  10 outbox bodies  11 last serial of the
--       year  12 year's index by serial
-- ARGV: 1 id  2 how long the token is kept, ms, '' without one  3 filing time,
--       Unix ms  4 queue score, '' if it isn't queued  5 year  6 number form
--       7 digits of the serial  8 lengths of the lists that follow: case
--       fields and values, sealed fields and values, events, timers (member,
--       Unix ms), notices (id, body), separated by commas
-- A notice's {number} and the form's {serial} are filled in here.
-- Returns {id, number, 0}, or {id of the case that the token made, '', 1}.
local id, at = ARGV[1], 9
local sizes = {}
for n in string.gmatch(ARGV[8], '%d+') do sizes[#sizes + 1] = tonumber(n) end
local function list(n)
  local part = {}
  for i = 1, n do part[i] = ARGV[at]; at = at + 1 end
  return part
end

if ARGV[2] ~= '' then
  local had = redis.call('GET', KEYS[1])
  if had then return { had, '', 1 } end
  redis.call('SET', KEYS[1], id, 'PX', ARGV[2])
end
local serial = redis.call('INCR', KEYS[11])
local digits = string.format('%0' .. ARGV[7] .. 'd', serial)
local number = string.gsub(ARGV[6], '{serial}', digits)
redis.call('HSET', KEYS[12], serial, id)

redis.call('HSET', KEYS[2], 'number', number, 'year', ARGV[5], 'serial', serial, unpack(list(sizes[1])))
redis.call('HSET', KEYS[3], unpack(list(sizes[2])))
redis.call('RPUSH', KEYS[4], unpack(list(sizes[3])))
redis.call('ZADD', KEYS[5], ARGV[3], id)
redis.call('ZADD', KEYS[6], ARGV[3], id)
if ARGV[4] ~= '' then redis.call('ZADD', KEYS[7], ARGV[4], id) end
local timers = list(sizes[4])
for i = 1, #timers, 2 do redis.call('ZADD', KEYS[8], timers[i + 1], timers[i]) end
local notices = list(sizes[5])
for i = 1, #notices, 2 do
  redis.call('ZADD', KEYS[9], ARGV[3], notices[i])
  redis.call('HSET', KEYS[10], notices[i], (string.gsub(notices[i + 1], '{number}', number)))
end
return { id, number, 0 }
