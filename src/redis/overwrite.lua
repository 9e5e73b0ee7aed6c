-- Replaces states and effects by the owner's memory, after Redis came back empty or older.
--
-- KEYS[1] lease  KEYS[2] versions  KEYS[3] states  KEYS[4] events  KEYS[5] effects
-- ARGV[1] lease token
-- ARGV[2] number of states n, then n times: subject, version, JSON
-- then the number of commits m whose effects are not performed yet, then m times: commit id, effects as JSON
-- then the events that may be missing, as JSON, in order (readers drop known ones by their number)
--
-- Returns { 1, effects id of each of the m commits } saved, { 0 } the lease is not ours
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return { 0 } end
-- The owner passes all effects that are still due: others are old and must not be repeated.
redis.call('DEL', KEYS[2], KEYS[3])
-- Trimmed, not deleted: the stream keeps its last id and never repeats one.
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
