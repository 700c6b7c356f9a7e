[
  (block)
  (payees_block)
  (network_block)
  (limit_block)
  (test_block)
] @indent.begin

; Clauses on lines of their own.
[
  (rule)
  (use)
  (only)
  (expectation)
] @indent.begin

">" @indent.branch @indent.end
