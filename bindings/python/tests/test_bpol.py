"""What the engine says through Python. `python -m unittest discover bindings/python/tests` with the package installed."""

import json
import unittest
from datetime import datetime, timezone
from pathlib import Path

import bpol

COMPILED = (Path(__file__).parents[3] / "engine/tests/data/gateway.json").read_bytes()
NOW = "2026-11-24T10:00:00Z"
PAYMENTS = "/v1/user/1/monetary-account/42/payment"
PAYMENT = {
    "key": "shop",
    "action": "create",
    "resource": "payment",
    "account": {"id": 42},
    "payee": {"iban": "NL91ABNA0417164300"},
    "amount": {"value": "49.00", "currency": "EUR"},
    "method": "transfer",
}


def body(value):
    amount = {"value": value, "currency": "EUR"}
    alias = {"type": "IBAN", "value": "NL91ABNA0417164300", "name": "Baker"}
    return json.dumps({"amount": amount, "counterparty_alias": alias, "description": "bread"}, indent=4).encode()


class Decisions(unittest.TestCase):
    def setUp(self):
        self.policy = bpol.Policy(COMPILED)

    def test_49_eur_is_allowed_and_51_eur_is_asked(self):
        decision = self.policy.decide(PAYMENT, now=NOW)
        self.assertEqual((decision["decision"], decision["reason"], decision["by"]), ("allow", "rule", ["shop#1"]))
        more = PAYMENT | {"amount": {"value": "51.00", "currency": "EUR"}}
        self.assertEqual(self.policy.decide(more, now=NOW)["decision"], "ask")
        self.assertEqual(self.policy.decide(more, now=NOW, approved=True)["decision"], "allow")

    def test_a_past_uses_a_budget_up(self):
        past = [PAYMENT | {"time": NOW, "amount": {"value": "460.00", "currency": "EUR"}}]
        now = datetime(2026, 11, 24, 11, tzinfo=timezone.utc)
        self.assertEqual(self.policy.decide(json.dumps(PAYMENT), past, now)["decision"], "deny")

    def test_what_cannot_be_read_is_denied_or_raises(self):
        self.assertEqual(self.policy.decide('{"key": "shop", "key": "books"}', now=NOW)["reason"], "malformed")
        self.assertEqual(self.policy.decide(PAYMENT | {"amount": 49}, now=NOW)["reason"], "malformed")
        with self.assertRaises(bpol.Malformed):
            self.policy.decide(PAYMENT, [PAYMENT], NOW)
        with self.assertRaises(bpol.Malformed):
            self.policy.decide(PAYMENT, now="today")
        with self.assertRaises(bpol.Malformed):
            self.policy.decide(PAYMENT, now=datetime(2026, 11, 24))
        with self.assertRaises(bpol.Malformed):
            bpol.Policy(b"{}")

    def test_a_policy_that_requires_more_is_refused(self):
        with self.assertRaisesRegex(bpol.Malformed, "counters"):
            bpol.Policy(COMPILED, offers=["client-ip"])
        with self.assertRaisesRegex(bpol.Malformed, "`bodi` is nothing"):
            bpol.Policy(COMPILED, offers=["bodi"])


class Calls(unittest.TestCase):
    def setUp(self):
        self.policy = bpol.Policy(COMPILED)

    def test_a_payment_is_routed_and_decided(self):
        call = self.policy.route("POST", PAYMENTS, [("X-Bunq-Language", b"en_US")], body("49.00"), key="shop")
        self.assertEqual((call.action, call.resource, call.answer), ("create", "payment", False))
        self.assertEqual(call.decide(now=NOW)["decision"], "allow")
        self.assertEqual(call.look_ups(), [{"account": 42}, {"payee": "NL91ABNA0417164300"}])
        self.assertEqual(call.request["amount"], {"value": "49.00", "currency": "EUR"})
        other = self.policy.route("POST", PAYMENTS, [], body("49.00"), key="books")
        self.assertEqual(other.decide(now=NOW)["decision"], "deny")

    def test_a_second_spelling_is_refused_by_name_and_place(self):
        with self.assertRaises(bpol.Refused) as caught:
            self.policy.route("GET", PAYMENTS + "/", [], b"", key="shop")
        self.assertEqual((caught.exception.name, caught.exception.place), ("trailing-slash", "the path"))
        with self.assertRaises(bpol.Refused) as caught:
            self.policy.route("POST", PAYMENTS, [], b'{"amount": {"value": 49, "currency": "EUR"}}', key="shop")
        self.assertEqual(caught.exception.name, "amount-not-text")

    def test_an_answer_is_cut(self):
        call = self.policy.route("GET", PAYMENTS, [], b"", key="shop")
        records = [
            {"Payment": {"id": 1, "created": "2026-11-20 08:00:00.000000", "description": "bread", "geolocation": {}}},
            {"Payment": {"id": 2, "created": "2020-01-01 08:00:00.000000", "description": "old"}},
        ]
        answer = json.dumps({"Response": records, "Pagination": {"older_url": PAYMENTS + "?older_id=2"}}).encode()
        cut, kept, dropped = call.cut(200, "application/json", answer, now=NOW)
        self.assertEqual((kept, dropped), (1, 1))
        seen = {"id": 1, "created": "2026-11-20 08:00:00.000000", "description": "bread"}
        self.assertEqual(json.loads(cut), {"Response": [{"Payment": seen}], "Pagination": {"older_url": None}})
        with self.assertRaises(bpol.Unfiltered) as caught:
            call.cut(200, "application/json", b'{"Response": [], "Response": []}', now=NOW)
        self.assertEqual(caught.exception.name, "duplicate-key")

    def test_an_answer_to_what_is_denied_is_not_passed_on(self):
        call = self.policy.route("GET", PAYMENTS, [], b"", key="nobody")
        with self.assertRaises(bpol.Unfiltered) as caught:
            call.cut(200, "application/json", b'{"Response": []}', now=NOW)
        self.assertEqual(caught.exception.name, "not-allowed")

    def test_what_the_gateway_knows_counts(self):
        call = self.policy.route("PUT", "/v1/user/1/monetary-account/42/request-inquiry/7", [], b'{"status": "REVOKED"}', key="shop")
        self.assertEqual((call.action, call.resource), ("cancel", "request"))
        self.assertEqual(call.decide(now=NOW)["decision"], "deny")
        [collection] = [look_up["record"][0] for look_up in call.look_ups() if "record" in look_up]
        call.know_created(collection, [7])
        self.assertEqual(call.decide(now=NOW)["decision"], "allow")
        call.know_created(collection, [8])
        self.assertEqual(call.decide(now=NOW)["decision"], "deny")


if __name__ == "__main__":
    unittest.main()
