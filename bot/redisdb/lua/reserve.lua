-- Sets a time aside for a mediator's meeting on a case.
-- KEYS: 1 hash of the mediator's times, case id → 'from:to:made', Unix ms
-- ARGV: 1 case id  2 from, Unix ms  3 to, Unix ms  4 now, Unix ms
--       (from again gives up what was set aside for the case)
--       5 case whose time came to nothing, '' for none  6 that time as it was
-- Returns {} if it is set aside, else {case id, its time} of one that overlaps.
if ARGV[5] ~= '' and redis.call('HGET', KEYS[1], ARGV[5]) == ARGV[6] then
  redis.call('HDEL', KEYS[1], ARGV[5])
end
local from, to = tonumber(ARGV[2]), tonumber(ARGV[3])
if from == to then
  redis.call('HDEL', KEYS[1], ARGV[1])
  return {}
end
local all = redis.call('HGETALL', KEYS[1])
for i = 1, #all, 2 do
  local f, t = string.match(all[i + 1], '^(%d+):(%d+):')
  if all[i] ~= ARGV[1] and tonumber(f) < to and from < tonumber(t) then return {all[i], all[i + 1]} end
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2] .. ':' .. ARGV[3] .. ':' .. ARGV[4])
return {}
