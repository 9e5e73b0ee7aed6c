-- All states and the position in the event stream at the same moment.
--
-- KEYS[1] states  KEYS[2] events
-- Returns { last event id, subject, JSON, subject, JSON, … }
local last = redis.call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', 1)
local result = { last[1] and last[1][1] or '0-0' }
for _, value in ipairs(redis.call('HGETALL', KEYS[1])) do
  result[#result + 1] = value
end
return result
