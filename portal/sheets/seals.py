"""The seal of a row that our own export wrote: choices and consents, which only the person can give.

A seal is signed for one address by this portal's key. With it, a portal that begins empty takes people over as they
were; a row without it, or with one that was written for somebody else, brings no consent. It is good for a month:
what somebody chose may have changed since.
"""

import base64
import binascii
import hmac
import zlib
from datetime import datetime, timedelta
from typing import Any

import orjson

from portal.core import clock, tokens

LIVES = timedelta(days=31)
LONGEST = 60_000
"""Letters of a seal. A cell of a spreadsheet program holds about half of that, and cuts off what is longer."""
MOST_UNPACKED = 1_000_000
_PREFIX = "seal1"
_PURPOSE = "sheets/seal"


class NotSealed(Exception):
    """The seal does not fit; `words` says why."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


def write(address_key: str, facts: dict[str, Any]) -> str:
    """Seal what is known of the person with this address."""
    body = base64.urlsafe_b64encode(
        zlib.compress(orjson.dumps({**facts, "sealed": clock.now()}, option=orjson.OPT_UTC_Z), 6)
    ).decode()
    return f"{_PREFIX}.{body}.{_mac(address_key, body)}"


def read(address_key: str, text: str) -> dict[str, Any]:
    """What was sealed.

    Raises:
        NotSealed: it was changed, belongs to somebody else, or is too old.
    """
    parts = text.split(".")
    if len(text) > LONGEST or len(parts) != 3 or parts[0] != _PREFIX:
        raise NotSealed("This is no seal of ours")
    if not hmac.compare_digest(parts[2].encode(), _mac(address_key, parts[1]).encode()):
        raise NotSealed("The seal is not ours, or belongs to another address")
    try:
        packed = base64.urlsafe_b64decode(parts[1].encode())
        facts: dict[str, Any] = orjson.loads(zlib.decompressobj().decompress(packed, MOST_UNPACKED))
    except (ValueError, binascii.Error, zlib.error) as wrong:
        raise NotSealed("The seal was cut off") from wrong
    if datetime.fromisoformat(facts["sealed"]) < clock.now() - LIVES:
        raise NotSealed(f"The seal is older than {LIVES.days} days, and choices may have changed since")
    return facts


def _mac(address_key: str, body: str) -> str:
    return tokens.keyed_hash(_PURPOSE, f"{address_key}\n{body}")[:40]
