"""What the tests of this room share: mails that went out, the links in them, and what is stored."""

from typing import Any

from sqlalchemy import select

from portal.core import clock, tokens
from portal.mail.models import Message, State, Stream
from portal.members.models import Consent, Member
from portal.preferences import queries
from portal.preferences.models import Cadence, Topic
from tests.world import World


def mail_to(world: World, person: Member | None, topic: str = "newsletter", **fields: Any) -> Message:
    """A message of the ledger, as a newsletter leaves it."""
    moment = clock.now()
    values: dict[str, Any] = {
        "letter": "newsletters/issue",
        "occasion": f"issue-{topic}-{fields.pop('number', 1)}",
        "member_id": person.id if person else None,
        "address": person.address if person else "",
        "address_key": person.address_key if person else "forgotten:1",
        "stream": Stream.marketing,
        "lane": 2,
        "topic": topic,
        "state": State.accepted,
        "planned_at": moment,
        "due_at": moment,
        "handed_over_at": moment,
    }
    return world.make.stored(Message(**(values | fields)))


def link(world: World, message: Message, purpose: str = "unsubscribe") -> str:
    with world.inside():
        return f"/{'u' if purpose == 'unsubscribe' else 'p'}/{tokens.seal(purpose, message.id)}"


def choices(world: World, person: Member) -> dict[Topic, Cadence]:
    with world.inside() as current:
        return queries.choices_of(current.get(Member, person.id))


def consents(world: World, person: Member) -> list[Consent]:
    with world.inside() as current:
        found = list(
            current.scalars(select(Consent).where(Consent.person == person.ledger_key).order_by(Consent.id))
        )
        current.expunge_all()
        return found
