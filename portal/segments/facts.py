"""What we know of one person, as far as a rule can ask for it; each thing is read when somebody asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy import func, select

from portal.core.db import session
from portal.events.models import Answer, Event, Rsvp
from portal.mail.models import Mailing, Message, State, Stream
from portal.members.models import Member
from portal.preferences.models import Cadence, Interest, MemberPlace, Place, Topic, TopicChoice
from portal.segments.models import MemberTag, PickedList, PickedMember, Tag


@dataclass(frozen=True, slots=True)
class Thing:
    """Something by its slug and its name."""

    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Visit:
    """What somebody answered to an event, and whether they were there (None when nobody noted it)."""

    event: Thing
    answer: Answer
    was_there: bool | None


class Facts:
    """A member and what stands beside them."""

    def __init__(self, member: Member) -> None:
        self.member = member

    @cached_property
    def interests(self) -> list[Thing]:
        """What they follow, by name."""
        rows = session().execute(select(Interest.slug, Interest.name, Interest.bit).order_by(Interest.name))
        return [Thing(slug, name) for slug, name, bit in rows if self.member.interest_mask >> bit & 1]

    @cached_property
    def places(self) -> Sequence[Place]:
        """Where they would work or meet, by name."""
        mine = select(MemberPlace.place_id).where(MemberPlace.member_id == self.member.id)
        return session().scalars(select(Place).where(Place.id.in_(mine)).order_by(Place.name)).all()

    @cached_property
    def topics(self) -> dict[Topic, Cadence]:
        """How often they want each kind of mail."""
        rows = session().execute(
            select(TopicChoice.topic, TopicChoice.cadence).where(TopicChoice.member_id == self.member.id)
        )
        return dict.fromkeys(Topic, Cadence.never) | {topic: cadence for topic, cadence in rows}

    @cached_property
    def visits(self) -> list[Visit]:
        """Their answers to events, the latest event first."""
        rows = session().execute(
            select(Event.slug, Event.title, Rsvp.answer, Rsvp.attended)
            .join(Event, Event.id == Rsvp.event_id)
            .where(Rsvp.member_id == self.member.id)
            .order_by(Event.starts_at.desc(), Event.id.desc())
        )
        return [Visit(Thing(slug, title), answer, there) for slug, title, answer, there in rows]

    @cached_property
    def last_contact(self) -> datetime | None:
        """When the last mail left for them that was not about their account."""
        return session().scalar(
            select(func.max(Message.handed_over_at)).where(
                Message.member_id == self.member.id,
                Message.state == State.accepted,
                Message.stream != Stream.account,
            )
        )

    @cached_property
    def mailings(self) -> list[str]:
        """The mailings that left for them, by title, the newest first."""
        rows = session().scalars(
            select(Mailing.title)
            .join(Message, Message.mailing_id == Mailing.id)
            .where(Message.member_id == self.member.id, Message.state == State.accepted)
            .order_by(Mailing.id.desc())
        )
        return list(rows)

    @cached_property
    def tags(self) -> list[Thing]:
        """The tags they carry, by name."""
        rows = session().execute(
            select(Tag.slug, Tag.name)
            .join(MemberTag, MemberTag.tag_id == Tag.id)
            .where(MemberTag.member_id == self.member.id)
            .order_by(Tag.name)
        )
        return [Thing(slug, name) for slug, name in rows]

    @cached_property
    def lists(self) -> list[Thing]:
        """The lists they are on, by name."""
        rows = session().execute(
            select(PickedList.slug, PickedList.name)
            .join(PickedMember, PickedMember.list_id == PickedList.id)
            .where(PickedMember.member_id == self.member.id)
            .order_by(PickedList.name)
        )
        return [Thing(slug, name) for slug, name in rows]
