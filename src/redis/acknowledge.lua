-- Removes performed effects from the stream; only for the lease's holder.
-- KEYS[1] lease  KEYS[2] effects   ARGV[1] lease token   then the effects' ids
-- Returns 1 done, 0 the lease is not ours
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
for i = 2, #ARGV do
  redis.call('XDEL', KEYS[2], ARGV[i])
end
return 1
