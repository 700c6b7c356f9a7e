#!/usr/bin/env python3
"""How long an editor waits for findings after a keystroke, and for a workspace to open: bpol-lsp as a process, and beside it
in the same run ruff's server, where `ruff` is installed.

    lsp/tests/speed/keystrokes.py target/release/bpol-lsp
"""

import json
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from queue import Queue

STROKES = 200


class Server:
    """A server that speaks the Language Server Protocol, from an editor that takes findings as they come."""

    def __init__(self, command, root):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.heard = Queue()
        threading.Thread(target=self._read, daemon=True).start()
        self.number = 0
        self.ask(
            "initialize",
            {
                "processId": None,
                "rootUri": root.as_uri(),
                "workspaceFolders": [{"uri": root.as_uri(), "name": "root"}],
                "capabilities": {"textDocument": {"publishDiagnostics": {"versionSupport": True}}},
            },
        )
        self.say("initialized", {})

    def _read(self):
        out = self.process.stdout
        while True:
            length = 0
            while line := out.readline().strip():
                name, value = line.split(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            if not length:
                return
            self.heard.put(json.loads(out.read(length)))

    def send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def say(self, method, params):
        self.send({"method": method, "params": params})

    def ask(self, method, params):
        self.number += 1
        self.send({"id": self.number, "method": method, "params": params})
        return self.until(lambda one: one.get("id") == self.number and "method" not in one)

    def until(self, wanted):
        while True:
            one = self.heard.get(timeout=60)
            if "method" in one and "id" in one:
                self.send({"id": one["id"], "result": None})
            elif wanted(one):
                return one

    def findings(self, uri, version):
        def is_it(one):
            if one.get("method") != "textDocument/publishDiagnostics":
                return False
            params = one["params"]
            return params["uri"] == uri and params.get("version", version) == version

        return self.until(is_it)

    def memory(self):
        """Megabytes that are in memory."""
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024
        return float("nan")

    def end(self):
        self.ask("shutdown", None)
        self.say("exit", None)
        self.process.wait(timeout=10)


def strokes(server, path, language, text, places, typed):
    """Types at one place after the other, and takes it back; milliseconds until the findings of each text come."""
    uri = path.as_uri()
    server.say("textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": language, "version": 1, "text": text}})
    server.findings(uri, 1)
    time.sleep(1.0)
    times = []
    for stroke in range(STROKES):
        line, column = places[stroke // 2 * 7 % len(places)]
        end = column if stroke % 2 == 0 else column + len(typed)
        span = {"start": {"line": line, "character": column}, "end": {"line": line, "character": end}}
        change = {"range": span, "text": typed if stroke % 2 == 0 else ""}
        begin = time.perf_counter()
        version = stroke + 2
        server.say(
            "textDocument/didChange", {"textDocument": {"uri": uri, "version": version}, "contentChanges": [change]}
        )
        server.findings(uri, version)
        times.append((time.perf_counter() - begin) * 1e3)
        # A person does not type faster.
        time.sleep(0.02)
    return times


def shown(times):
    times = sorted(times)
    return f"median {statistics.median(times):6.2f} ms   p95 {times[len(times) * 95 // 100]:6.2f} ms"


def policy(keys):
    lines = ['timezone "Europe/Amsterdam";', 'account "Groceries" is iban NL20INGB0001234567;']
    lines += ['payee "Landlord" is NL91ABNA0417164300;', ""]
    places = []
    for number in range(keys):
        lines += [f"/// Key {number}.", f'key "key {number}" <']
        lines.append('  allow read transactions on account "Groceries" since 30d;')
        line = '  allow create payment on account "Groceries" to payee "Landlord" up to 90'
        places.append((len(lines), len(line)))
        lines += [f"{line} EUR per month;", "  ask payment over 50 EUR;", "  deny cards;", ">", ""]
    lines += ['ensure key "key 1" cannot create payment over 20000 EUR;', ""]
    return "\n".join(lines), places


def program(functions):
    lines, places = ["import os", ""], []
    for number in range(functions):
        lines += [f"def function_{number}(first, second):", f'    """Function {number}."""', "    total = 0"]
        line = "    for one in range(first):"
        lines.append(line)
        line = "        total += one * second + 1"
        places.append((len(lines), len(line)))
        lines += [line, "    return total", "", ""]
    return "\n".join(lines), places


def main():
    command = [str(pathlib.Path(sys.argv[1]).resolve())] if len(sys.argv) == 2 else sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as scratch:
        root = pathlib.Path(scratch).resolve()
        for keys, functions in ((124, 124), (1248, 1248)):
            text, places = policy(keys)
            server = Server(command, root)
            times = strokes(server, root / "a.bpol", "bpol", text, places, "0")
            print(f"bpol-lsp {len(text.splitlines()):6} lines   {shown(times)}   {server.memory():.0f} MB")
            server.end()
            if ruff := shutil.which("ruff"):
                text, places = program(functions)
                server = Server([ruff, "server"], root)
                times = strokes(server, root / "a.py", "python", text, places, "0")
                print(f"ruff     {len(text.splitlines()):6} lines   {shown(times)}   {server.memory():.0f} MB")
                server.end()
            else:
                print("ruff is not installed")
        folder = root / "workspace"
        folder.mkdir()
        for number in range(1000):
            text, _ = policy(3)
            # One finding each, so that each is told.
            (folder / f"{number}.bpol").write_text(text + 'ensure key "key 1" cannot create payment;\n')
        begin = time.perf_counter()
        server = Server(command, folder)
        told = set()
        while len(told) < 1000:
            one = server.until(lambda one: one.get("method") == "textDocument/publishDiagnostics")
            told.add(one["params"]["uri"])
        print(f"workspace of 1000 files: {time.perf_counter() - begin:.2f} s until all is told, {server.memory():.0f} MB")
        server.end()


main()
