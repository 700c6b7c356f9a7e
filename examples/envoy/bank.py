"""A bank as its clients see it: the handshake, signed answers, one account, payments. It knows nothing of policies.

`bank.py JOURNAL` prints its port and writes a line of JSON to JOURNAL for each call that reaches it.
"""

import base64
import json
import re
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from Cryptodome.Hash import SHA256
from Cryptodome.PublicKey import RSA
from Cryptodome.Signature import pkcs1_15

API_KEY = "sandbox_key_of_the_holder"
KEY = RSA.generate(2048)
INSTALLATIONS = {"installation-token"}
SESSIONS = set()
HOLDER = {"id": 1, "display_name": "A. Holder", "public_nick_name": "Holder", "session_timeout": 604800}
ALIAS = {"type": "IBAN", "value": "NL79BUNQ0000000001", "name": "A. Holder"}
ACCOUNT = {
    "id": 42, "description": "Groceries", "status": "ACTIVE", "currency": "EUR", "alias": [ALIAS],
    "balance": {"value": "812.40", "currency": "EUR"},
}
PAYMENTS = [{"id": 7, "created": "2026-11-01 08:00:00.000000", "description": "milk", "amount": {"value": "-3.10", "currency": "EUR"}}]


def installation(_):
    public = KEY.publickey().export_key().decode()
    return [{"Id": {"id": 1}}, {"Token": {"id": 1, "token": "installation-token"}},
            {"ServerPublicKey": {"server_public_key": public}}]


def session(body):
    if body.get("secret") != API_KEY:
        return None
    token = f"session-token-{len(SESSIONS) + 1}"
    SESSIONS.add(token)
    return [{"Id": {"id": 1}}, {"Token": {"id": 1, "token": token}}, {"UserPerson": HOLDER}]


def pay(body):
    payment = {"id": 77 + len(PAYMENTS), "created": "2026-11-24 10:00:00.000000", "description": body.get("description", "")}
    PAYMENTS.insert(0, payment | {"amount": {"value": "-" + body["amount"]["value"], "currency": body["amount"]["currency"]}})
    return [{"Id": {"id": payment["id"]}}]


# Method, path, the tokens that may call it, the answer. Any account can pay here: what holds a program back is the gateway.
CALLS = [
    ("POST", r"/v1/installation", None, installation),
    ("POST", r"/v1/device-server", INSTALLATIONS, lambda _: [{"Id": {"id": 9}}]),
    ("POST", r"/v1/session-server", INSTALLATIONS, session),
    ("GET", r"/v1/user/1/monetary-account-bank", SESSIONS, lambda _: [{"MonetaryAccountBank": ACCOUNT}]),
    ("GET", r"/v1/user/1/monetary-account/\d+/payment", SESSIONS, lambda _: [{"Payment": one} for one in PAYMENTS]),
    ("POST", r"/v1/user/1/monetary-account/\d+/payment", SESSIONS, pay),
]


class Bank(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        with open(sys.argv[1], "a", encoding="utf-8") as journal:
            print(json.dumps({"call": f"{self.command} {self.path}", "body": body.decode()}), file=journal)
        status, response = 404, None
        for method, path, tokens, call in CALLS:
            if self.command == method and re.fullmatch(path, self.path.partition("?")[0]):
                if tokens is None or self.headers.get("X-Bunq-Client-Authentication") in tokens:
                    response = call(json.loads(body or "{}"))
                status = 200 if response else 401
        if response is None:
            self.send(status, {"Error": [{"error_description": "the bank refuses it"}]})
        else:
            self.send(200, {"Response": response, "Pagination": {"future_url": None, "newer_url": None, "older_url": None}})

    def send(self, status, answer):
        body = json.dumps(answer).encode()
        signature = pkcs1_15.new(KEY).sign(SHA256.new(body))
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Bunq-Client-Response-Id", "of-the-bank")
        self.send_header("X-Bunq-Server-Signature", base64.b64encode(signature).decode())
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_DELETE = answer

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Bank)
    print(f"listening on 127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
