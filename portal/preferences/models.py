"""Interests and places one can follow, and what a member chose to hear, how often."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, choice


class Topic(StrEnum):
    """A kind of mail one can choose."""

    newsletter = "newsletter"
    events = "events"
    roles = "roles"
    notes = "notes"
    greetings = "greetings"

    @property
    def words(self) -> str:
        """What it is called on a page."""
        return _TOPIC_WORDS[self][0]

    @property
    def explained(self) -> str:
        """One sentence about what comes."""
        return _TOPIC_WORDS[self][1]

    @property
    def cadences(self) -> tuple["Cadence", ...]:
        """How often it can come."""
        return _TOPIC_CADENCES[self]


class Cadence(StrEnum):
    """How often."""

    never = "never"
    each = "each"
    monthly = "monthly"
    quarterly = "quarterly"
    yearly = "yearly"

    @property
    def words(self) -> str:
        """What it is called on a page."""
        return _CADENCE_WORDS[self]


_TOPIC_WORDS = {
    Topic.newsletter: (
        "Quarterly newsletter",
        "News from the team, a story, coming events and open roles.",
    ),
    Topic.events: (
        "Event invitations",
        "When we host something that fits what you follow.",
    ),
    Topic.roles: (
        "Role alerts",
        "When a role opens that fits your interests and places. No fit, no mail.",
    ),
    Topic.notes: (
        "Notes from people",
        "A short personal note from somebody on the team.",
    ),
    Topic.greetings: (
        "Greetings",
        "On your birthday or work anniversary, if you told us the day.",
    ),
}
_CADENCE_WORDS = {
    Cadence.never: "Not at all",
    Cadence.each: "Each one",
    Cadence.monthly: "At most monthly",
    Cadence.quarterly: "At most quarterly",
    Cadence.yearly: "Once a year",
}
_TOPIC_CADENCES = {
    Topic.newsletter: (Cadence.quarterly, Cadence.yearly, Cadence.never),
    Topic.events: (Cadence.each, Cadence.monthly, Cadence.quarterly, Cadence.never),
    Topic.roles: (Cadence.each, Cadence.monthly, Cadence.quarterly, Cadence.never),
    Topic.notes: (Cadence.each, Cadence.quarterly, Cadence.never),
    Topic.greetings: (Cadence.each, Cadence.never),
}


class Interest(Base):
    """A team or role area that a member follows. `bit` is its place in the members' interest mask, 0-62."""

    __tablename__ = "interests"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    line: Mapped[str] = mapped_column(String(200), default="")
    bit: Mapped[int] = mapped_column(SmallInteger, unique=True)
    retired_at: Mapped[datetime | None]


class Place(Base):
    """Somewhere one may want to work or meet."""

    __tablename__ = "places"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    country: Mapped[str] = mapped_column(String(2))
    region: Mapped[str] = mapped_column(String(80), default="")
    zone: Mapped[str] = mapped_column(String(64))
    retired_at: Mapped[datetime | None]


class MemberInterest(Base):
    """A member follows an interest; `Member.interest_mask` is kept in step in the same transaction."""

    __tablename__ = "member_interests"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True)
    interest_id: Mapped[int] = mapped_column(ForeignKey("interests.id"), primary_key=True, index=True)


class MemberPlace(Base):
    """A member would work or meet there."""

    __tablename__ = "member_places"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"), primary_key=True, index=True)


class TopicChoice(Base):
    """How often a member wants a topic. No row means never."""

    __tablename__ = "topic_choices"
    __table_args__ = (UniqueConstraint("topic", "member_id"),)

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True)
    topic: Mapped[Topic] = mapped_column(choice(Topic), primary_key=True)
    cadence: Mapped[Cadence] = mapped_column(choice(Cadence))
    changed_at: Mapped[datetime]


class Reason(StrEnum):
    """Why somebody stops, in one tap."""

    too_many = "too_many"
    not_relevant = "not_relevant"
    not_looking = "not_looking"
    never_asked = "never_asked"
    other = "other"

    @property
    def words(self) -> str:
        """What it is called on a page."""
        return _REASON_WORDS[self]


_REASON_WORDS = {
    Reason.too_many: "Too many mails",
    Reason.not_relevant: "Not about what I care for",
    Reason.not_looking: "I am settled for now",
    Reason.never_asked: "I never asked for these",
    Reason.other: "Something else",
}


class LeavingReason(Base):
    """Why somebody stopped a topic ("" means everything). When they are forgotten, nothing here names them."""

    __tablename__ = "leaving_reasons"
    __table_args__ = (Index("ix_leaving_reasons_at", "at"), Index("ix_leaving_reasons_member", "member_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"))
    about: Mapped[str] = mapped_column(String(20), default="")
    reason: Mapped[Reason] = mapped_column(choice(Reason))
    text: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]
