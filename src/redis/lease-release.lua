-- Releases the lease if this node still holds it, so that the next owner need not wait for its expiry.
-- KEYS[1] lease  KEYS[2] the token granted last   ARGV[1] token
-- Returns 1 released, 0 not ours
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
-- A token without a node's name means released. The next fence counts on from it.
redis.call('SET', KEYS[2], string.match(ARGV[1], ':%d+$'))
return 1
