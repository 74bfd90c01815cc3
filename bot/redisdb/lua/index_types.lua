-- Adds cases to the indexes by type, where they still are as they were seen.
-- KEYS: a case's hash and its index by type, for each
-- ARGV: case id, territory, category, state ('shelved' for one in a file) and
--       filing time, Unix ms, for each
-- Returns how many were added that weren't there.
local added = 0
for i = 1, #KEYS / 2 do
  local id, territory, category, state, filed = unpack(ARGV, 5 * i - 4, 5 * i)
  local now = redis.call('HMGET', KEYS[2 * i - 1], 'territory', 'category', 'state', 'shelf')
  local lies = now[3]
  if now[4] and now[4] ~= '' then lies = 'shelved' end
  if now[1] == territory and now[2] == category and lies == state then
    added = added + redis.call('ZADD', KEYS[2 * i], filed, id)
  end
end
return added
