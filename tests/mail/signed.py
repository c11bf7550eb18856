"""What the provider would post: signed with a key of the tests, in the shape its documentation gives."""

import base64
import json
import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from portal.core import clock, tokens
from portal.mail.models import Mailing, MailingState, Message, State, Stream, Suppression
from portal.mail.signatures import SIGNATURE, TIMESTAMP
from portal.members.models import Member
from portal.preferences.models import TopicChoice
from tests.world import World

KEY, OTHER_KEY, STRANGE_KEY = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
HOOK = "/hooks/sendgrid"
NOW = int(time.time())


def public(key: ec.EllipticCurvePrivateKey) -> str:
    """The key as SendGrid's settings page shows it."""
    raw = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(raw).decode()


def believe(world: World, *keys: ec.EllipticCurvePrivateKey, **settings: Any) -> None:
    """Let the application know these keys."""
    world.app.extensions["portal"] = world.settings.model_copy(
        update={"sendgrid_webhook_keys": ",".join(map(public, keys)), **settings}
    )


def headers(
    body: bytes, key: ec.EllipticCurvePrivateKey = KEY, at: int | str | None = None
) -> dict[str, str]:
    """The two headers of a signed request."""
    stamp = str(int(clock.now().timestamp()) if at is None else at)
    mark = key.sign(stamp.encode() + body, ec.ECDSA(hashes.SHA256()))
    return {
        SIGNATURE: base64.b64encode(mark).decode(),
        TIMESTAMP: stamp,
        "Content-Type": "application/json",
    }


def written(events: Sequence[Any]) -> bytes:
    """A body as it comes: a list with an event a line, and CRLF between them."""
    return b"[" + b",\r\n".join(json.dumps(one).encode() for one in events) + b"]\r\n"


def post(world: World, *events: Any, **options: Any) -> TestResponse:
    """Post events as the provider does, and do the work they ask for."""
    body = written(events)
    answer = world.app.test_client(use_cookies=False).post(HOOK, data=body, headers=headers(body, **options))
    world.run_jobs()
    return answer


def event(world: World, message: Message | None, kind: str, at: int = 0, **fields: Any) -> Mapping[str, Any]:
    """An event about a message, so many seconds after now."""
    with world.app.app_context():
        named = {"message": tokens.seal("message", message.id)} if message is not None else {}
    return {
        "email": message.address if message is not None else "",
        "timestamp": NOW + at,
        "event": kind,
        "sg_event_id": base64.b64encode(str(time.perf_counter_ns()).encode()).decode(),
        "sg_message_id": "abcDEF123.recvd-5f6b7c8d-1-65A.0",
        "smtp-id": "<14c5d75ce93.dfd.64b469@ismtpd-555>",
        "category": ["marketing"],
        **named,
        **fields,
    }


def mailing(world: World, about: str = "newsletter:1", **fields: Any) -> Mailing:
    """A mailing that has been sent."""
    values: dict[str, Any] = {
        "letter": "newsletters/issue",
        "about": about,
        "title": "Winter",
        "stream": Stream.marketing,
        "topic": "newsletter",
        "state": MailingState.finished,
        "started_at": clock.now(),
        "sender_name": "Rae",
        "sender_address": "rae@example.org",
        "reply_to": "rae@example.org",
    }
    return world.make.stored(Mailing(**(values | fields)))


def reader(world: World, **fields: Any) -> Member:
    """A member who chose their topics long ago."""
    person = world.make.member(**fields)
    with world.inside() as current:
        long_ago = clock.now() - timedelta(days=300)
        current.execute(
            update(TopicChoice).where(TopicChoice.member_id == person.id).values(changed_at=long_ago)
        )
    return person


def sent(world: World, member: Member | None, mailing: Mailing | None = None, **fields: Any) -> Message:
    """A message that the provider has accepted."""
    moment = clock.now()
    values: dict[str, Any] = {
        "letter": mailing.letter if mailing else "members/welcome",
        "mailing_id": mailing.id if mailing else None,
        "occasion": None if mailing else f"welcome:{time.perf_counter_ns()}",
        "member_id": member.id if member else None,
        "address": member.address if member else "",
        "address_key": member.address_key if member else "",
        "stream": Stream.marketing,
        "lane": 2,
        "topic": "newsletter",
        "state": State.accepted,
        "attempt": 1,
        "planned_at": moment,
        "due_at": moment,
        "handed_over_at": moment,
    }
    return world.make.stored(Message(**(values | fields)))


def now(world: World, message: Message) -> Message:
    """The message as it stands now."""
    with world.inside() as current:
        found: Message = current.get(Message, message.id)
        current.expunge(found)
    return found


def suppressed(world: World) -> set[tuple[str, str, str]]:
    """Every suppression: address, stream, reason."""
    with world.inside() as current:
        return {
            (one.address_key, one.stream.value, one.reason) for one in current.scalars(select(Suppression))
        }


def moment(seconds: int = 0) -> datetime:
    """The moment that an event at those seconds names."""
    return datetime.fromtimestamp(NOW + seconds, clock.now().tzinfo)
