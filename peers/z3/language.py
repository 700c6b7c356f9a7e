"""Compiled policies as formulas, from docs/language.md: sections 6.1 to 6.5.

This shares nothing with the compiler but the JSON that it reads: facts are integers of which 0 is "unknown", a clause is a
pair of formulas (where it is true, where it is false), and everything else is unknown.
"""

import datetime
import functools
import ipaddress
from zoneinfo import ZoneInfo

import z3

SECOND = 10**9
DAY = 86400
# Moments that are looked at: policies of the sample speak of 2026 and 2027.
FIRST, LAST = 2020, 2035
DECIMALS = {"EUR": 2, "USD": 2, "GBP": 2, "JPY": 0, "KWD": 3}
DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
NARROWS = {"on", "to", "via", "repeating"}


def either(parts):
    parts = list(parts)
    return z3.Or(*parts) if parts else z3.BoolVal(False)


def every(parts):
    parts = list(parts)
    return z3.And(*parts) if parts else z3.BoolVal(True)


UNKNOWN = (z3.BoolVal(False), z3.BoolVal(False))
TRUE = (z3.BoolVal(True), z3.BoolVal(False))
FALSE = (z3.BoolVal(False), z3.BoolVal(True))


def kleene_and(values):
    values = list(values)
    return every(t for t, _ in values), either(f for _, f in values)


def kleene_or(values):
    values = list(values)
    return either(t for t, _ in values), every(f for _, f in values)


def kleene_not(value):
    return value[1], value[0]


def known(is_known, holds):
    """A comparison of which one side may be unknown."""
    return z3.And(is_known, holds), z3.And(is_known, z3.Not(holds))


class Codes:
    """Numbers for words. 0 is unknown; a number that no word has is a stranger."""

    def __init__(self):
        self.numbers = {}

    def of(self, word):
        return self.numbers.setdefault(word, len(self.numbers) + 1)


def instant(moment):
    return int(moment.timestamp()) * SECOND


@functools.cache
def changes_of_clocks(zone):
    """When clocks are changed, and by how much local time is ahead from then on."""
    moment = datetime.datetime(FIRST, 6, 1, tzinfo=datetime.timezone.utc)
    last, changes = None, []
    while moment.year < LAST:
        ahead = moment.astimezone(zone).utcoffset()
        if ahead != last:
            changes.append((instant(moment), int(ahead.total_seconds())))
            last = ahead
        moment += datetime.timedelta(hours=1)
    return changes


class Facts:
    """The facts of a request about an operation that both policies may know, and what holds of all requests."""

    def __init__(self, codes, tells, action, currencies):
        self.codes, self.tells, self.action = codes, tells, action
        number = lambda name: z3.Int(name)
        self.iban, self.id, self.name, self.kind = map(number, ["iban", "id", "name", "kind"])
        self.payee, self.payee_own, self.favorite = map(number, ["payee", "payee_own", "favorite"])
        self.currency, self.value = number("currency"), number("value")
        self.method, self.repeat, self.url = map(number, ["method", "repeat", "url"])
        self.created_known, self.created, self.own = z3.Bool("created_known"), number("created"), number("own")
        self.family, self.address, self.now = number("family"), number("address"), number("now")
        self.kinds = 7
        word = lambda fact, least=0: fact >= least
        conditions = [word(self.iban), word(self.id, -1), word(self.name), self.kind >= 0, self.kind <= self.kinds]
        conditions += [word(self.payee), self.payee_own >= 0, self.payee_own <= 2, self.favorite >= 0, self.favorite <= 2]
        conditions += [self.currency >= 0, self.value >= 1, self.value < 10**17]
        conditions += [word(self.method), word(self.repeat), word(self.url), self.own >= 0, self.own <= 2]
        conditions += [z3.Or(self.family == 0, self.family == 4, self.family == 6), self.address >= 0]
        conditions += [z3.Implies(self.family == 4, self.address < 2**32), self.address < 2**128]
        utc = datetime.timezone.utc
        conditions += [
            self.now >= instant(datetime.datetime(FIRST, 6, 1, tzinfo=utc)),
            self.now < instant(datetime.datetime(LAST, 1, 1, tzinfo=utc)),
        ]
        # "Facts that … are about a dimension the operation lacks, are ignored."
        silent = {
            "account": [self.iban == 0, self.id == -1, self.name == 0, self.kind == 0],
            "payee": [self.payee == 0, self.payee_own == 0, self.favorite == 0],
            "amount": [self.currency == 0],
            "method": [self.method == 0],
            "repeat": [self.repeat == 0],
            "url": [self.url == 0],
            "record": [z3.Not(self.created_known), self.own == 0],
        }
        self.absent = silent
        for dimension, facts in silent.items():
            if dimension not in tells:
                conditions += facts
        self.conditions = conditions

    def all_known(self):
        told = {
            "account": [self.iban != 0, self.id != -1, self.name != 0, self.kind != 0],
            "payee": [self.payee != 0, self.payee_own != 0, self.favorite != 0],
            "amount": [self.currency != 0],
            "method": [self.method != 0],
            "repeat": [self.repeat != 0],
            "url": [self.url != 0],
            "record": [self.created_known, self.own != 0],
        }
        out = [self.family != 0]
        for dimension in self.tells:
            out += told.get(dimension, [])
        return every(out)


class Policy:
    """One compiled policy, as it decides about an operation."""

    def __init__(self, ir, facts, held, region=False):
        self.ir, self.facts, self.held, self.region = ir, facts, held, region
        self.codes = facts.codes
        self.zone = ZoneInfo(ir["timezone"]) if "timezone" in ir else None
        self.own_kinds = {kind["word"] for kind in ir["kinds"] if kind["own"]}

    # Section 6.1

    def same(self, account):
        """For IBAN and id: where both sides know it and it is equal, and where it is different."""
        out = []
        if "iban" in account:
            out.append(known(self.facts.iban != 0, self.facts.iban == self.codes.of(account["iban"])))
        if "id" in account:
            out.append(known(self.facts.id != -1, self.facts.id == account["id"]))
        return out

    def equals(self, account):
        return either(equal for equal, _ in self.same(account))

    def malformed(self):
        out, equal = [], []
        for account in self.ir["accounts"]:
            same = self.same(account)
            is_it = either(equal for equal, _ in same)
            equal.append(is_it)
            out.append(z3.And(is_it, either(different for _, different in same)))
            if "kind" in account:
                kind = self.codes.of(("kind", account["kind"]))
                out.append(z3.And(is_it, self.facts.kind != 0, self.facts.kind != kind))
                if account["kind"] in self.own_kinds and "iban" in account:
                    payee = self.facts.payee == self.codes.of(account["iban"])
                    out.append(z3.And(payee, self.facts.payee_own == 1))
        for place, one in enumerate(equal):
            out += [z3.And(one, other) for other in equal[place + 1 :]]
        return either(out)

    # Section 6.2

    def account(self, place):
        account = self.ir["accounts"][place]
        value = kleene_or(self.same(account)) if len(self.same(account)) == 1 else self.both(account)
        if not self.region:
            return value
        others = [other for at, other in enumerate(self.ir["accounts"]) if at != place]
        another = [self.equals(other) for other in others]
        if "kind" in account:
            kind = self.codes.of(("kind", account["kind"]))
            another.append(z3.And(self.facts.kind != 0, self.facts.kind != kind))
        another = either(another)
        return z3.And(value[0], z3.Not(another)), z3.Or(value[1], another)

    def both(self, account):
        same = self.same(account)
        return either(t for t, _ in same), z3.And(z3.Not(either(t for t, _ in same)), either(f for _, f in same))

    def kind(self, word):
        code = self.codes.of(("kind", word))
        told = self.facts.kind != 0
        true, false = [z3.And(told, self.facts.kind == code)], [z3.And(told, self.facts.kind != code)]
        for account in self.ir["accounts"]:
            if "kind" in account:
                silent = z3.And(z3.Not(told), self.equals(account))
                (true if account["kind"] == word else false).append(silent)
        return either(true), either(false)

    def besides(self, excepted):
        values = [self.account(one["account"]) if "account" in one else self.kind(one["kind"]) for one in excepted]
        return kleene_not(kleene_or(values))

    def on(self, refs):
        values = []
        for one in refs:
            if "account" in one:
                values.append(self.account(one["account"]))
            elif "name" in one:
                name = self.codes.of(("name", one["name"]))
                values.append(known(self.facts.name != 0, self.facts.name == name))
            elif "kind" in one:
                kind = one["kind"]
                values.append(kleene_and([self.kind(kind["kind"]), self.besides(kind.get("except", []))]))
            else:
                values.append(self.besides(one["any"].get("except", [])))
        return kleene_or(values)

    def to(self, refs):
        values = []
        for one in refs:
            if one == "anyone":
                values.append(TRUE)
            elif one == "favorites":
                values.append((self.facts.favorite == 2, self.facts.favorite == 1))
            elif one == "own-accounts":
                declared = [
                    self.facts.payee == self.codes.of(account["iban"])
                    for account in self.ir["accounts"]
                    if account.get("kind") in self.own_kinds and "iban" in account
                ]
                silent = z3.And(self.facts.payee_own == 0, either(declared))
                values.append((z3.Or(self.facts.payee_own == 2, silent), self.facts.payee_own == 1))
            else:
                if "iban" in one:
                    ibans = [one["iban"]]
                elif "payee" in one:
                    ibans = self.ir["payees"][one["payee"]]["ibans"]
                else:
                    ibans = [self.ir["accounts"][one["account"]]["iban"]]
                listed = either(self.facts.payee == self.codes.of(iban) for iban in ibans)
                values.append(known(self.facts.payee != 0, listed))
        return kleene_or(values)

    def money(self, caps):
        """`up to`: every cap looked at holds; unknown where none is in the amount's currency."""
        looked_at, values = [], []
        for cap in caps:
            currency = self.codes.of(("currency", cap["currency"]))
            whole, _, rest = cap["value"].partition(".")
            most = int(whole + rest.ljust(DECIMALS[cap["currency"]], "0"))
            is_it = self.facts.currency == currency
            looked_at.append(is_it)
            if "counter" in cap and cap["counter"] is not None:
                spent, is_known = self.held.money(self.ir, cap["counter"], cap["currency"])
                once = self.codes.of(("repeat", "once"))
                countable = z3.Or(self.facts.repeat == 0, self.facts.repeat == once)
                value = known(z3.And(is_known, countable), spent + self.facts.value <= most)
            else:
                value = known(z3.BoolVal(True), self.facts.value <= most)
            values.append((z3.Or(z3.Not(is_it), value[0]), z3.And(is_it, value[1])))
        true, false = kleene_and(values)
        some = either(looked_at)
        return z3.And(some, true), z3.And(some, false)

    def times(self, caps):
        return kleene_and(
            known(z3.BoolVal(True), self.held.times(self.ir, cap["counter"]) + 1 <= cap["times"]) for cap in caps
        )

    def within(self, limits):
        values = []
        for limit in limits:
            caps = self.ir["limits"][limit]["caps"]
            values += [self.times([cap["count"]]) for cap in caps if "count" in cap]
            money = [cap["money"] for cap in caps if "money" in cap]
            if money:
                values.append(self.money(money))
        return kleene_and(values)

    def first(self, date):
        date = datetime.date.fromisoformat(date)
        return instant(datetime.datetime(date.year, date.month, date.day, tzinfo=self.zone))

    def local(self):
        """Nanoseconds of local time since a Monday at midnight."""
        monday = datetime.datetime(FIRST, 1, 6, tzinfo=datetime.timezone.utc)
        offset = None
        for begin, seconds in changes_of_clocks(self.zone):
            here = z3.IntVal(seconds * SECOND)
            offset = here if offset is None else z3.If(self.facts.now >= begin, here, offset)
        return self.facts.now + offset - instant(monday)

    def during(self, spans):
        week = z3.Int("week")
        # The time of the week, by its own variable: local = 7 days times whole weeks and the rest.
        weeks = z3.Int("weeks")
        if not getattr(self.facts, "has_week", None):
            self.facts.has_week = True
            self.facts.conditions += [
                self.local() == weeks * (7 * DAY * SECOND) + week,
                week >= 0,
                week < 7 * DAY * SECOND,
            ]
        inside = []
        for span in spans:
            for day in span["days"]:
                start = DAYS.index(day) * DAY + span["from"] * 60
                end = DAYS.index(day) * DAY + span["until"] * 60
                if span["until"] <= span["from"]:
                    end += DAY
                inside.append(z3.And(week >= start * SECOND, week < end * SECOND))
                if end > 7 * DAY:
                    inside.append(week < (end - 7 * DAY) * SECOND)
        inside = either(inside)
        return inside, z3.Not(inside)

    def network(self, refs):
        blocks = []
        for one in refs:
            if one == "anywhere":
                return TRUE
            blocks += [one["block"]] if "block" in one else self.ir["networks"][one["network"]]["blocks"]
        inside = []
        for block in blocks:
            net = ipaddress.ip_network(block)
            first, last = int(net.network_address), int(net.broadcast_address)
            family = self.facts.family == net.version
            inside.append(z3.And(family, self.facts.address >= first, self.facts.address <= last))
        return known(self.facts.family != 0, either(inside))

    DIMENSION = {
        "on": "account", "to": "payee", "to-url": "url", "up-to": "amount", "over": "amount", "any-amount": "amount",
        "within": "amount", "via": "method", "repeating": "repeat", "since": "record", "created-by-this-key": "record",
    }

    def clause(self, clause, operation):
        name, said = (clause, None) if isinstance(clause, str) else next(iter(clause.items()))
        dimension = self.DIMENSION.get(name)
        if dimension and dimension not in operation.get("dimensions", []):
            # "a clause about a dimension the operation does not have is unknown"
            return UNKNOWN
        facts, code = self.facts, lambda kind, words: [self.codes.of((kind, word)) for word in words]
        if name == "on":
            return self.on(said)
        if name == "to":
            return self.to(said)
        if name == "to-url":
            return known(facts.url != 0, either(facts.url == it for it in code("url", said)))
        if name == "via":
            return known(facts.method != 0, either(facts.method == it for it in code("method", said)))
        if name == "repeating":
            return known(facts.repeat != 0, either(facts.repeat == it for it in code("repeat", said)))
        if name == "any-amount":
            return TRUE
        if name == "up-to":
            return self.money(said)
        if name == "over":
            return kleene_not(self.money(said))
        if name == "at-most":
            return self.times(said)
        if name == "more-than":
            return kleene_not(self.times(said))
        if name == "within":
            return self.within(said)
        if name == "since":
            if "age" in said:
                return known(facts.created_known, facts.created >= facts.now - said["age"] * SECOND)
            return known(facts.created_known, facts.created >= self.first(said["date"]))
        if name == "created-by-this-key":
            return facts.own == 2, facts.own == 1
        if name == "from":
            return self.network(said)
        if name == "during":
            return self.during(said)
        if name == "starting":
            return facts.now >= self.first(said), facts.now < self.first(said)
        if name == "before":
            return facts.now < self.first(said), facts.now >= self.first(said)
        raise NotImplementedError(name)

    CAPS = {"up-to", "over", "at-most", "more-than", "within", "any-amount"}

    def name(self, clause):
        return clause if isinstance(clause, str) else next(iter(clause))

    def rule(self, rule, operation, taken=None, effect=None, without_caps=False):
        """The value of a rule; `taken` says how clauses about open facts are: "best" or "worst"."""

        def value(clause, in_unless):
            true, false = self.clause(clause, operation)
            dimension = self.DIMENSION.get(self.name(clause))
            if taken is None or dimension not in self.facts.tells or dimension in ("url", "repeat", "fields"):
                return true, false
            is_open = every(self.facts.absent[dimension])
            unknown = z3.And(is_open, z3.Not(true), z3.Not(false))
            helps = (effect == "allow") != in_unless
            if helps == (taken == "best"):
                return z3.Or(true, unknown), false
            return true, z3.Or(false, unknown)

        cap = lambda clause: self.name(clause) in self.CAPS
        values = [value(clause, False) for clause in rule.get("when", []) if not (without_caps and cap(clause))]
        for block in rule.get("unless", []):
            if without_caps and any(map(cap, block)):
                continue
            values.append(kleene_not(kleene_and(value(clause, True) for clause in block)))
        return kleene_and(values)

    # Section 6.3

    def bound(self, key, place):
        own = [rule for known in self.ir["keys"] if known["name"] == key for rule in known["rules"]]
        for guardrail in self.ir["guardrails"]:
            if key not in guardrail.get("except", []):
                own += guardrail["rules"]
        return [rule for rule in own if place in rule["operations"]]

    def decide(self, key, place, taken=None):
        """Where it is denied, asked, allowed."""
        operation = self.ir["operations"][place]
        rules = self.bound(key, place)
        value = lambda rule: self.rule(rule, operation, taken, rule["effect"])
        not_false = lambda effect: either(z3.Not(value(rule)[1]) for rule in rules if rule["effect"] == effect)
        granted = either(value(rule)[0] for rule in rules if rule["effect"] == "allow")
        if operation["tier"] == "base":
            granted = z3.BoolVal(True)
        passed = z3.And(z3.Not(not_false("deny")), granted)
        asked = not_false("ask")
        return z3.Not(passed), z3.And(passed, asked), z3.And(passed, z3.Not(asked))

    # Section 6.5

    def shows(self, key, place, field, shown="plain", hidden="plain"):
        """Where an allowed read shows a field."""
        operation = self.ir["operations"][place]
        pass_of = lambda name: None if name == "plain" else name
        if operation["tier"] == "base":
            return z3.BoolVal(field in operation.get("fields", []))
        if operation["action"] != "read":
            return z3.BoolVal(False)
        shows, hides = [], []
        for rule in self.bound(key, place):
            if rule["effect"] != "allow":
                continue
            listed = rule.get("showing")
            listed = operation.get("fields", []) if listed is None else listed
            if field in listed and field not in rule.get("hiding", []):
                shows.append(self.rule(rule, operation, pass_of(shown), "allow")[0])
            if field in rule.get("hiding", []):
                hides.append(z3.Not(self.rule(rule, operation, pass_of(hidden), "allow", True)[1]))
        return z3.And(either(shows), z3.Not(either(hides)))

    def grade(self, key, place, answer):
        """A number for how much happens, and where each field is shown: deny 0, ask 1, each record by itself 2, allow 3."""
        operation = self.ir["operations"][place]
        fields = operation.get("fields", []) + operation.get("extra_fields", [])
        if not answer:
            denied, asked, allowed = self.decide(key, place)
            step = z3.If(allowed, 3, z3.If(asked, 1, 0))
            shown = {field: z3.And(allowed, self.shows(key, place, field)) for field in fields}
        else:
            best, worst = self.decide(key, place, "best")[2], self.decide(key, place, "worst")[2]
            step = z3.If(best, z3.If(worst, 3, 2), 0)
            shown = {
                field: z3.And(best, worst, self.shows(key, place, field, "worst", "best")) for field in fields
            }
        fine = z3.Not(self.malformed())
        return z3.If(fine, step, 0), {field: z3.And(fine, at) for field, at in shown.items()}


class Nothing:
    """Counters before anything was done."""

    def money(self, ir, counter, currency):
        return z3.IntVal(0), z3.BoolVal(True)

    def times(self, ir, counter):
        return z3.IntVal(0)


def tells(operation):
    untold = operation.get("untold", [])
    return {it for it in operation.get("dimensions", []) if it not in untold}
