
package bpol

import rego.v1

policy := data.bpol_policy

operation := policy.operations[input.operation]

# The decision: `decision` is `allow`, `ask` or `deny`, `by` the ids of the statements that decided. With `each` every
# record of the answer is asked about by itself, with `answer` false, and dropped unless allowed. `fields` are those
# that the answer may show; null where that is not for this decision to say.
default decision := {"decision": "deny", "reason": "malformed", "by": [], "each": false, "fields": null}

decision := told("deny", "unknown-key", set(), false, null) if {
    not malformed
    not policy.keys[input.key]
}

decision := whole("worst") if {
    not malformed
    policy.keys[input.key]
    not input.answer
}

decision := whole("worst") if {
    not malformed
    policy.keys[input.key]
    input.answer
    verdict("best").decision == "allow"
    verdict("worst").decision == "allow"
}

decision := told("allow", best.reason, best.by, true, null) if {
    not malformed
    policy.keys[input.key]
    input.answer
    best := verdict("best")
    best.decision == "allow"
    verdict("worst").decision != "allow"
}

decision := told("deny", best.reason, best.by, false, null) if {
    not malformed
    policy.keys[input.key]
    input.answer
    best := verdict("best")
    best.decision != "allow"
}

whole(pass) := told(said.decision, said.reason, said.by, false, fields(said.decision)) if said := verdict(pass)

told(effect, reason, by, each, fields) := {
    "decision": effect,
    "reason": reason,
    "by": [policy.statements[statement] | some statement in sort(by)],
    "each": each,
    "fields": fields,
}

# Deny beats ask beats allow, and what nothing allows is denied.
verdict(pass) := {"decision": "deny", "reason": "rule", "by": deciding("deny", pass)} if {
    count(deciding("deny", pass)) > 0
} else := {"decision": "deny", "reason": "default", "by": set()} if {
    count(deciding("allow", pass)) == 0
    not operation.base
} else := {"decision": "ask", "reason": "rule", "by": deciding("ask", pass)} if {
    count(deciding("ask", pass)) > 0
} else := {"decision": "allow", "reason": "base", "by": set()} if {
    count(deciding("allow", pass)) == 0
} else := {"decision": "allow", "reason": "rule", "by": deciding("allow", pass)}

# Statements that decide: what takes holds unless it is false, what gives only when it is true.
deciding(effect, pass) := {policy.lines[line].statement |
    some line in bound
    policy.lines[line].effect == effect
    holds(line, pass)
}

# Lines that bind the key and are about the operation.
bound contains line if {
    some line in policy.keys[input.key]
    policy.lines[line].operations[input.operation]
}

fields(effect) := operation.fields if {
    effect == "allow"
    operation.base
    has_fields
} else := [field |
    some field in array.concat(operation.fields, operation.more_fields)
    field in shown
    not field in hidden
] if {
    effect == "allow"
    operation.read
    has_fields
} else := null

has_fields if count(operation.fields) + count(operation.more_fields) > 0

shown contains field if {
    some line in bound
    policy.lines[line].effect == "allow"
    holds(line, "worst")
    some field in policy.lines[line].shows[input.operation]
}

hidden contains field if {
    some line in bound
    policy.lines[line].effect == "allow"
    some field in policy.lines[line].hides
    may_hide(line)
}

# A fact that stands in the answer and is not known yet.
open(fact) if {
    input.answer
    not input[fact]
}

at_most(currency, minor) if {
    input.amount.currency == currency
    input.amount.minor <= minor
}

more_than(currency, minor) if {
    input.amount.currency == currency
    input.amount.minor > minor
}

calls_from(blocks) if {
    some block in blocks
    net.cidr_contains(block, input.ip)
}

# Hours of the clock on the wall, in minutes after midnight; the end is not inside.
clock(days, from, until) if {
    input.local.day in days
    input.local.minute >= from
    input.local.minute < until
}

# Facts of another shape than expected are never guessed at. Each line below names what is wrong.
malformed if not operation

malformed if not is_string(input.key)

malformed if not is_number(input.now)

malformed if contradiction

malformed if {
    some fact in ["account", "payee", "amount", "record"]
    not is_object(object.get(input, fact, {}))
}

malformed if {
    some fact in ["account", "payee", "amount", "record"]
    object.get(input, fact, null) == {}
}

malformed if {
    some fact in ["account", "payee", "amount", "record", "method", "repeat", "url"]
    object.get(input, fact, "absent") != "absent"
    not fact in operation.facts
}

malformed if {
    some fact in ["method", "repeat", "url", "ip"]
    not is_string(object.get(input, fact, ""))
}

malformed if {
    some part in ["iban", "id", "name", "kind"]
    not is_string(object.get(input, ["account", part], ""))
}

malformed if not is_string(object.get(input, ["payee", "iban"], ""))

malformed if {
    some path in [["payee", "own"], ["payee", "favorite"], ["record", "own"], ["answer"]]
    not is_boolean(object.get(input, path, false))
}

malformed if {
    some path in [["record", "created"], ["record", "age"], ["local", "minute"]]
    not is_number(object.get(input, path, 0))
}

malformed if {
    input.amount
    not is_amount
}

is_amount if {
    is_string(input.amount.currency)
    is_number(input.amount.minor)
    input.amount.minor > 0
}

malformed if {
    input.answer
    not operation.read
}

malformed if {
    input.ip
    not is_address
}

is_address if net.cidr_contains("0.0.0.0/0", input.ip)

is_address if net.cidr_contains("::/0", input.ip)

# What follows is written for this policy. These lines stand for rules that it may not have.
contradiction if false

holds(-1, _) if false

may_hide(-1) if false
