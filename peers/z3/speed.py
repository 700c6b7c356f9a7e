#!/usr/bin/env python3
"""Times two claims about a policy of payments: `bpolc check` of the text, and z3 on the same policy as a formula.

    python3 speed.py path/to/bpolc

The formula is written by hand for this very policy, as small as it can be: the payee is a number, unknown facts are left
out, and of each statement only what the claims are about is said. z3 is given SMT-LIB text in its own process time, reading
included; making the text is not counted.
"""

import resource
import statistics
import subprocess
import sys
import tempfile
import time

import z3

ACCOUNT = 'account "Shop" is iban NL20INGB0001234567, id 42, bank;'
CLAIMS = """ensure no key can create payment over 600 EUR;
ensure no key can create payment on any account except "Shop";
"""
RUNS = 5


def iban(number):
    account = f"BUNQ{number:010}"
    digits = "".join(str(int(sign, 36)) for sign in account + "NL00")
    return f"NL{98 - int(digits) % 97:02}{account}"


def text(keys, rules, claims):
    out = ['timezone "Europe/Amsterdam";', ACCOUNT]
    for key in range(keys):
        out.append(f'key "key {key}" <')
        for number in range(key * rules, (key + 1) * rules):
            payees = ", ".join(iban(number * 10 + payee) for payee in range(10))
            cap = 100 + number % 400
            out.append(
                f'  allow create payment on account "Shop" to iban {payees} up to {cap} EUR each, 1000 EUR per day;'
            )
        out.append(">")
    return "\n".join(out) + "\n" + (CLAIMS if claims else "")


def formula(keys, rules):
    """For each key: does some statement let through what a claim says cannot be? Account 1 is the shop, 0 unknown."""
    out = ["(declare-const account Int)(declare-const payee Int)(declare-const value Int)(assert (>= value 1))"]
    for key in range(keys):
        allowed = []
        for number in range(key * rules, (key + 1) * rules):
            payees = " ".join(f"(= payee {number * 10 + payee + 1})" for payee in range(10))
            cap = (100 + number % 400) * 100
            allowed.append(f"(and (= account 1) (or {payees}) (<= value {cap}) (<= value 100000))")
        for claim in ["(> value 60000)", "(not (= account 1))"]:
            out.append(f"(push)(assert (or {' '.join(allowed)}))(assert {claim})(check-sat)(pop)")
    return "\n".join(out)


def user_time(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stdout + done.stderr)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before, done.stdout


SOLVE = """
import sys, z3
context = z3.Context()
answers = z3.Z3_eval_smtlib2_string(context.ref(), open(sys.argv[1]).read())
assert set(answers.split()) == {"unsat"}, answers
"""


def median(command):
    return statistics.median(user_time(command)[0] for _ in range(RUNS))


def main():
    bpolc = sys.argv[1]
    idle = median([sys.executable, "-c", "import z3"])
    print(f"z3 {z3.get_version_string()}; median of {RUNS}; seconds of processor time; loading z3 ({idle:.2f} s) taken off")
    print("| statements | keys | `bpolc check` without claims | with two claims | z3 |")
    print("| --- | --- | --- | --- | --- |")
    for keys, rules in [(1, 1_000), (10, 100), (1, 10_000), (100, 100)]:
        with tempfile.TemporaryDirectory() as folder:
            for claims in [False, True]:
                with open(f"{folder}/{claims}.bpol", "w", encoding="utf-8") as file:
                    file.write(text(keys, rules, claims))
            with open(f"{folder}/formula.smt2", "w", encoding="utf-8") as file:
                file.write(formula(keys, rules))
            alone = median([bpolc, "check", f"{folder}/False.bpol"])
            both = median([bpolc, "check", f"{folder}/True.bpol"])
            solved = median([sys.executable, "-c", SOLVE, f"{folder}/formula.smt2"]) - idle
            print(f"| {keys * rules:,} | {keys} | {alone:.2f} s | {both:.2f} s | {solved:.2f} s |", flush=True)
    print(time.strftime("%Y-%m-%d"))


if __name__ == "__main__":
    main()
