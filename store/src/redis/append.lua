#!lua
-- Adds a batch to the log as one entry, and returns what the caller missed. Without `flags=` the server refuses the script
-- where it could not write: on a replica, and when its memory is full.
-- KEYS: log, fence, meta. ARGV: the last entry that the caller knows, a random number, its fence or '', the batch.
local missed = redis.call('XRANGE', KEYS[1], ARGV[1], '+', 'COUNT', 1001)
if #missed == 0 or missed[1][1] ~= ARGV[1] then
  return {'elsewhere', redis.call('HGET', KEYS[3], 'base') or '', {}}
end
table.remove(missed, 1)
if #missed >= 1000 then return {'more', '', missed} end
if #ARGV < 4 then return {'read', '', missed} end
local fence = redis.call('GET', KEYS[2])
if ARGV[3] == '' then
  if fence then return {'fenced', '', missed} end
elseif fence ~= ARGV[3] or #missed > 0 then
  return {'moved', '', missed}
end
local last = #missed > 0 and missed[#missed][1] or ARGV[1]
-- Positions stay far below 2^53, up to which numbers are exact here. Amounts are never read here.
local id = string.format('%.0f-%s', tonumber(string.match(last, '^%d+')) + 1, ARGV[2])
local fields = {}
for number = 4, #ARGV do
  fields[#fields + 1] = 'e'
  fields[#fields + 1] = ARGV[number]
end
redis.call('XADD', KEYS[1], id, unpack(fields))
if ARGV[3] ~= '' then redis.call('DEL', KEYS[2]) end
return {'added', id, missed}
