"""Decides the sample request of the definition: `python bindings/python/example.py policy.json`."""

import sys

import bpol

with open(sys.argv[1], "rb") as file:
    policy = bpol.Policy(file.read())
request = {
    "key": "ynab",
    "action": "read",
    "resource": "transaction",
    "account": {"name": "Groceries"},
    "record": {"created": "2026-11-14T10:00:00Z"},
}
print(policy.decide(request, now="2026-11-24T10:00:00Z")["decision"])
