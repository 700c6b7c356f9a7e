[
  (block)
  (payees_block)
  (network_block)
  (limit_block)
  (test_block)
] @fold
