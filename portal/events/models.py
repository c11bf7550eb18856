"""Events, and who has a seat."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.db import Base, choice


class Format(StrEnum):
    """Where people meet."""

    in_person = "in_person"
    online = "online"
    hybrid = "hybrid"

    @property
    def words(self) -> str:
        """What it is called on a page."""
        return {
            "in_person": "In person",
            "online": "Online",
            "hybrid": "In person and online",
        }[self.value]


class EventState(StrEnum):
    """Whether people can see it and come."""

    draft = "draft"
    published = "published"
    cancelled = "cancelled"


class Answer(StrEnum):
    """What a member's RSVP amounts to now."""

    seat = "seat"
    waiting = "waiting"
    cancelled = "cancelled"


class Event(Base):
    """Something we invite to. `taken` counts its seats and is only ever changed by a conditional update."""

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_starts_at", "state", "starts_at"),
        CheckConstraint("capacity >= 0", name="capacity"),
        CheckConstraint("taken >= 0", name="taken"),
        CheckConstraint("ends_at > starts_at", name="ends_after_it_starts"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(80), unique=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(140))
    summary: Mapped[str] = mapped_column(String(240))
    description: Mapped[str] = mapped_column(Text)
    format: Mapped[Format] = mapped_column(choice(Format))
    place_id: Mapped[int | None] = mapped_column(ForeignKey("places.id"))
    venue: Mapped[str] = mapped_column(String(300), default="")
    join_url: Mapped[str] = mapped_column(String(500), default="")
    zone: Mapped[str] = mapped_column(String(64))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    capacity: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)
    sequence: Mapped[int] = mapped_column(default=0)
    host_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    picture: Mapped[str | None] = mapped_column(ForeignKey("pictures.digest"))
    picture_alt: Mapped[str] = mapped_column(String(300), default="")
    outcome: Mapped[str] = mapped_column(Text, default="")
    called_off_why: Mapped[str] = mapped_column(String(400), default="")
    state: Mapped[EventState] = mapped_column(choice(EventState))
    published_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    @property
    def is_published(self) -> bool:
        """Whether people can see it and come."""
        return self.state is EventState.published

    @property
    def is_called_off(self) -> bool:
        """Whether it will not take place."""
        return self.state is EventState.cancelled

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        return self.ends_at <= clock.now()

    @property
    def is_open(self) -> bool:
        """Whether one can still answer."""
        return self.is_published and self.starts_at > clock.now()

    @property
    def seats_left(self) -> int:
        """How many more can come."""
        return max(0, self.capacity - self.taken)


class EventInterest(Base):
    """What an event is about."""

    __tablename__ = "event_interests"

    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"), primary_key=True)
    interest_id: Mapped[int] = mapped_column(ForeignKey("interests.id"), primary_key=True, index=True)


class Rsvp(Base):
    """A member's answer to an event: one row per pair, whatever they change their mind to."""

    __tablename__ = "rsvps"
    __table_args__ = (
        UniqueConstraint("event_id", "member_id"),
        Index("ix_rsvps_line", "event_id", "answer", "asked_at", "id"),
        Index("ix_rsvps_member", "member_id", "event_id"),
        # Letters are named after the answer's id, so it is never used again.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    answer: Mapped[Answer] = mapped_column(choice(Answer))
    turn: Mapped[int] = mapped_column(default=1)
    asked_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    attended: Mapped[bool | None]
