-- A node that stands by asks for the lease of one Asterisk.
--
-- KEYS[1] lease   KEYS[2] the token granted last (stays when the lease has expired)
-- KEYS[3] who stands by and reaches Asterisk (expires)
--
-- ARGV[1] node  ARGV[2] how long the lease lives (ms)
-- ARGV[3] '1' when this node reaches Asterisk; how long that counts (ms) is ARGV[4]
-- ARGV[5] whose vacant lease may be taken, beside our own and one that was given back:
--         'any' | 'seen' (unless Redis has forgotten that there ever was a holder) |
--         'new' (Redis knows of no holder) | 'own' (none)
-- ARGV[6] until when, by Redis's clock (ms), this request may take anything; 0: always
--
-- Returns { token, '', now } taken: `node:fence`, the fence greater than every one before
--         { '', holder, now } not taken; the holder's token, '' while nobody holds it
--
-- A node that starts anew takes its own old lease at once: its supervisor starts it only when the old
-- process is gone, and the new fence keeps even a zombie from writing.
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local own = ARGV[1] .. ':'
local function isOwn(token) return token and string.sub(token, 1, #own) == own end

local held = redis.call('GET', KEYS[1])
local last = redis.call('GET', KEYS[2])

local function refuse()
  if ARGV[3] == '1' then redis.call('SET', KEYS[3], ARGV[1], 'PX', ARGV[4]) end
  return { '', held or '', now }
end

-- Asked long ago: whoever held it before Redis hung has the first word.
if ARGV[6] ~= '0' and now > tonumber(ARGV[6]) then return refuse() end
if held and not isOwn(held) then return refuse() end
local givenBack = last and string.sub(last, 1, 1) == ':'
if not held and not givenBack and not isOwn(last) then
  if ARGV[5] == 'own' or (ARGV[5] == 'new' and last) then return refuse() end
  -- A token never goes by itself: Redis was emptied, and who held the lease goes on and says so.
  if ARGV[5] == 'seen' and not last then return refuse() end
end
if ARGV[3] ~= '1' then
  local able = redis.call('GET', KEYS[3])
  if able and able ~= ARGV[1] then return refuse() end
end

local fence = string.format('%d%06d', tonumber(time[1]), tonumber(time[2]))
local before = tonumber(last and string.match(last, ':(%d+)$') or 0)
-- A clock that was set back must not make an older fence.
if tonumber(fence) <= before then fence = string.format('%.0f', before + 1) end
local token = own .. fence
redis.call('SET', KEYS[1], token, 'PX', ARGV[2])
redis.call('SET', KEYS[2], token)
if redis.call('GET', KEYS[3]) == ARGV[1] then redis.call('DEL', KEYS[3]) end
return { token, '', now }
