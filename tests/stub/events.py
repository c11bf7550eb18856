"""The stub's Event Webhook: what became of each mail it accepted, signed, late, shuffled, and more often than once."""

import asyncio
import base64
import random
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Self
from urllib.parse import urlsplit

import orjson
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

_SECONDS = {"processed": 0, "deferred": 1, "delivered": 2, "bounce": 3, "dropped": 3, "spamreport": 60}
_MORE: dict[str, dict[str, Any]] = {
    "bounce": {"type": "bounce", "reason": "550 5.1.1 no such user", "status": "5.1.1"},
    "dropped": {"reason": "Bounced Address"},
    "delivered": {"response": "250 OK"},
}


@dataclass(frozen=True, slots=True)
class Telling:
    """What to tell.

    `kinds` of events for each mail; `copies` of each, every one with an id of its own; in batches of `most`;
    `seed` shuffles them; `addresses` limits it to these people; `nameless` leaves out what names our message.
    """

    url: str
    kinds: Sequence[str] = ("processed", "delivered")
    copies: int = 1
    most: int = 100
    seed: int | None = None
    addresses: Sequence[str] = field(default_factory=tuple)
    nameless: bool = False

    @classmethod
    def read(cls, given: dict[str, Any]) -> Self:
        """Return it from JSON; unknown names are mistakes of the test."""
        unknown = set(given) - {one.name for one in fields(cls)}
        if unknown:
            raise ValueError(f"no such choice: {unknown}")
        return cls(**given)


class Teller:
    """Signs with a key of its own, as the provider does, and posts."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())

    @property
    def public_key(self) -> str:
        """The key as SendGrid's settings page shows it."""
        raw = self._key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return base64.b64encode(raw).decode()

    async def tell(self, mails: Sequence[dict[str, Any]], what: Telling) -> dict[str, int]:
        """Post the events of these mails; how often each status was answered."""
        wanted = set(what.addresses)
        events = [
            _event(mail, kind, nameless=what.nameless)
            for mail in mails
            if not wanted or mail["address"] in wanted
            for kind in what.kinds
            for _ in range(what.copies)
        ]
        if what.seed is not None:
            random.Random(what.seed).shuffle(events)
        answers: dict[str, int] = {}
        for start in range(0, len(events), what.most):
            status = await self._post(what.url, events[start : start + what.most])
            answers[str(status)] = answers.get(str(status), 0) + 1
        return answers

    async def _post(self, url: str, events: Sequence[dict[str, Any]]) -> int:
        body = b"[" + b",\r\n".join(map(orjson.dumps, events)) + b"]\r\n"
        stamp = str(int(time.time()))
        mark = base64.b64encode(self._key.sign(stamp.encode() + body, ec.ECDSA(hashes.SHA256()))).decode()
        parts = urlsplit(url)
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        head = (
            f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Length: {len(body)}\r\n"
            "Content-Type: application/json\r\nConnection: close\r\n"
            f"X-Twilio-Email-Event-Webhook-Signature: {mark}\r\n"
            f"X-Twilio-Email-Event-Webhook-Timestamp: {stamp}\r\n\r\n"
        )
        writer.write(head.encode() + body)
        await writer.drain()
        status = int((await reader.readline()).split()[1])
        writer.close()
        return status


def _event(mail: dict[str, Any], kind: str, *, nameless: bool) -> dict[str, Any]:
    named = {} if nameless else {"message": mail["message"], "mailing": mail["mailing"]}
    return {
        "email": mail["address"],
        "timestamp": int(mail["at"]) + _SECONDS[kind],
        "event": kind,
        "sg_event_id": base64.urlsafe_b64encode(secrets.token_bytes(16)).decode().rstrip("="),
        "sg_message_id": f"{mail['request']}.recvd-0-0",
        "category": mail["category"],
        **_MORE.get(kind, {}),
        **named,
    }
