-- Takes or renews the lease of one Asterisk.
--
-- KEYS[1] lease
-- ARGV[1] node  ARGV[2] token held so far, '' for none  ARGV[3] how long it lives (ms)
--
-- Returns the token (`node:fence`, the fence being Redis's time in microseconds when it was first
-- taken), or '' when another node holds it. A lease that vanished (Redis restarted) is set again with
-- the old token: nobody was fenced in between.
--
-- A node that starts anew takes its own old lease at once: its supervisor starts it only when the old
-- process is gone, and the new fence keeps even a zombie from writing.
local held = redis.call('GET', KEYS[1])
if held and held ~= ARGV[2] then
  local own = ARGV[1] .. ':'
  if ARGV[2] ~= '' or string.sub(held, 1, #own) ~= own then return '' end
end
local token = ARGV[2]
if token == '' then
  local time = redis.call('TIME')
  token = ARGV[1] .. ':' .. string.format('%d%06d', tonumber(time[1]), tonumber(time[2]))
end
redis.call('SET', KEYS[1], token, 'PX', ARGV[3])
return token
