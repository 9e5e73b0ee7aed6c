-- Takes or renews the lease of one Asterisk.
--
-- KEYS[1] lease
-- ARGV[1] node  ARGV[2] token held so far, '' for none  ARGV[3] how long it lives (ms)
--
-- Returns the token (`node:fence`, the fence being Redis's time in microseconds when it was first
-- taken), or '' when another node holds it. A lease that vanished (Redis restarted) is set again with
-- the old token: nobody was fenced in between.
local held = redis.call('GET', KEYS[1])
if held and held ~= ARGV[2] then return '' end
local token = ARGV[2]
if token == '' then
  local time = redis.call('TIME')
  token = ARGV[1] .. ':' .. string.format('%d%06d', tonumber(time[1]), tonumber(time[2]))
end
redis.call('SET', KEYS[1], token, 'PX', ARGV[3])
return token
