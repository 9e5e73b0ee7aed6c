-- Counts a request of a program's token, and one that is beyond its rate as refused.
-- KEYS[1] requests of the token in its window   KEYS[2] refused requests of the hour, by token
-- ARGV[1] requests a window   ARGV[2] the window (ms)   ARGV[3] token   ARGV[4] how long refused ones are kept (ms)
-- Returns { requests in the window, with this one; ms until it ends }
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
if count > tonumber(ARGV[1]) then
  redis.call('HINCRBY', KEYS[2], ARGV[3], 1)
  redis.call('PEXPIRE', KEYS[2], ARGV[4])
end
return { count, redis.call('PTTL', KEYS[1]) }
