"""The person in the network, what they consented to, and what staff noted."""

from datetime import datetime
from enum import IntFlag, StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock, sessions
from portal.core.db import BIG, Base, choice


class Status(StrEnum):
    """Where a person stands with us; a pause is a date beside it, and a forgotten person has no row."""

    asked = "asked"
    active = "active"
    left = "left"


class Level(StrEnum):
    """How far along in their work somebody is."""

    student = "student"
    junior = "junior"
    mid = "mid"
    senior = "senior"
    lead = "lead"
    executive = "executive"

    @property
    def words(self) -> str:
        """What it is called on a page."""
        return _LEVEL_WORDS[self]


class WorkMode(StrEnum):
    """How somebody likes to work."""

    full_time = "full_time"
    part_time = "part_time"
    freelance = "freelance"
    internship = "internship"

    @property
    def words(self) -> str:
        """What it is called on a page."""
        return self.value.replace("_", " ").capitalize()


class Readiness(StrEnum):
    """Whether somebody would change their work; only they say so, and "not now" never closes a door."""

    ready = "ready"
    later = "later"
    not_now = "not_now"

    @property
    def words(self) -> str:
        """What it is called on a page."""
        return _READINESS_WORDS[self]


_READINESS_WORDS = {
    Readiness.ready: "I am ready for something new",
    Readiness.later: "Later, not yet",
    Readiness.not_now: "Not now, I am happy where I am",
}
_LEVEL_WORDS = {
    Level.student: "Studying or starting out",
    Level.junior: "First years",
    Level.mid: "Some years in",
    Level.senior: "Senior",
    Level.lead: "Leading others",
    Level.executive: "Leading a function",
}


class Own(IntFlag):
    """What a member told us themselves, also by leaving it empty. A spreadsheet never changes that."""

    full_name = 1
    call_name = 2
    level = 4
    work_mode = 8
    zone = 16
    country = 32
    is_remote = 64
    is_open_to_move = 128
    birthday = 256
    anniversary = 512
    interests = 1024
    places = 2048


EVERYTHING_OWN = sum(Own)


class Member(Base):
    """A person in the network."""

    __tablename__ = "members"
    __table_args__ = (
        # What most segments ask for: half a million of equal entries take PostgreSQL next to no room.
        Index("ix_members_status", "status", "country", "interest_mask", "paused_until"),
        # All that a member's own row can answer to a segment, so that a count reads this alone.
        Index(
            "ix_members_facets",
            "status",
            "country",
            "interest_mask",
            "paused_until",
            "level",
            "work_mode",
            "is_remote",
            "is_open_to_move",
            "readiness",
            "confirmed_at",
            postgresql_include=["id"],
        ),
        Index("ix_members_source", "source", "status"),
        Index("ix_members_confirmed_at", "confirmed_at"),
        # Newest first of a status, with all that a list filters and searches by: it is read without the rows.
        Index(
            "ix_members_listing",
            "status",
            "asked_at",
            "id",
            "confirmed_at",
            "level",
            "interest_mask",
            "paused_until",
            "search_name",
        ),
        Index("ix_members_search_name", "search_name"),
        CheckConstraint("birthday_month BETWEEN 1 AND 12", name="birthday_month"),
        CheckConstraint("birthday_day BETWEEN 1 AND 31", name="birthday_day"),
        # An id is never given to a second person: old audit lines still name it.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True)
    ledger_key: Mapped[str] = mapped_column(String(32), unique=True)
    address: Mapped[str] = mapped_column(String(254))
    address_key: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    call_name: Mapped[str] = mapped_column(String(60), default="")
    search_name: Mapped[str] = mapped_column(String(400), default="")
    status: Mapped[Status] = mapped_column(choice(Status))
    paused_until: Mapped[datetime | None]
    asked_at: Mapped[datetime]
    asked_version: Mapped[str] = mapped_column(String(20), default="")
    confirmed_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    source: Mapped[str] = mapped_column(String(60), default="")
    zone: Mapped[str] = mapped_column(String(64), default="")
    country: Mapped[str] = mapped_column(String(2), default="")
    level: Mapped[Level | None] = mapped_column(choice(Level))
    work_mode: Mapped[WorkMode | None] = mapped_column(choice(WorkMode))
    is_remote: Mapped[bool] = mapped_column(default=False)
    is_open_to_move: Mapped[bool] = mapped_column(default=False)
    readiness: Mapped[Readiness | None] = mapped_column(choice(Readiness))
    readiness_said_at: Mapped[datetime | None]
    interest_mask: Mapped[int] = mapped_column(BIG, default=0)
    birthday_month: Mapped[int | None] = mapped_column(SmallInteger)
    birthday_day: Mapped[int | None] = mapped_column(SmallInteger)
    anniversary_month: Mapped[int | None] = mapped_column(SmallInteger)
    anniversary_day: Mapped[int | None] = mapped_column(SmallInteger)
    may_measure: Mapped[bool | None]
    choices_changed_at: Mapped[datetime | None]
    # Unless we know otherwise, all that stands here is the member's own word.
    own_fields: Mapped[int] = mapped_column(
        SmallInteger, default=EVERYTHING_OWN, server_default=str(EVERYTHING_OWN)
    )

    kind = "member"
    is_authenticated = True
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        """Whether they confirmed and are still with us; a pause does not change that."""
        return self.status is Status.active

    @property
    def may_enter(self) -> bool:
        """Whether they may sign in: also somebody who left can see, take along or erase what we keep."""
        return self.status in {Status.active, Status.left}

    @property
    def is_paused(self) -> bool:
        """Whether they asked for quiet, and it still lasts."""
        return self.paused_until is not None and self.paused_until > clock.now()

    @property
    def called(self) -> str:
        """How to address them: what they asked for, else their name as they wrote it."""
        return self.call_name or self.name

    def get_id(self) -> str:
        """The id Flask-Login asks for."""
        return f"member:{self.id}"

    def may(self, permission: str) -> bool:
        """Members have no staff permissions."""
        return False


class Consent(Base):
    """One line: given or withdrawn, for what, in which words, when, how. Only ever added.

    `person` is the member's ledger key, which means nothing once their row is gone: the evidence may stay
    when the person is forgotten.
    """

    __tablename__ = "consents"
    __table_args__ = (Index("ix_consents_person", "person", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime]
    about: Mapped[str] = mapped_column(String(40))
    is_given: Mapped[bool]
    value: Mapped[str] = mapped_column(String(40), default="")
    text_version: Mapped[str] = mapped_column(String(20), default="")
    how: Mapped[str] = mapped_column(String(40))
    by: Mapped[str] = mapped_column(String(20), default="member")


sessions.bring_along(Member.kind, Member)


class AddressChange(Base):
    """A wish to be written to elsewhere: done once the new address confirms, undone from the old one."""

    __tablename__ = "address_changes"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), index=True)
    old_address: Mapped[str] = mapped_column(String(254))
    new_address: Mapped[str] = mapped_column(String(254))
    asked_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]


class Note(Base):
    """What a staff person wrote down about a member; the member reads it in their export."""

    __tablename__ = "member_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), index=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class Forgotten(Base):
    """The keyed hash of an address that asked to be forgotten: it stops a re-import, nothing else."""

    __tablename__ = "forgotten_addresses"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime]


class Erasure(Base):
    """The receipt for forgetting somebody, without anything about them."""

    __tablename__ = "erasures"

    id: Mapped[int] = mapped_column(primary_key=True)
    receipt: Mapped[str] = mapped_column(String(32), unique=True)
    at: Mapped[datetime]
    removed: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
