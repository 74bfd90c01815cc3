-- Leases entries that are due from a zset ordered by time.
-- KEYS: 1 zset, member → Unix ms from which it may be taken
-- ARGV: 1 now, Unix ms  2 lease, ms  3 most entries
-- Returns the members taken; each comes again when its lease is over.
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])
for _, member in ipairs(due) do
  redis.call('ZADD', KEYS[1], ARGV[1] + ARGV[2], member)
end
return due
