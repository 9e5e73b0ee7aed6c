-- Renews the lease for its holder.
--
-- KEYS[1] lease   KEYS[2] the token granted last   KEYS[3] the standby node that reaches Asterisk
-- KEYS[4] when a holder last saw all calls and had saved what it saw, by the ACD's clock; it stays
-- ARGV[1] token   ARGV[2] how long the lease lives (ms)
-- ARGV[3] '1' when this node has been awake since its last try   ARGV[4] new value of KEYS[4] (ms), '' for none
--
-- Returns { 1, standby node or '' } held
--         { 0, '' } lost: there was a later holder, perhaps gone again
--
-- A lease that has vanished is set again: it expired and no node took it, or Redis came back without it. So is
-- one with an older fence: Redis came back with an older state. If Redis has lost everything, a node that was
-- suspended meanwhile cannot exclude a later holder, and loses the lease.
local function fenceOf(token) return tonumber(string.match(token, ':(%d+)$') or 0) end
local ours = fenceOf(ARGV[1])
for i = 1, 2 do
  local other = redis.call('GET', KEYS[i])
  if other and other ~= ARGV[1] and fenceOf(other) >= ours then return { 0, '' } end
  if i == 2 and not other and ARGV[3] ~= '1' then return { 0, '' } end
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
redis.call('SET', KEYS[2], ARGV[1])
if ARGV[4] ~= '' then redis.call('SET', KEYS[4], ARGV[4]) end
return { 1, redis.call('GET', KEYS[3]) or '' }
