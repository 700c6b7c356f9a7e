"""Questions that random requests do not reach: edges of hours, facts that contradict the policy, facts of a wrong shape.

    bpolc export by_hand.bpol --to cedar --output DIR/cedar
    bpolc export by_hand.bpol --to rego --output DIR/rego
    python3 by_hand.py DIR

Each is put to Cedar and to Rego, and both must say what is written here. Needs `cedarpy` and `gordon-to-regorus`.
"""

import json
import pathlib
import sys

import cedarpy
import regorus

from agree import context

NIGHT = {"day": "tue", "minute": 1400}
OWN, OTHER = "NL20INGB0001234567", "NL91ABNA0417164300"


def read(**facts):
    return {"operation": "read account", "answer": False} | facts


def pay(minute=1400, minor=5000, **facts):
    amount = {"currency": "EUR", "minor": minor}
    local = {"day": "tue", "minute": minute}
    return {"operation": "create payment", "account": {"id": "42"}, "amount": amount, "local": local} | facts


QUESTIONS = [
    ("allow", read(account={"iban": OWN, "id": "42"})),
    ("deny", read(account={"iban": OWN, "id": "43"})),
    ("deny", read(account={"iban": "NL39RABO0300065264", "id": "42"})),
    ("deny", read(account={"iban": OTHER, "id": "9"})),
    ("deny", read(account={"id": "42", "kind": "joint"})),
    ("allow", read(account={"id": "42", "kind": "bank"})),
    ("deny", read(account={"id": 42})),
    ("deny", read(account=None)),
    ("deny", pay(minute=1319)),
    ("allow", pay(minute=1320)),
    ("allow", pay(minute=1439)),
    ("allow", pay(minute=0)),
    ("allow", pay(minute=359)),
    ("deny", pay(minute=360)),
    ("allow", pay(payee={"iban": OWN, "own": True})),
    ("deny", pay(payee={"iban": OWN, "own": False})),
    ("deny", pay(minor=5001)),
    ("allow", pay(minor=1)),
    ("deny", pay(minor=0)),
    ("deny", pay(minor=-5)),
    ("deny", pay(minor="5")),
]


def main():
    root = pathlib.Path(sys.argv[1])
    policies, schema, entities = (
        (root / "cedar" / name).read_text() for name in ("policy.cedar", "schema.cedarschema", "entities.json")
    )
    engine = regorus.Engine()
    engine.add_policy("policy.rego", (root / "rego" / "policy.rego").read_text())
    engine.add_data_json((root / "rego" / "data.json").read_text())
    wrong = 0
    for expected, facts in QUESTIONS:
        given = {"key": "k", "now": 1795514400, "local": NIGHT} | facts
        engine.set_input_json(json.dumps(given))
        rego = json.loads(engine.eval_rule_as_json("data.bpol.decision"))["decision"]
        request = {
            "principal": {"type": "Key", "id": "k"},
            "action": {"type": "Action", "id": given["operation"]},
            "resource": {"type": "Bank", "id": "bunq"},
            "context": context(given),
        }
        # What does not fit the schema is not decided, and so not permitted.
        cedar = "allow" if cedarpy.is_authorized(request, policies, entities, schema).allowed else "deny"
        if (cedar, rego) != (expected, expected):
            wrong += 1
            print(f"{given}: {expected} is right, Cedar says {cedar}, Rego {rego}")
    print(f"{len(QUESTIONS)} questions by hand, {wrong} decided otherwise")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
