-- Makes a short lease long, once whoever took it has heard what was taken.
-- KEYS: 1 zset, member → Unix ms from which it may be taken
-- ARGV: 1 end of the short lease  2 end of the long one, both Unix ms  3… members
-- Returns the members that are still held by that lease.
local held = {}
for i = 3, #ARGV do
  if tonumber(redis.call('ZSCORE', KEYS[1], ARGV[i]) or '0') == tonumber(ARGV[1]) then
    redis.call('ZADD', KEYS[1], ARGV[2], ARGV[i])
    held[#held + 1] = ARGV[i]
  end
end
return held
