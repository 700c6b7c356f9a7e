"""A program with a key, written with bunq's own SDK as its documentation shows it. It knows nothing of bpol.

`program.py CONF PROXY COMMAND…` prints one line for each command: `register KEY`, or `accounts`, `payments` and
`pay VALUE CURRENCY IBAN ACCOUNT`. CONF keeps what the bank gave at registration.
"""

import shlex
import sys
import warnings
from pathlib import Path

warnings.simplefilter("ignore")

from bunq.sdk.context.api_context import ApiContext  # noqa: E402
from bunq.sdk.context.api_environment_type import ApiEnvironmentType  # noqa: E402
from bunq.sdk.context.bunq_context import BunqContext  # noqa: E402
from bunq.sdk.exception.api_exception import ApiException  # noqa: E402
from bunq.sdk.model.generated.endpoint import MonetaryAccountBankApiObject, PaymentApiObject  # noqa: E402
from bunq.sdk.model.generated.object_ import AmountObject, PointerObject  # noqa: E402


def register(conf, proxy, api_key):
    ApiContext.create(ApiEnvironmentType.SANDBOX, api_key, "a program", proxy_url=proxy).save(conf)
    return "registered"


def begin(conf, proxy):
    context = ApiContext.restore(conf)
    context._proxy_url = proxy
    context.reset_session()
    BunqContext.load_api_context(context)


def accounts():
    return ", ".join(f"{one.description} {one.balance.value}" for one in MonetaryAccountBankApiObject.list().value)


def payments():
    listed = PaymentApiObject.list(monetary_account_id=42).value
    return ", ".join(f"{one.amount.value} {one.description}" for one in listed)


def pay(value, currency, iban, account):
    to = PointerObject("IBAN", iban, "Landlord")
    made = PaymentApiObject.create(AmountObject(value, currency), to, "rent", monetary_account_id=int(account))
    return f"paid, number {made.value}"


def main(conf, proxy, *commands):
    begun = False
    for command in commands:
        name, *words = shlex.split(command)
        try:
            if name == "register":
                print(register(conf, proxy, *words), flush=True)
                continue
            if not begun:
                begin(conf, proxy)
                begun = True
            print({"accounts": accounts, "payments": payments, "pay": pay}[name](*words), flush=True)
        except ApiException as refused:
            said = refused.message.partition("Error message: ")[2]
            print(f"{type(refused).__name__} {refused.response_code} [{refused.response_id}] {said}", flush=True)


main(*sys.argv[1:])
