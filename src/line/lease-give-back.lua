-- Gives back what a node held whose process has ended, so that the next one need not wait until the lease runs out.
-- KEYS[1] lease  KEYS[2] the token granted last   ARGV[1] node
-- Returns 1 given back, 0 it does not hold the lease
local held = redis.call('GET', KEYS[1])
local own = ARGV[1] .. ':'
if not held or string.sub(held, 1, #own) ~= own then return 0 end
redis.call('DEL', KEYS[1])
-- Without a node's name: given back, and the fences go on from here.
redis.call('SET', KEYS[2], string.match(held, ':%d+$'))
return 1
