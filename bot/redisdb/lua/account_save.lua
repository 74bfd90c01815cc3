-- Keeps a staff account and which Telegram chat is whose.
-- KEYS: 1 hash of accounts by id  2 hash of account ids by Telegram chat
-- ARGV: 1 account id  2 the account as JSON  3 its Telegram chat, '' for none
-- Returns 1, 0 if the chat is another account's.
if ARGV[3] ~= '' then
  local other = redis.call('HGET', KEYS[2], ARGV[3])
  if other and other ~= ARGV[1] then return 0 end
end
local had = redis.call('HGET', KEYS[1], ARGV[1])
if had then
  local chat = cjson.decode(had)['telegram']
  if chat and chat ~= ARGV[3] then redis.call('HDEL', KEYS[2], chat) end
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
if ARGV[3] ~= '' then redis.call('HSET', KEYS[2], ARGV[3], ARGV[1]) end
return 1
