-- Keeps new cases, each with its number, events, queue entry, timers and
-- notices: one report, or several that came at the same time, one after another.
-- KEYS: 1 timers zset  2 outbox zset  3 outbox bodies  4 last serial of the
--       year  5 year's index by serial; then of each report: what the token did,
--       case hash, sealed hash, events list, index by reporter, index by
--       territory and state, index by type, territory and state, queue zset,
--       indexes by trait
-- ARGV: 1 year  2 number form  3 digits of the serial  4 how long a token is
--       kept, ms  5 how long an index by trait is kept, ms; then of each report:
--       id, filing time (Unix ms), queue score ('' if it isn't queued), how many
--       cases the reporter must have fewer than (0 for any), how many cases of
--       each trait are looked at first, how many indexes by trait there are and
--       the lengths of the lists that follow, separated by commas: case fields
--       and values, sealed fields and values, events, timers (Unix ms, member),
--       notices (id, body before the number, body after it)
-- The form's {serial} is filled in here, and the number after a notice's first
-- part.
-- Returns of each report {id, number, 0}, or {id of the case that the token
-- made, '', 1}; or, with nothing kept of it, {how many cases the reporter has,
-- '', 2}, {'', '', 3, ids of cases that share a trait…} or {what went wrong,
-- '', 4}. If all went wrong, the script fails as the first did.
local call, due, ready, bodies, serials = redis.call, {}, {}, {}, {}

local function file(k, a, traits, fields, sealed, events, timers, notices)
  local id, filed, score, most, look = ARGV[a], ARGV[a + 1], ARGV[a + 2], ARGV[a + 3], ARGV[a + 4]
  local has = most ~= '0' and call('ZCARD', KEYS[k + 4]) or 0
  local many = most ~= '0' and has >= tonumber(most)
  local alike = not many and look ~= '0' and traits > 0 and call('EXISTS', unpack(KEYS, k + 8, k + 7 + traits)) > 0
  if many or alike or not call('SET', KEYS[k], id, 'PX', ARGV[4], 'NX') then
    local had = call('GET', KEYS[k])
    if had then return { had, '', 1 } end
    if many then return { tostring(has), '', 2 } end
    local like = { '', '', 3 }
    for i = k + 8, k + 7 + traits do
      for _, other in ipairs(call('ZREVRANGE', KEYS[i], 0, look - 1)) do like[#like + 1] = other end
    end
    return like
  end

  local serial = call('INCR', KEYS[4])
  local number = string.gsub(ARGV[2], '{serial}', (string.format('%0' .. ARGV[3] .. 'd', serial)))
  local at = a + 6
  call('HSET', KEYS[k + 1], 'number', number, 'year', ARGV[1], 'serial', serial, unpack(ARGV, at, at + fields - 1))
  at = at + fields
  call('HSET', KEYS[k + 2], unpack(ARGV, at, at + sealed - 1))
  at = at + sealed
  call('RPUSH', KEYS[k + 3], unpack(ARGV, at, at + events - 1))
  at = at + events
  for i = k + 4, k + 6 do call('ZADD', KEYS[i], filed, id) end
  if score ~= '' then call('ZADD', KEYS[k + 7], score, id) end
  for i = k + 8, k + 7 + traits do
    call('ZADD', KEYS[i], filed, id)
    call('PEXPIRE', KEYS[i], ARGV[5])
  end
  serials[#serials + 1], serials[#serials + 2] = serial, id
  for i = at, at + timers - 1 do due[#due + 1] = ARGV[i] end
  at = at + timers
  for i = at, at + notices - 1, 3 do
    ready[#ready + 1], ready[#ready + 2] = filed, ARGV[i]
    bodies[#bodies + 1], bodies[#bodies + 2] = ARGV[i], ARGV[i + 1] .. number .. ARGV[i + 2]
  end
  return { id, number, 0 }
end

local said, failed, first = {}, 0, nil
local k, a = 6, 6
while k <= #KEYS do
  local n = {}
  for size in string.gmatch(ARGV[a + 5], '%d+') do n[#n + 1] = tonumber(size) end
  local ok, what = pcall(file, k, a, unpack(n))
  if not ok then
    first, failed = first or what, failed + 1
    what = { tostring(type(what) == 'table' and what.err or what), '', 4 }
  end
  said[#said + 1] = what
  k, a = k + 8 + n[1], a + 6 + n[2] + n[3] + n[4] + n[5] + n[6]
end
if failed == #said then error(first, 0) end
-- what all of them have in common is written at once
if #serials > 0 then call('HSET', KEYS[5], unpack(serials)) end
if #due > 0 then call('ZADD', KEYS[1], unpack(due)) end
if #ready > 0 then
  call('ZADD', KEYS[2], unpack(ready))
  call('HSET', KEYS[3], unpack(bodies))
end
return said
