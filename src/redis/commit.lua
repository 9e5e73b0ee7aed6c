-- Saves one change of the line: all its states, events and effects, or nothing.
--
-- KEYS[1] lease of the Asterisk      KEYS[2] versions (hash: subject -> version)
-- KEYS[3] states (hash: subject -> JSON)   KEYS[4] events (stream)
-- KEYS[5] effects of the Asterisk (stream) KEYS[6] the lease token granted last
--
-- ARGV[1] lease token  ARGV[2] commit id  ARGV[3] effects as JSON, '' for none
-- ARGV[4] number of writes n, then n times:
--         subject, version before (0: must not exist), version after, JSON ('' removes)
-- then the events as JSON, in order
--
-- Returns { 0, effects id or '' } saved
--         { 1, i }               write i (from 1) found another version
--         { 2, 0 }               nobody holds the lease since we did
--         { 2, 1 }               another node holds it, or has held it since
local function fenceOf(token) return tonumber(string.match(token, ':(%d+)$') or 0) end
local holder = redis.call('GET', KEYS[1])
if holder ~= ARGV[1] then
  local latest = holder or redis.call('GET', KEYS[6])
  -- An older fence comes with an older state: Redis has gone back, and the lease will be set again.
  local later = latest and latest ~= ARGV[1] and fenceOf(latest) >= fenceOf(ARGV[1])
  return { 2, later and 1 or 0 }
end

local n = tonumber(ARGV[4])
local at = 4
for i = 1, n do
  local version = redis.call('HGET', KEYS[2], ARGV[at + 1]) or '0'
  if version ~= ARGV[at + 2] then return { 1, i } end
  at = at + 4
end

at = 4
for _ = 1, n do
  local subject, version, state = ARGV[at + 1], ARGV[at + 3], ARGV[at + 4]
  if state == '' then
    redis.call('HDEL', KEYS[2], subject)
    redis.call('HDEL', KEYS[3], subject)
  else
    redis.call('HSET', KEYS[2], subject, version)
    redis.call('HSET', KEYS[3], subject, state)
  end
  at = at + 4
end

for i = at + 1, #ARGV do
  redis.call('XADD', KEYS[4], '*', 'e', ARGV[i])
end

local effects = ''
if ARGV[3] ~= '' then
  effects = redis.call('XADD', KEYS[5], '*', 'commit', ARGV[2], 'effects', ARGV[3])
end
return { 0, effects }
