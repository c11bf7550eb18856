"""Events, and who has a seat."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.db import BIG, Base, choice


class Way(StrEnum):
    """How one person comes: each way has seats and a waitlist of its own."""

    in_person = "in_person"
    online = "online"

    @property
    def words(self) -> str:
        """What it is called on a page, within a sentence."""
        return {"in_person": "in person", "online": "online"}[self.value]


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

    @property
    def ways(self) -> tuple[Way, ...]:
        """How one can come."""
        return tuple(Way) if self is Format.hybrid else (Way(self.value),)


class EventState(StrEnum):
    """Whether people can see it and come."""

    draft = "draft"
    published = "published"
    cancelled = "cancelled"


class Answer(StrEnum):
    """What an RSVP amounts to now. An offered seat is held until its time is up."""

    seat = "seat"
    offered = "offered"
    waiting = "waiting"
    cancelled = "cancelled"

    @property
    def holds(self) -> bool:
        """Whether a seat is kept for them, so that nobody else can have it."""
        return self in {Answer.seat, Answer.offered}


class Change(StrEnum):
    """What a receipt says: one deed, or one thing that happened to an answer."""

    seat = "seat"
    waiting = "waiting"
    offered = "offered"
    accepted = "accepted"
    given = "given"
    declined = "declined"
    lapsed = "lapsed"
    given_back = "given_back"
    left_line = "left_line"
    switched = "switched"
    carried = "carried"
    called_off = "called_off"


class Part(StrEnum):
    """Why somebody of the team is at an event."""

    host = "host"
    guest = "guest"


class Event(Base):
    """Something we invite to.

    The `taken_...` count the seats that are held in each way, and are only ever changed by a conditional update.
    `tickets` is the last number drawn in its waitlists. `given_back` counts seats that were given back before it
    began; None when it was not counted from the start.
    """

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_starts_at", "state", "starts_at"),
        CheckConstraint("capacity_in_person >= 0", name="capacity"),
        CheckConstraint("taken_in_person >= 0", name="taken"),
        CheckConstraint("capacity_online >= 0", name="capacity_online"),
        CheckConstraint("taken_online >= 0", name="taken_online"),
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
    capacity_in_person: Mapped[int] = mapped_column(default=0)
    taken_in_person: Mapped[int] = mapped_column(default=0)
    capacity_online: Mapped[int] = mapped_column(default=0)
    taken_online: Mapped[int] = mapped_column(default=0)
    tickets: Mapped[int] = mapped_column(default=0)
    given_back: Mapped[int | None] = mapped_column(default=0)
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

    @hybrid_property
    def capacity(self) -> int:
        """How many can come in all."""
        return self.capacity_in_person + self.capacity_online

    @hybrid_property
    def taken(self) -> int:
        """How many seats are held in all."""
        return self.taken_in_person + self.taken_online

    @property
    def seats_left(self) -> int:
        """How many more can come, in any way."""
        return sum(self.left(way) for way in self.format.ways)

    def capacity_of(self, way: Way) -> int:
        """How many can come that way."""
        return self.capacity_online if way is Way.online else self.capacity_in_person

    def taken_of(self, way: Way) -> int:
        """How many seats are held that way."""
        return self.taken_online if way is Way.online else self.taken_in_person

    def left(self, way: Way) -> int:
        """How many more can come that way."""
        return max(0, self.capacity_of(way) - self.taken_of(way)) if way in self.format.ways else 0


class EventInterest(Base):
    """What an event is about."""

    __tablename__ = "event_interests"

    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"), primary_key=True)
    interest_id: Mapped[int] = mapped_column(ForeignKey("interests.id"), primary_key=True, index=True)


class EventHost(Base):
    """Somebody of the team who is there without a seat: a further host beside `Event.host_id`, or a guest."""

    __tablename__ = "event_hosts"

    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True, index=True)
    part: Mapped[Part] = mapped_column(choice(Part))
    position: Mapped[int] = mapped_column(SmallInteger, default=0)


class EventGuest(Base):
    """Somebody outside the network who answered an event, known to us for this event alone.

    The row is removed some weeks after the event; what stays of the answer names nobody.
    """

    __tablename__ = "event_guests"
    __table_args__ = (
        UniqueConstraint("event_id", "address_key"),
        Index("ix_event_guests_address_key", "address_key"),
        # Links in letters are sealed with the id, so it is never used again.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(120))
    address: Mapped[str] = mapped_column(String(254))
    address_key: Mapped[str] = mapped_column(String(254))
    zone: Mapped[str] = mapped_column(String(64), default="")
    created_at: Mapped[datetime]

    kind = "guest"

    @property
    def called(self) -> str:
        """How letters open."""
        return self.name


class Rsvp(Base):
    """The answer of a member or a guest to an event: one row per pair, whatever they change their mind to.

    It belongs to a member, to a guest, or (once a guest was forgotten) to nobody. Lines are served by `ticket`.
    `is_walk_in`: they came without a seat and were let in at the door, whatever their answer was.
    """

    __tablename__ = "rsvps"
    __table_args__ = (
        UniqueConstraint("event_id", "member_id"),
        UniqueConstraint("guest_id"),
        CheckConstraint("member_id IS NULL OR guest_id IS NULL", name="one_person"),
        Index("ix_rsvps_line", "event_id", "answer", "way", "ticket", "id"),
        Index("ix_rsvps_member", "member_id", "event_id"),
        Index(
            "ix_rsvps_offer_until",
            "offer_until",
            sqlite_where=text("offer_until IS NOT NULL"),
            postgresql_where=text("offer_until IS NOT NULL"),
        ),
        # Letters are named after the answer's id, so it is never used again.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    guest_id: Mapped[int | None] = mapped_column(ForeignKey("event_guests.id", ondelete="SET NULL"))
    answer: Mapped[Answer] = mapped_column(choice(Answer))
    way: Mapped[Way] = mapped_column(choice(Way), default=Way.in_person)
    turn: Mapped[int] = mapped_column(default=1)
    ticket: Mapped[int] = mapped_column(default=0)
    offer_until: Mapped[datetime | None]
    source: Mapped[str] = mapped_column(String(60), default="")
    asked_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    attended: Mapped[bool | None]
    arrived_at: Mapped[datetime | None]
    is_walk_in: Mapped[bool] = mapped_column(default=False)
    is_shown: Mapped[bool] = mapped_column(default=False)


class RsvpChange(Base):
    """The receipt for one change of an answer; written once, never changed, gone with the answer.

    `turn` is the answer's turn that the change made, so there is one receipt, and at most one letter, per turn.
    """

    __tablename__ = "rsvp_changes"
    __table_args__ = (UniqueConstraint("rsvp_id", "turn"),)

    id: Mapped[int] = mapped_column(BIG, primary_key=True)
    rsvp_id: Mapped[int] = mapped_column(ForeignKey("rsvps.id", ondelete="CASCADE"))
    turn: Mapped[int]
    change: Mapped[Change] = mapped_column(choice(Change))
    answer: Mapped[Answer] = mapped_column(choice(Answer))
    way: Mapped[Way] = mapped_column(choice(Way))
    offer_until: Mapped[datetime | None]
    at: Mapped[datetime]
