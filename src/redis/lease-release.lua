-- Gives the lease back, if it is still ours: the next one need not wait.
-- KEYS[1] lease  KEYS[2] the token granted last   ARGV[1] token
-- Returns 1 released, 0 not ours
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
-- Without a node's name: given back, and the fences go on from here.
redis.call('SET', KEYS[2], string.match(ARGV[1], ':%d+$'))
return 1
