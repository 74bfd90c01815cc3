-- Makes one move of a case: fields, event, indexes, queue, timers, notices.
-- KEYS: 1 case hash  2 sealed hash  3 events list  4 index by territory and
--       state before  5 the same after  6 queue zset  7 timers zset  8 outbox
--       zset  9 outbox bodies  10 index by owner before  11 the same after
--       12 what the token did  13 index by helper, of who joins  14 the same,
--       of who leaves  15 last serial of the year's agreements  16 the year's
--       index by serial of agreements; the last two: index by type, territory
--       and state before, the same after
-- ARGV: 1 id  2 version that was seen  3 allowed states as ',a,b,', '' for any
--       4 owner it must have, '' for any  5 mark of this call  6 how long the
--       token is kept, ms, '' without one  7 filing time, Unix ms  8 time of
--       the move, Unix ms  9 '1' if it leaves its owner's index  10 '1' if it
--       enters one  11 queue score, '-' to take it out, '' to leave it
--       12 member of the timer that fired, '' if none did  13 its field
--       14 the field's value  15 the event  16 lengths of the lists that
--       follow: fields and values to set, fields to delete, sealed fields and
--       values, timers to set (Unix ms, member), timers to cancel (member),
--       nothing or year, form and digits of the agreement's number, notices
--       (id, body), separated by commas; then '1' or '' for joining and for
--       leaving
-- The form's {serial} is filled in here: only a move that is made takes one.
-- Returns the new version; 0 if the case has changed since it was seen, -1 if
-- there is none, -2 if its state forbids the move, -3 if another owns it, -4 if
-- the timer is no longer set, -5 if this call or its token did it before.
local at, sizes = 17, {}
for n in string.gmatch(ARGV[16], '%d+') do sizes[#sizes + 1] = tonumber(n) end
local function list(n)
  at = at + n
  return unpack(ARGV, at - n, at - 1)
end

if ARGV[6] ~= '' and redis.call('EXISTS', KEYS[12]) == 1 then return -5 end
local had = redis.call('HMGET', KEYS[1], 'version', 'state', 'owner', 'call')
if not had[1] then return -1 end
if had[1] ~= ARGV[2] then return had[4] == ARGV[5] and -5 or 0 end
if ARGV[3] ~= '' and not string.find(ARGV[3], ',' .. had[2] .. ',', 1, true) then return -2 end
if ARGV[4] ~= '' and had[3] ~= ARGV[4] then return -3 end
if ARGV[12] ~= '' then
  if redis.call('HGET', KEYS[1], ARGV[13]) ~= ARGV[14] then return -4 end
  if redis.call('ZREM', KEYS[7], ARGV[12]) == 0 then return -4 end
end

if ARGV[6] ~= '' then redis.call('SET', KEYS[12], ARGV[1], 'PX', ARGV[6]) end
redis.call('HSET', KEYS[1], 'call', ARGV[5], list(sizes[1]))
if sizes[2] > 0 then redis.call('HDEL', KEYS[1], list(sizes[2])) end
if sizes[3] > 0 then redis.call('HSET', KEYS[2], list(sizes[3])) end
redis.call('RPUSH', KEYS[3], ARGV[15])
if KEYS[4] ~= KEYS[5] then
  redis.call('ZREM', KEYS[4], ARGV[1])
  redis.call('ZADD', KEYS[5], ARGV[7], ARGV[1])
  redis.call('ZREM', KEYS[#KEYS - 1], ARGV[1])
  redis.call('ZADD', KEYS[#KEYS], ARGV[7], ARGV[1])
end
if ARGV[9] == '1' then redis.call('ZREM', KEYS[10], ARGV[1]) end
if ARGV[10] == '1' then redis.call('ZADD', KEYS[11], ARGV[7], ARGV[1]) end
if ARGV[11] == '-' then
  redis.call('ZREM', KEYS[6], ARGV[1])
elseif ARGV[11] ~= '' then
  redis.call('ZADD', KEYS[6], ARGV[11], ARGV[1])
end
if sizes[4] > 0 then redis.call('ZADD', KEYS[7], list(sizes[4])) end
if sizes[5] > 0 then redis.call('ZREM', KEYS[7], list(sizes[5])) end
if sizes[6] > 0 then
  local year, form, digits = list(sizes[6])
  local serial = redis.call('INCR', KEYS[15])
  local number = string.gsub(form, '{serial}', (string.format('%0' .. digits .. 'd', serial)))
  redis.call('HSET', KEYS[16], serial, ARGV[1])
  redis.call('HSET', KEYS[1], 'agreement', number, 'agreement_year', year, 'agreement_serial', serial)
end
if sizes[7] > 0 then
  local ready = {}
  for i = at, #ARGV - 2, 2 do ready[#ready + 1], ready[#ready + 2] = ARGV[8], ARGV[i] end
  redis.call('ZADD', KEYS[8], unpack(ready))
  redis.call('HSET', KEYS[9], list(sizes[7]))
end
if ARGV[#ARGV - 1] == '1' then redis.call('ZADD', KEYS[13], ARGV[7], ARGV[1]) end
if ARGV[#ARGV] == '1' then redis.call('ZREM', KEYS[14], ARGV[1]) end
return tonumber(ARGV[2]) + 1
