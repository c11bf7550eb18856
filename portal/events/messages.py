"""A word to the guests of one event: to those of one part of the guest list, once, from the host."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ForeignKey, Select, String, Text, func, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.db import Base, insert_once, session
from portal.events import guest_list
from portal.events.guest_list import Filter
from portal.events.models import Event, EventGuest, Rsvp
from portal.mail import to_many
from portal.members.models import Member
from portal.staff.actions import record
from portal.staff.models import Staff

LETTER = "events/message"


class EventMessage(Base):
    """What was written to guests, to whom, and by whom. `once` makes a second press of the button nothing."""

    __tablename__ = "event_messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"), index=True)
    once: Mapped[str] = mapped_column(String(32), unique=True)
    standing: Mapped[str] = mapped_column(String(20))
    way: Mapped[str] = mapped_column(String(20), default="")
    subject: Mapped[str] = mapped_column(String(140))
    text: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]


class AnotherNumber(Exception):
    """Meanwhile it is for more people, or fewer."""

    def __init__(self, number: int) -> None:
        """Keep how many it is now."""
        super().__init__(number)
        self.number = number


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody wrote."""

    subject: str
    text: str


def count(event_id: int, to: Filter) -> int:
    """Return how many people of that part of the list can be written to."""
    return session().scalar(select(func.count()).select_from(_people(event_id, to).subquery())) or 0


def sent(event_id: int) -> list[tuple[EventMessage, Staff]]:
    """Return what was written to the guests of an event, newest first."""
    rows = session().execute(
        select(EventMessage, Staff)
        .join(Staff, Staff.id == EventMessage.by_id)
        .where(EventMessage.event_id == event_id)
        .order_by(EventMessage.id.desc())
    )
    return [(row.EventMessage, row.Staff) for row in rows]


def by_id(message_id: int) -> EventMessage | None:
    """Return what was written."""
    return session().get(EventMessage, message_id)


def send(event: Event, to: Filter, words: Words, by: Staff, typed: int, once: str) -> int:
    """Write to as many people as were typed; returns how many. Pressing twice writes once.

    Raises:
        AnotherNumber: it is for another number of people by now.
    """
    people = count(event.id, to)
    if people != typed or not people:
        raise AnotherNumber(people)
    values = {
        "event_id": event.id,
        "once": once,
        "standing": to.standing.value,
        "way": to.way.value if to.way else "",
        "subject": words.subject,
        "text": words.text,
        "by_id": by.id,
        "at": clock.now(),
    }
    if not insert_once(EventMessage, values):
        return 0
    message = session().scalars(select(EventMessage).where(EventMessage.once == once)).one()
    told = to_many.post(
        LETTER, _people(event.id, to), f"event-message:{message.id}", facts={"message": message.id}
    )
    record(
        "events.message", f"event:{event.id}", f"Wrote to guests: {to.standing.words.lower()}", {"told": told}
    )
    return told


def _people(event_id: int, to: Filter) -> Select[Any]:
    """Select who is meant, each once; nobody who was forgotten, or only counted at the door."""
    address = func.coalesce(Member.address, EventGuest.address)
    found: Any = (
        select(
            Rsvp.member_id.label("member_id"),
            address.label("address"),
            func.coalesce(Member.address_key, EventGuest.address_key).label("address_key"),
        )
        .outerjoin(Member, Member.id == Rsvp.member_id)
        .outerjoin(EventGuest, EventGuest.id == Rsvp.guest_id)
        .where(
            Rsvp.event_id == event_id,
            or_(Rsvp.member_id.is_not(None), Rsvp.guest_id.is_not(None)),
            guest_list.condition(to),
        )
    )
    return cast(Select[Any], found)
