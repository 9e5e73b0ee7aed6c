-- Takes the lease of one Asterisk for a standby node, if it may.
--
-- KEYS[1] lease   KEYS[2] the token granted last (stays when the lease has expired)
-- KEYS[3] the standby node that reaches Asterisk (expires)
-- KEYS[4] when a holder last saw all calls and had saved what it saw, by the ACD's clock
--
-- ARGV[1] node  ARGV[2] how long the lease lives (ms)
-- ARGV[3] '1' when this node reaches Asterisk; how long that counts (ms) is ARGV[4]
-- ARGV[5] which vacant lease may be taken, beside this node's own and a released one:
--         'any' | 'seen' (unless Redis has lost the last token) |
--         'new' (only if Redis has no last token) | 'own' (none)
-- ARGV[6] the time in Redis's clock (ms) until which this request may take the lease; 0: always
--
-- Returns { token, '', now, KEYS[4] or '' } taken: `node:fence`, the fence greater than every one before
--         { '', holder, now, '' } not taken; the holder's token, '' while nobody holds it
--
-- A restarted node takes its own old lease at once: its supervisor starts it only after the old process has
-- ended, and the new fence keeps even a zombie from writing.
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local own = ARGV[1] .. ':'
local function isOwn(token) return token and string.sub(token, 1, #own) == own end

local held = redis.call('GET', KEYS[1])
local last = redis.call('GET', KEYS[2])

local function refuse()
  if ARGV[3] == '1' then redis.call('SET', KEYS[3], ARGV[1], 'PX', ARGV[4]) end
  return { '', held or '', now, '' }
end

-- A request from before Redis hung: the holder of that time goes first.
if ARGV[6] ~= '0' and now > tonumber(ARGV[6]) then return refuse() end
if held and not isOwn(held) then return refuse() end
local givenBack = last and string.sub(last, 1, 1) == ':'
if not held and not givenBack and not isOwn(last) then
  if ARGV[5] == 'own' or (ARGV[5] == 'new' and last) then return refuse() end
  -- The last token never expires: Redis was emptied. The holder goes on and will set its lease again.
  if ARGV[5] == 'seen' and not last then return refuse() end
end
if ARGV[3] ~= '1' then
  local able = redis.call('GET', KEYS[3])
  if able and able ~= ARGV[1] then return refuse() end
end

local fence = string.format('%d%06d', tonumber(time[1]), tonumber(time[2]))
local before = tonumber(last and string.match(last, ':(%d+)$') or 0)
-- A clock that was set back must not produce an older fence.
if tonumber(fence) <= before then fence = string.format('%.0f', before + 1) end
local token = own .. fence
redis.call('SET', KEYS[1], token, 'PX', ARGV[2])
redis.call('SET', KEYS[2], token)
if redis.call('GET', KEYS[3]) == ARGV[1] then redis.call('DEL', KEYS[3]) end
return { token, '', now, redis.call('GET', KEYS[4]) or '' }
