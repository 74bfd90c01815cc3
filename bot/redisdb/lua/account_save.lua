-- Keeps a staff account and which Telegram chat is whose.
-- KEYS: 1 hash of accounts by id  2 hash of account ids by Telegram chat
--       3 list of the accounts' trail, newest first
-- ARGV: 1 account id  2 the account as JSON  3 its Telegram chat, '' for none
--       4 the account as it was read, '' keeps it whatever it was; then the
--       entries of the trail
-- Returns 1, 0 if the chat is another account's, -1 if it was changed since.
if ARGV[3] ~= '' then
  local other = redis.call('HGET', KEYS[2], ARGV[3])
  if other and other ~= ARGV[1] then return 0 end
end
local had = redis.call('HGET', KEYS[1], ARGV[1])
if ARGV[4] ~= '' and had ~= ARGV[4] then return -1 end
if had then
  local chat = cjson.decode(had)['telegram']
  if chat and chat ~= ARGV[3] then redis.call('HDEL', KEYS[2], chat) end
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
if ARGV[3] ~= '' then redis.call('HSET', KEYS[2], ARGV[3], ARGV[1]) end
for i = 5, #ARGV do redis.call('LPUSH', KEYS[3], ARGV[i]) end
return 1
