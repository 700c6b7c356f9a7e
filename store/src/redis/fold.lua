#!lua
-- Lets a snapshot stand for the log up to the entry that it was made at, unless another was faster.
-- KEYS: meta, log, the snapshot, the one before. ARGV: the entry, the one that the snapshot before was made at, its length.
local at = redis.call('XRANGE', KEYS[2], ARGV[1], ARGV[1])
if #at ~= 1 or redis.call('HGET', KEYS[1], 'base') ~= ARGV[2] or redis.call('LLEN', KEYS[3]) ~= tonumber(ARGV[3]) then
  redis.call('DEL', KEYS[3])
  return 0
end
redis.call('HSET', KEYS[1], 'base', ARGV[1])
redis.call('PERSIST', KEYS[3])
redis.call('XTRIM', KEYS[2], 'MINID', ARGV[1])
redis.call('DEL', KEYS[4])
return 1
