from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, TypedDict

class Decision(TypedDict):
    decision: Literal["allow", "ask", "deny"]
    reason: Literal["rule", "default", "malformed", "unknown-key", "base"]
    by: list[str]
    each: bool
    fields: list[str] | None
    reserve: list[dict[str, Any]]
    near: list[dict[str, Any]]

Json = str | Mapping[str, Any]
Time = str | datetime

class Malformed(ValueError):
    """A policy, an entry of the past or a time that cannot be read."""

class Refused(ValueError):
    """A call that must not be forwarded. `name` is the stable name of the reason, `place` where it is in the call."""

    name: str
    place: str

class Unfiltered(ValueError):
    """An answer of which nothing may be passed on. `name` is the stable name of the reason."""

    name: str

class Policy:
    def __init__(self, compiled: bytes, offers: Sequence[str] | None = None) -> None:
        """Loads a compiled policy. `offers` says what this gateway can do; a policy that requires more is refused."""

    def decide(self, request: Json, past: Iterable[Json] = (), now: Time | None = None, approved: bool = False) -> Decision:
        """Decides one request after the entries of the past; `now` is the time of a request that says none."""

    def route(
        self,
        method: str,
        target: str,
        headers: Iterable[tuple[str, bytes]],
        body: bytes,
        *,
        key: str,
        ip: str | None = None,
    ) -> Call:
        """Finds the route of a call of the bank's API; raises `Refused` where there is none."""

class Call:
    @property
    def action(self) -> str: ...
    @property
    def resource(self) -> str: ...
    @property
    def answer(self) -> bool:
        """Whether facts of the records stand in the bank's answer and are not known yet."""

    @property
    def request(self) -> dict[str, Any]:
        """The request that the call is, for a journal."""

    def look_ups(self) -> list[dict[str, Any]]:
        """What a gateway can find out before it decides."""

    def looked_up(self, answer: bytes) -> None:
        """Takes in the bank's answer to the look-up of the call's object."""

    def know_account(self, id: int, iban: str | None = None, name: str | None = None, kind: str | None = None) -> None:
        """Says what the gateway knows of an account of the holder."""

    def know_payee(self, iban: str, own: bool | None = None, favorite: bool | None = None) -> None:
        """Says what the gateway knows of a payee."""

    def know_created(self, collection: str, ids: Iterable[int]) -> None:
        """Says which records of a collection the key created; all others of it are not its own."""

    def decide(self, past: Iterable[Json] = (), now: Time | None = None, approved: bool = False) -> Decision:
        """Decides the call."""

    def cut(
        self,
        status: int,
        content_type: str,
        body: bytes,
        past: Iterable[Json] = (),
        now: Time | None = None,
        approved: bool = False,
    ) -> tuple[bytes, int, int]:
        """The bank's answer as the key may see it, with how many records were kept and dropped. Decides the call anew, so
        it takes the same past and time; raises `Unfiltered` where nothing may be passed on."""
