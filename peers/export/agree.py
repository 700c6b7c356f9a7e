"""Exported policies in the engines that they are written for, beside bpol's own decisions.

    BPOL_EXPORTED=FILE cargo test -p bpolc --test it export::others
    python3 agree.py FILE

reads the cases that the tests of bpolc wrote: for each policy its files in Cedar or Rego, requests as the facts that
these are asked about, and what bpol's engine decides. Needs the packages `cedarpy` and `gordon-to-regorus` (regorus).
A policy that could be said whole must decide alike, down to rules and fields; any other may only be stricter.
"""

import datetime
import json
import sys

import cedarpy
import regorus

STRICT = {"deny": 0, "ask": 1, "allow": 2}


class Cedar:
    """Cedar says yes or no, to a call or a record, and to each of its fields."""

    def __init__(self, documents):
        schema = documents["schema.cedarschema"]
        checked = cedarpy.validate_policies(documents["policy.cedar"], schema)
        if not checked.validation_passed:
            raise SystemExit(f"Cedar refuses: {checked.errors}")
        self.schema = cedarpy.Schema.from_str(schema)
        self.policies = cedarpy.PolicySet.from_str(documents["policy.cedar"])
        self.entities = cedarpy.Entities.from_json_str(documents["entities.json"], schema)
        # An action stands at the begin of a line of the schema, or of a list of names, in quotes.
        self.actions = {line.split('"')[1] for line in schema.splitlines() if line.startswith(("action", '  "'))}

    def permits(self, asked):
        asked = [(action, given) for action, given in asked]
        known = [(action, given) for action, given in asked if action in self.actions]
        requests = [
            {
                "principal": {"type": "Key", "id": given["key"]},
                "action": {"type": "Action", "id": action},
                "resource": {"type": "Bank", "id": "bunq"},
                "context": context(given),
            }
            for action, given in known
        ]
        results = cedarpy.is_authorized_batch(requests, self.policies, self.entities, self.schema)
        for result in results:
            if result.diagnostics.errors:
                raise SystemExit(f"Cedar stumbles: {result.diagnostics.errors}")
        said = iter([result.allowed for result in results])
        return [action in self.actions and next(said) for action, _ in asked]

    def ask(self, case):
        """What Cedar says, in the shape of a decision without reasons."""
        permitted = all(self.permits([(given["operation"], given) for given in case["inputs"]]))
        said = {"decision": "allow" if permitted else "deny"}
        fields = case["decision"]["fields"]
        if permitted and fields is not None and len(case["inputs"]) == 1:
            given = case["inputs"][0]
            names = [action for action in self.actions if action.startswith(given["operation"] + ": ")]
            shown = self.permits([(name, given) for name in names])
            said["fields"] = sorted(name.split(": ")[1] for name, yes in zip(names, shown) if yes)
        return said

    @staticmethod
    def expected(decision):
        out = {"decision": decision["decision"]}
        if decision["fields"] is not None:
            out["fields"] = sorted(decision["fields"])
        return out


def context(given):
    """The facts with Cedar's own kinds of values."""
    out = {name: value for name, value in given.items() if name not in ("key", "operation")}
    out["now"] = moment(out["now"])
    if "ip" in out:
        out["ip"] = {"__extn": {"fn": "ip", "arg": out["ip"]}}
    if "iban" in (out.get("payee") or {}):
        out["payee"] = out["payee"] | {"iban": {"__entity": {"type": "Iban", "id": out["payee"]["iban"]}}}
    if "created" in (out.get("record") or {}):
        out["record"] = out["record"] | {"created": moment(out["record"]["created"])}
    return out


def moment(second):
    text = (datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=second)).isoformat() + "Z"
    return {"__extn": {"fn": "datetime", "arg": text}}


class Rego:
    """Rego gives the whole decision."""

    def __init__(self, documents):
        self.engine = regorus.Engine()
        self.engine.add_policy("policy.rego", documents["policy.rego"])
        self.engine.add_data_json(documents["data.json"])

    def ask(self, case):
        said = []
        for given in case["inputs"]:
            self.engine.set_input_json(json.dumps(given))
            said.append(json.loads(self.engine.eval_rule_as_json("data.bpol.decision")))
        if len(said) == 1:
            return said[0]
        return {"decision": min((one["decision"] for one in said), key=STRICT.get)}

    @staticmethod
    def expected(decision):
        return {name: decision[name] for name in ("decision", "reason", "by", "each", "fields")}


def main():
    asked, allowed, wrong = {}, 0, 0
    with open(sys.argv[1], encoding="utf-8") as file:
        for line in file:
            policy = json.loads(line)
            peer = {"cedar": Cedar, "rego": Rego}[policy["language"]](policy["documents"])
            for case in policy["cases"]:
                said, expected = peer.ask(case), peer.expected(case["decision"])
                if len(case["inputs"]) > 1:
                    expected = {"decision": expected["decision"]}
                if policy["exact"]:
                    right = said == expected
                else:
                    right = STRICT[said["decision"]] <= STRICT[expected["decision"]]
                    if said["decision"] == "allow" and expected["decision"] == "allow" and said.get("fields"):
                        right &= set(said["fields"]) <= set(expected.get("fields") or [])
                name = f"{policy['language']}, {'whole' if policy['exact'] else 'narrowed'}"
                asked[name] = asked.get(name, 0) + 1
                allowed += said["decision"] == "allow"
                if not right:
                    wrong += 1
                    if wrong <= 5:
                        print(f"seed {policy['seed']}, {name}\n  {case['request']}\n  {said}\n  {expected}")
    for name, number in sorted(asked.items()):
        print(f"{number:8} requests, {name}")
    print(f"{allowed} allowed, {wrong} decided otherwise")
    sys.exit(1 if wrong or not asked else 0)


if __name__ == "__main__":
    main()
