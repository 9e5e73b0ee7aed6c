-- Puts the owner's memory over whatever is there, after Redis came back empty or older.
--
-- KEYS[1] lease  KEYS[2] versions  KEYS[3] states  KEYS[4] events  KEYS[5] effects
-- ARGV[1] lease token
-- ARGV[2] number of states n, then n times: subject, version, JSON
-- then the number of commits m whose effects are not performed yet, then m times: commit id, effects as JSON
-- then the events that may be missing, as JSON, in order (readers drop what they know by its number)
--
-- Returns { 1, effects id of each of the m commits } saved, { 0 } the lease is not ours
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return { 0 } end
-- The owner knows what is still to be done: other effects are old and must not come again.
redis.call('DEL', KEYS[2], KEYS[3])
-- Not deleted: the stream remembers its last id and gives none again.
redis.call('XTRIM', KEYS[5], 'MAXLEN', 0)
local at = 2
for _ = 1, tonumber(ARGV[2]) do
  redis.call('HSET', KEYS[2], ARGV[at + 1], ARGV[at + 2])
  redis.call('HSET', KEYS[3], ARGV[at + 1], ARGV[at + 3])
  at = at + 3
end
local answer = { 1 }
at = at + 1
for _ = 1, tonumber(ARGV[at]) do
  answer[#answer + 1] = redis.call('XADD', KEYS[5], '*', 'commit', ARGV[at + 1], 'effects', ARGV[at + 2])
  at = at + 2
end
for i = at + 1, #ARGV do
  redis.call('XADD', KEYS[4], '*', 'e', ARGV[i])
end
return answer
