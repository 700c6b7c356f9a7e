"""The engine through Python under the conformance suite: `python3 conformance/run.py -- python bindings/python/conform.py`."""

import json
import sys

import bpol


def answer(policy, question):
    now, past = question["now"], question.get("past", [])
    if "call" not in question:
        return policy.decide(question.get("text", question.get("request")), past, now)
    call, given = question["call"], question.get("answer")
    headers = [(name, value.encode()) for name, value in call.get("headers", [])]
    try:
        routed = policy.route(call["method"], call["target"], headers, call.get("body", "").encode(), key=call["key"])
        if given is None:
            return {"request": routed.request}
        decision = routed.decide(past, now)["decision"]
        if decision != "allow":
            return {"decision": decision}
        body, kept, dropped = routed.cut(given["status"], given["content_type"], given["body"].encode(), past, now)
    except bpol.Refused as refused:
        return {"refused": refused.name}
    except bpol.Unfiltered as unfiltered:
        return {"unfiltered": unfiltered.name}
    text = body.decode("utf-8", "replace")
    try:
        return {"body": json.loads(text), "kept": kept, "dropped": dropped}
    except ValueError:
        return {"body": text, "kept": kept, "dropped": dropped}


with open(sys.argv[-1], "rb") as file:
    loaded = bpol.Policy(file.read())
for line in sys.stdin:
    print(json.dumps(answer(loaded, json.loads(line))), flush=True)
