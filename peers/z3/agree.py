#!/usr/bin/env python3
"""Asks z3 what bpolc said of a sample of claims and changes, and compares.

    BPOL_DUMP=/tmp/sample.ndjson BPOL_CASES=1000 cargo test --test it exhaustive::dump -- --ignored
    python3 agree.py /tmp/sample.ndjson [SECONDS]

Stops after so many seconds. Exits with 1 when the two disagree anywhere. What is left out is counted with its reason.
"""

import collections
import json
import sys
import time

import z3

from language import Codes, Facts, Nothing, Policy, either, every, tells

MILLISECONDS = 20_000


class Skipped(Exception):
    """A question that the encoding does not cover."""


def satisfiable(*conditions):
    solver = z3.Solver()
    solver.set("timeout", MILLISECONDS)
    solver.add(*conditions)
    answer = solver.check()
    if answer == z3.unknown:
        raise Skipped("z3 gave up: " + solver.reason_unknown())
    return answer == z3.sat


def codes():
    out = Codes()
    # The words of the bank have their numbers first, so that a stranger is none of them.
    for kind in ["bank", "joint", "savings", "external", "external-savings", "card", "shared"]:
        out.of(("kind", kind))
    return out


# Claims (section 7)


def has_period(clause):
    name, said = (clause, None) if isinstance(clause, str) else next(iter(clause.items()))
    if name in ("at-most", "more-than", "within"):
        return True
    return name in ("up-to", "over") and any(cap.get("counter") is not None for cap in said)


def claim_is_false(ir, claim):
    """Whether one request by itself goes against the claim."""
    for area in claim["areas"]:
        place = area["operation"]
        operation = ir["operations"][place]
        for key in claim["keys"]:
            facts = Facts(codes(), tells(operation), operation["action"], None)
            policy = Policy(ir, facts, Nothing())
            region = Policy(ir, facts, Nothing(), region=True)
            true, false = region.rule(area, operation)
            inside = true if claim["verb"] == "Can" else z3.Not(false)
            denied, asked, allowed = policy.decide(key, place)
            shown = [policy.shows(key, place, field) for field in area["showing"]]
            one = either(shown) if shown else z3.BoolVal(True)
            if claim["verb"] == "Can":
                against = z3.And(facts.all_known(), z3.Not(z3.And(allowed, every(shown))))
            elif claim["verb"] == "MustAsk":
                against = z3.And(allowed, one)
            else:
                against = z3.And(allowed, one) if shown else z3.Not(denied)
            malformed = policy.malformed()
            if satisfiable(z3.Not(malformed), inside, against, *facts.conditions):
                return True
    return False


def about_claim(line):
    said = line["said"]
    if said == "undecided-claim":
        raise Skipped("bpolc does not decide it")
    areas = line["claim"]["areas"]
    clauses = [clause for area in areas for clause in area["when"] + sum(area["unless"], [])]
    if any(map(has_period, clauses)) and said == "refuted-claim" and not claim_is_false(line["policy"], line["claim"]):
        raise Skipped("the claim is about sums, and only a past shows that it is false")
    false = claim_is_false(line["policy"], line["claim"])
    return ("refuted-claim" if false else "proved"), said


# Comparisons (section 9)


def resolved(ir, counter):
    """A counter with all names replaced by what they stand for."""

    def of(value):
        if isinstance(value, list):
            return [of(it) for it in value]
        if isinstance(value, dict):
            return {name: ref(name, it) for name, it in value.items()}
        return value

    def ref(name, it):
        if name == "account" and isinstance(it, int):
            return ir["accounts"][it]
        if name == "payee" and isinstance(it, int):
            return ir["payees"][it]["ibans"]
        return of(it)

    scopes = [of(ir["scopes"][place]) for place in counter["scopes"]]
    scopes.sort(key=lambda it: json.dumps(it, sort_keys=True))
    return json.dumps([scopes, measure(ir, counter)], sort_keys=True)


def measure(ir, counter):
    return [counter["period"], counter["counting"], counter.get("each_key", False), ir.get("timezone")]


def caps(clauses):
    for clause in clauses:
        if isinstance(clause, dict):
            name, said = next(iter(clause.items()))
            if name in ("up-to", "over", "at-most", "more-than"):
                yield from (cap["counter"] for cap in said if cap.get("counter") is not None)
            if name == "within":
                yield from said


def looked_at(ir):
    """The counters that some rule looks at."""
    out = set()
    blocks = ir["keys"] + ir["guardrails"]
    for rule in (rule for block in blocks for rule in block["rules"]):
        for clauses in [rule.get("when", [])] + rule.get("unless", []):
            for clause in clauses:
                if isinstance(clause, dict) and "within" in clause:
                    for limit in clause["within"]:
                        for cap in ir["limits"][limit]["caps"]:
                            counter = next(iter(cap.values())).get("counter")
                            out |= {counter} - {None}
                else:
                    out |= set(caps([clause]))
    return out


class Sums:
    """What counters hold, the same for counters of both policies that count the same."""

    def __init__(self, policies):
        self.policies = policies
        self.variables = {}
        self.conditions = []
        names = [
            {resolved(ir, ir["counters"][place]): measure(ir, ir["counters"][place]) for place in looked_at(ir)}
            for ir in policies
        ]
        gone = [names[0][name] for name in names[0].keys() - names[1].keys()]
        fresh = [names[1][name] for name in names[1].keys() - names[0].keys()]
        if any(one == other for one in gone for other in fresh):
            raise Skipped("counters of the two policies may correspond without being the same")

    def variable(self, ir, place):
        name = resolved(ir, ir["counters"][place])
        if name not in self.variables:
            number = len(self.variables)
            held, is_known = z3.Int(f"held{number}"), z3.Bool(f"held{number}_known")
            self.conditions.append(held >= 0)
            for other_ir, other_place, (other, other_known) in self.variables.values():
                small, big = (ir, place), (other_ir, other_place)
                if never_more(self.policies, small, big):
                    self.conditions.append(z3.Implies(other_known, z3.And(is_known, held <= other)))
                if never_more(self.policies, big, small):
                    self.conditions.append(z3.Implies(is_known, z3.And(other_known, other <= held)))
            self.variables[name] = (ir, place, (held, is_known))
        return self.variables[name][2]

    def money(self, ir, counter, currency):
        return self.variable(ir, counter)

    def times(self, ir, counter):
        held, is_known = self.variable(ir, counter)
        self.conditions.append(is_known)
        return held


HOUR = 3600


def window_lies_in(small, big):
    """Whether a window of one period always lies in one of the other."""
    if small == big or big == "total":
        return True
    longest = {"day": 25 * HOUR, "week": 169 * HOUR, "month": (31 * 24 + 1) * HOUR, "year": 366 * 24 * HOUR}
    if isinstance(big, dict):
        most = small["rolling"] if isinstance(small, dict) else longest.get(small)
        return most is not None and most <= big["rolling"]
    return [small, big] in [["day", "week"], ["day", "month"], ["day", "year"], ["month", "year"]]


def never_more(policies, small, big):
    """Whether every entry that one counter counts the other counts as well, in a window that lies in the other's."""
    (ir, place), (other_ir, other_place) = small, big
    one, other = ir["counters"][place], other_ir["counters"][other_place]
    if one["counting"] != other["counting"] or not window_lies_in(one["period"], other["period"]):
        return False
    if other.get("each_key") and not one.get("each_key"):
        return False
    for key in ir["keys"]:
        mine = scopes(ir, one, key["name"])
        theirs = scopes(other_ir, other, key["name"])
        for operation in {operation for scope in mine for operation in scope["operations"]}:
            about = ir["operations"][operation]
            facts = Facts(codes(), tells(about), about["action"], None)
            left, right = Policy(ir, facts, Nothing()), Policy(other_ir, facts, Nothing())
            counted = either(in_scope(left, scope, about, operation) for scope in mine)
            also = either(in_scope(right, scope, about, operation) for scope in theirs)
            fine = [z3.Not(Policy(it, facts, Nothing()).malformed()) for it in policies]
            if satisfiable(counted, z3.Not(also), *fine, *facts.conditions):
                return False
    return True


def scopes(ir, counter, key):
    """The scopes of a counter that a key's entries can be in."""
    all_scopes = [ir["scopes"][place] for place in counter["scopes"]]
    return [scope for scope in all_scopes if scope.get("key", key) == key and key not in scope.get("except", [])]


def in_scope(policy, scope, about, operation):
    """Section 6.4: clauses not false, and no `unless` true."""
    if operation not in scope["operations"]:
        return z3.BoolVal(False)
    when = [z3.Not(policy.clause(clause, about)[1]) for clause in scope.get("when", [])]
    unless = [
        z3.Not(every(policy.clause(clause, about)[0] for clause in block)) for block in scope.get("unless", [])
    ]
    return every(when + unless)


def grants(ir, key, place):
    operation = ir["operations"][place]
    if operation["tier"] == "base":
        return True
    own = [rule for known in ir["keys"] if known["name"] == key for rule in known["rules"]]
    return any(rule["effect"] == "allow" and place in rule["operations"] for rule in own)


def about_diff(line):
    old, new = line["old"], line["new"]
    if old["operations"] != new["operations"] or old["accounts"] != new["accounts"]:
        raise Skipped("declarations differ")
    if any(word == "undecided" for _, word in line["said"]):
        raise Skipped("bpolc does not decide it")
    sums = Sums([old, new])
    shown = []
    for key, _ in line["said"]:
        gained = lost = False
        for place, operation in enumerate(old["operations"]):
            if not (grants(old, key, place) or grants(new, key, place)) or gained and lost:
                continue
            for answer in [False, True] if operation["action"] == "read" else [False]:
                facts = Facts(codes(), tells(operation), operation["action"], None)
                before = Policy(old, facts, sums).grade(key, place, answer)
                after = Policy(new, facts, sums).grade(key, place, answer)
                conditions = facts.conditions + sums.conditions
                gained = gained or satisfiable(more(after, before), *conditions)
                lost = lost or satisfiable(more(before, after), *conditions)
        words = {(False, False): "equal", (False, True): "narrower", (True, False): "wider", (True, True): "incomparable"}
        shown.append([key, words[gained, lost]])
    return shown, line["said"]


def more(one, other):
    """Where one decision lets something happen that the other does not."""
    (step, fields), (other_step, other_fields) = one, other
    field = either(z3.And(at, z3.Not(other_fields[name])) for name, at in fields.items())
    return z3.Or(step > other_step, z3.And(step == other_step, field))


def main():
    tried, agreed, skipped = collections.Counter(), collections.Counter(), collections.Counter()
    wrong = 0
    begin = time.time()
    most = float(sys.argv[2]) if len(sys.argv) > 2 else float("inf")
    with open(sys.argv[1], encoding="utf-8") as sample:
        for text in sample:
            if time.time() - begin > most:
                break
            line = json.loads(text)
            kind = line["kind"]
            tried[kind] += 1
            try:
                if kind == "skipped":
                    raise Skipped(line["why"])
                shown, said = about_claim(line) if kind == "claim" else about_diff(line)
            except Skipped as why:
                skipped[f"{kind}: {why}"] += 1
                continue
            if shown == said:
                words = [said] if isinstance(said, str) else sorted({word for _, word in said})
                agreed.update(f"{kind}: {word}" for word in words)
            else:
                wrong += 1
                print(f"seed {line['seed']}: bpolc says {said}, z3 {shown}\n", line["text"], flush=True)
    print(f"{sum(tried.values())} questions in {time.time() - begin:.0f} s, z3 {z3.get_version_string()}")
    for name, counts in [("tried", tried), ("agreed", agreed), ("left out", skipped)]:
        print(name)
        for what, count in sorted(counts.items()):
            print(f"  {count:6} {what}")
    print(f"{wrong} disagreements")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
