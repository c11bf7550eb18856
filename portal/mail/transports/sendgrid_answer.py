"""Reads what SendGrid answers to `POST /v3/mail/send`."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

import orjson

from portal.mail.transports import clean
from portal.mail.transports.result import LONGEST_WAIT, SHORTEST_WAIT

_PERSON = re.compile(r"personalizations[.\[](\d+)\]?[.\[]to\b")
_COMMON_PARTS = (
    "from",
    "reply_to",
    "subject",
    "content",
    "attachments",
    "headers",
    "categories",
    "tracking_settings",
    "mail_settings",
    "asm",
)
_DEFAULT_WAIT = 10.0


class Kind(Enum):
    """What an answer means for the request as a whole."""

    taken = auto()
    some_people = auto()  # 400, and it says which: `people` holds their places
    somewhere = auto()  # 400, and it does not say where
    everybody = auto()  # 400, 401, 403: what all mails share is at fault, or our key
    too_large = auto()
    too_fast = auto()
    unclear = auto()


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, understood."""

    kind: Kind
    words: str = ""
    people: Mapping[int, str] | None = None
    provider_id: str = ""
    wait: float = 0.0


def understood(response: Any, count: int) -> Answer:
    """Return what the package's response to a request for `count` people means.

    Only 400, 401, 403, 413 and 429 say for certain that nothing was accepted; all else but 202 is unclear.
    """
    status = int(response.status_code)
    if status == 202:
        return Answer(Kind.taken, provider_id=clean.words(response.headers.get("X-Message-Id") or ""))
    errors = _errors(response.body)
    said = "; ".join(dict.fromkeys(message for message, _ in errors if message))
    words = f"SendGrid answered {status}" + (f": {said}" if said else "") + "."
    if status == 400:
        return _bad_request(errors, words, count)
    if status == 401:
        return Answer(Kind.everybody, f"{words} The key is wrong, or the account's credits are used up.")
    if status == 403:
        return Answer(Kind.everybody, f"{words} The key may not send, or the sender is not verified.")
    if status == 413:
        return Answer(Kind.too_large, words)
    if status == 429:
        return Answer(Kind.too_fast, words, wait=_wait(response.headers.get("X-RateLimit-Reset")))
    return Answer(Kind.unclear, words)


def _bad_request(errors: list[tuple[str, str]], words: str, count: int) -> Answer:
    people: dict[int, str] = {}
    for message, field in errors:
        match = _PERSON.match(field)
        if match and len(match[1]) < 6 and int(match[1]) < count:
            people[int(match[1])] = message or words
    if people:
        return Answer(Kind.some_people, words, people)
    if errors and all(re.split(r"[.\[]", field)[0] in _COMMON_PARTS for _, field in errors):
        return Answer(Kind.everybody, words)
    return Answer(Kind.somewhere, words)


def _errors(body: bytes) -> list[tuple[str, str]]:
    """Return (message, field) of each error; whatever the body is, without raising."""
    try:
        parsed = orjson.loads(body)
    except orjson.JSONDecodeError:
        return []
    listed = parsed.get("errors") if isinstance(parsed, dict) else None
    return [
        (clean.words(_text(error.get("message"))), _text(error.get("field")))
        for error in (listed if isinstance(listed, list) else [])[:50]
        if isinstance(error, dict)
    ]


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _wait(reset: object) -> float:
    """Return how long to wait: until the moment given (unix time), within bounds, whatever stands there."""
    try:
        left = float(str(reset)) - time.time()
    except ValueError:
        return _DEFAULT_WAIT
    return min(LONGEST_WAIT, max(SHORTEST_WAIT, left))
