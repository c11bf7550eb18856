"""Reads what the provider posts: each event as a row of ours, and what cannot be read as a reason.

Everything in an event comes from strangers (a mail server writes its reason, a reader's program its name), so each
field is checked for its type, cut to its length, and freed of control characters and addresses before it is kept.
Nothing is kept of who read what, where: no IP address, no program.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from portal.core import tokens
from portal.core.addresses import NotAnAddress, parse
from portal.mail.provider_models import Cause, Kind
from portal.mail.transports import clean

MOST_EVENTS = 20_000
MOST_ODD = 20
LONGEST_ODD = 2000
_LONGEST_WORDS = 300
_EARLIEST = int(datetime(2009, 1, 1, tzinfo=UTC).timestamp())
_AHEAD = timedelta(days=1)
_KINDS = {kind.value: kind for kind in Kind if kind is not Kind.blocked}
_HAVE_WORDS = frozenset({Kind.bounce, Kind.blocked, Kind.dropped, Kind.deferred})
_ABOUT_THE_ADDRESS = frozenset(
    {Kind.bounce, Kind.blocked, Kind.dropped, Kind.spamreport, Kind.unsubscribe, Kind.group_unsubscribe}
)
# What a mail server holds against us, not against the mailbox (`bounce_classification`).
_OUR_FAULT = ("reputation", "content", "frequency or volume", "frequency/volume")
# Reasons of a dropped mail, as SendGrid words them: what it knew before we did.
_DROPPED = (
    ("unsubscribed", Cause.unsubscribed),
    ("spam report", Cause.complained),
    ("bounced", Cause.bounced),
)


@dataclass(frozen=True, slots=True)
class Odd:
    """An event that is set aside."""

    digest: str
    why: str
    text: str


@dataclass(slots=True)
class Read:
    """What stood in one request: rows ready to be stored, and what is set aside (the first few of it)."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    odd: list[Odd] = field(default_factory=list)
    odd_count: int = 0

    def set_aside(self, why: str, what: Any) -> None:
        """Keep what cannot be read, with the reason."""
        self.odd_count += 1
        if len(self.odd) < MOST_ODD:
            text = _shown(what)
            self.odd.append(Odd(hashlib.sha256(f"{why}\n{text}".encode()).hexdigest(), why[:160], text))


class _Unreadable(ValueError):
    """Why an event is set aside."""


def read(body: bytes, now: datetime) -> Read:
    """Read a whole request, whatever stands in it; one bad event costs no other."""
    found, latest = Read(), int((now + _AHEAD).timestamp())
    for event in _events(body, found):
        if len(found.rows) >= MOST_EVENTS:
            found.set_aside("There were more events in one request than we take.", "")
            break
        try:
            row = _row(event, latest)
        except _Unreadable as why:
            found.set_aside(str(why), event)
        else:
            if row is not None:
                found.rows.append(row)
    return found


def _events(body: bytes, found: Read) -> Iterator[Any]:
    """Each event; where the whole is broken, each line that is whole by itself (there is an event a line)."""
    try:
        whole = _parsed(body)
    except ValueError:
        lines = [line.strip().strip(b"[],").strip() for line in body.splitlines()]
        for line in (one for one in lines if one):
            try:
                yield _parsed(line)
            except ValueError:
                found.set_aside("It is not JSON.", line.decode("utf-8", "replace"))
        return
    if isinstance(whole, list):
        yield from whole
    else:
        yield whole


def _parsed(text: bytes) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        # The stricter reader refuses half characters and the like; one field of that kind spoils no other.
        try:
            return json.loads(text)
        except RecursionError:
            raise ValueError("nested too deeply") from None


def _row(event: Any, latest: int) -> dict[str, Any] | None:
    """The row of an event; None for one that is about somebody else's mail.

    Raises:
        _Unreadable: with the reason.
    """
    if not isinstance(event, dict):
        raise _Unreadable("It is not an object.")
    name, at, token = event.get("event"), event.get("timestamp"), event.get("message")
    kind: Kind | None = _KINDS.get(name) if isinstance(name, str) else None
    if kind is None:
        raise _Unreadable("We do not know this kind of event.")
    if isinstance(at, str) and at.isascii() and at.isdigit() and len(at) < 12:
        at = int(at)
    if not isinstance(at, int) or isinstance(at, bool) or not _EARLIEST <= at <= latest:
        raise _Unreadable("Its time is missing, or cannot be.")
    message_id = tokens.unseal("message", token) if isinstance(token, str) else None
    if message_id is None or not 0 < message_id < 2**63:
        if isinstance(token, str) or kind not in _ABOUT_THE_ADDRESS:
            return None
        message_id = 0
    if kind is Kind.bounce and _text(event, "type").lower() in {"blocked", "expired"}:
        kind = Kind.blocked
    address_key = "" if message_id else _address(event)
    return {
        "message_id": message_id,
        "kind": kind,
        "at": datetime.fromtimestamp(at, UTC),
        "mark": _mark(kind, event, address_key),
        "standing": 0,
        "cause": _cause(kind, event),
        "words": _words(event) if kind in _HAVE_WORDS else "",
        "provider_id": _provider_id(event),
        "address_key": address_key,
    }


def _text(event: Mapping[str, Any], name: str, most: int = 400) -> str:
    value = event.get(name)
    return value[:most] if isinstance(value, str) else ""


def _number(event: Mapping[str, Any], name: str) -> str:
    value = event.get(name)
    return str(value)[:20] if isinstance(value, str | int) else ""


def _address(event: Mapping[str, Any]) -> str:
    try:
        return parse(_text(event, "email")).key
    except NotAnAddress:
        raise _Unreadable("It names neither a mail of ours nor an address.") from None


def _cause(kind: Kind, event: Mapping[str, Any]) -> Cause:
    match kind:
        case Kind.bounce:
            return Cause.hard
        case Kind.blocked:
            said = _text(event, "bounce_classification").strip().lower()
            return Cause.ours if said.startswith(_OUR_FAULT) else Cause.soft
        case Kind.dropped:
            reason = _text(event, "reason").lower()
            if reason.startswith("invalid") and "smtpapi" not in reason:
                return Cause.invalid
            return next((cause for said, cause in _DROPPED if said in reason), Cause.none)
    return Cause.none


def _words(event: Mapping[str, Any]) -> str:
    """What the mail server said, as one short line without addresses."""
    text = clean.one_line(_text(event, "reason") or _text(event, "response"))
    return " ".join("(an address)" if "@" in word else word for word in text.split())[:_LONGEST_WORDS]


def _provider_id(event: Mapping[str, Any]) -> str:
    """The provider's name for our request: what stands before the first dot."""
    text = _text(event, "sg_message_id", 200).partition(".")[0][:60]
    return text if text.isascii() and text.isprintable() else ""


def _mark(kind: Kind, event: Mapping[str, Any], address_key: str) -> int:
    """A number that is the same whenever the provider says the same thing again, whatever id it gives it."""
    match kind:
        case Kind.deferred:
            special = _number(event, "attempt")
        case Kind.bounce | Kind.blocked:
            special = _text(event, "status", 40)
        case Kind.dropped:
            special = _text(event, "reason")
        case Kind.click:
            special = _text(event, "url")
        case Kind.group_unsubscribe | Kind.group_resubscribe:
            special = _number(event, "asm_group_id")
        case _:
            special = ""
    if not special and not address_key:
        return 0
    text = f"{special}\n{address_key}"
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest) >> 1


def _shown(what: Any) -> str:
    """An odd event as text for a page: short, one line, without addresses; its id changes with each retry."""
    if isinstance(what, dict):
        what = {name: value for name, value in what.items() if name != "sg_event_id"}
    try:
        text = what if isinstance(what, str) else json.dumps(what, ensure_ascii=True, default=str)
    except (ValueError, RecursionError):
        text = "(cannot be shown)"
    spaced = clean.one_line(text[: LONGEST_ODD * 2]).replace('"', ' " ').replace(",", " , ")
    short = " ".join("(an address)" if "@" in word else word for word in spaced.split())
    return short.replace(' " ', '"').replace(" , ", ", ")[:LONGEST_ODD]
