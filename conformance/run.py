#!/usr/bin/env python3
"""Runs the conformance suite against any command that speaks its protocol (README.md beside this file).

    python3 conformance/run.py [--only decide|http] [--group NAME] [--first N] -- COMMAND [ARGUMENT...]

The command is started once for each group, with the path of the group's compiled policy as its last argument. It reads
one question a line and writes one answer a line. Exit code 0 when all answers are right, 1 when some are not, 2 when
the suite could not be run.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import threading

HERE = pathlib.Path(__file__).resolve().parent
COMPARED = ("decision", "reason", "by", "each", "fields")
MISSING = object()


def main():
    parser = argparse.ArgumentParser(description="Runs the bpol conformance suite against a command.")
    parser.add_argument("--only", choices=("decide", "http"), help="one kind of vectors")
    parser.add_argument("--group", help="one group, by name")
    parser.add_argument("--first", type=int, default=20, help="how many failures are printed (20)")
    parser.add_argument("command", nargs=argparse.REMAINDER, help="-- COMMAND [ARGUMENT...]")
    options = parser.parse_args()
    command = options.command[1:] if options.command[:1] == ["--"] else options.command
    if not command:
        parser.error("name a command after `--`")
    passed, failed = 0, 0
    for kind in ("decide", "http"):
        if options.only in (None, kind):
            for vectors in sorted((HERE / kind).glob("*.ndjson")):
                if options.group in (None, vectors.stem):
                    good, bad = group(kind, vectors, command, options.first - failed)
                    passed, failed = passed + good, failed + bad
    if passed + failed == 0:
        print("no vectors: nothing was checked", file=sys.stderr)
        return 2
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


def group(kind, path, command, show):
    """Asks all questions of a group; gives how many were answered right, and how many were not."""
    vectors = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    questions = "".join(question(vector) + "\n" for vector in vectors)
    try:
        answers, error = ask(command + [str(path.with_suffix(".json"))], questions)
    except OSError as error:
        print(f"the command cannot be run: {error}", file=sys.stderr)
        sys.exit(2)
    bad = 0
    for number, vector in enumerate(vectors):
        differences = compare(kind, vector["expect"], answers[number] if number < len(answers) else None)
        if differences:
            bad += 1
            if bad <= show:
                report(f"{kind}/{path.name}:{number + 1}", vector, differences)
    if len(answers) > len(vectors):
        bad += 1
        print(f"{kind}/{path.name}: {len(answers)} answers to {len(vectors)} questions")
    if bad and error:
        print("  the command says: " + error.strip().splitlines()[-1])
    return max(len(vectors) - bad, 0), bad


def question(vector):
    asked = {name: value for name, value in vector.items() if name not in ("expect", "why")}
    return json.dumps(asked, ensure_ascii=False, separators=(",", ":"))


def ask(command, questions):
    """Writes all questions while it reads the answers, so that neither side waits for the other."""
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def write():
        try:
            process.stdin.write(questions.encode())
            process.stdin.close()
        except BrokenPipeError:
            pass

    errors = []
    threads = [threading.Thread(target=write), threading.Thread(target=lambda: errors.append(process.stderr.read()))]
    for thread in threads:
        thread.start()
    answers = process.stdout.read().decode("utf-8", "replace").splitlines()
    for thread in threads:
        thread.join()
    process.wait()
    return answers, errors[0].decode("utf-8", "replace")


def compare(kind, expected, answer):
    """What differs, as lines for people; none where the answer is right."""
    if answer is None:
        return ["no answer"]
    try:
        answer = json.loads(answer)
    except ValueError:
        return [f"no JSON: {answer[:200]}"]
    if not isinstance(answer, dict):
        return [f"no object: {json.dumps(answer)[:200]}"]
    members = COMPARED if kind == "decide" else sorted(expected.keys() | answer.keys())
    return [
        f"{name}: expected {show(expected.get(name, MISSING))}, got {show(answer.get(name, MISSING))}"
        for name in members
        if not same(expected.get(name, MISSING), answer.get(name, MISSING))
    ]


def same(one, other):
    """Equal as JSON: Python takes `true` for 1."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[name], other[name]) for name in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return one == other


def show(value):
    return "nothing" if value is MISSING else json.dumps(value, ensure_ascii=False)


def report(place, vector, differences):
    print(place + (f"  {vector['why']}" if "why" in vector else ""))
    for name in ("call", "answer", "past", "request", "text", "now"):
        if name in vector:
            print(f"  {name} {json.dumps(vector[name], ensure_ascii=False)}")
    for difference in differences:
        print(f"  {difference}")


if __name__ == "__main__":
    sys.exit(main())
