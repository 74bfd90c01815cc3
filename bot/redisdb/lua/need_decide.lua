-- Notes what staff decided about needs that are still on the list.
-- KEYS: 1 needs hash, id to JSON
-- ARGV: 1 state  2 account  3 entry  4 now, Unix ms  5… ids
-- Returns how many were there.
local n = 0
for i = 5, #ARGV do
  local raw = redis.call('HGET', KEYS[1], ARGV[i])
  if raw then
    local need = cjson.decode(raw)
    need.state, need.by, need.to, need.decided = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
    if ARGV[1] == 'live' then need.live = ARGV[4] end
    redis.call('HSET', KEYS[1], ARGV[i], cjson.encode(need))
    n = n + 1
  end
end
return n
