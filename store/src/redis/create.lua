#!lua
-- Makes a store, unless there is one, or a part of one. KEYS: meta, log. ARGV: layout, a random number.
if redis.call('EXISTS', KEYS[1], KEYS[2]) > 0 then return 0 end
redis.call('XADD', KEYS[2], '1-' .. ARGV[2], 'created', ARGV[1])
redis.call('HSET', KEYS[1], 'bpol', ARGV[1], 'base', '')
return 1
