; Later patterns win over earlier ones.

(comment) @comment @spell
(doc_comment) @comment.documentation @spell

(string) @string
(quoted_iban) @string.special
(string_content) @spell
(escape_sequence) @string.escape

(number) @number
(currency) @type.builtin
(duration) @number
(date) @number
(instant) @number
(time) @number
(iban) @string.special
(address) @string.special

[
  "import" "bank" "timezone" "account" "payee" "payees" "network" "limit" "role" "key" "every" "ensure" "test"
] @keyword

[
  "accounts" "networks" "is" "id" "iban" "for" "use" "only" "expect" "except" "unless" "and"
  "on" "to" "url" "up" "over" "at" "most" "more" "than" "within" "via" "repeating" "since" "created" "by" "this"
  "showing" "hiding" "from" "ip" "during" "starting" "before" "any" "own" "amount" "time" "times" "per" "in" "total"
  "of" "dated" "ago" "after" "spending" "earlier" "today"
] @keyword

(verb) @keyword.operator
["no" "exactly"] @keyword.operator

(period) @keyword
(period (duration) @number)
(created_by) @keyword
(own_accounts) @keyword
(favorites) @constant.builtin
(each) @keyword

; An effect is what a reader looks for first.
(effect) @keyword.return
(only "only" @keyword.return)

; Each of these says aloud that nothing bounds what it stands for.
(anyone) @constant.builtin
(anywhere) @constant.builtin
(any_amount) @constant.builtin
(any_account ["any" "account"] @constant.builtin)

(action) @function
(resource) @type
; A list of words that is not finished yet may be one of actions.
((resource) @function
  (#any-of? @function "{{actions:" "}}"))
((resource) @constant.builtin
  (#any-of? @constant.builtin "{{tiers:" "}}"))

(kind) @constant
(method) @constant
(repeat) @constant
(day) @constant
(days) @constant
(field) @property

(key_item name: (string) @label)
(role_item name: (string) @label)
(limit_item name: (string) @label)
(network_item name: (string) @label)
(payees_item name: (string) @label)
(payee_item name: (string) @label)
(account_item name: (string) @label)
(test_item name: (string) @label)

["," ";"] @punctuation.delimiter
["<" ">"] @punctuation.bracket
(days "-" @operator)
(hours "-" @operator)
