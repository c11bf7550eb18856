"""The ledger: one row per person per mail, and what a mailing is made of."""

from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import tokens
from portal.core.db import BIG, Base, choice


class Stream(StrEnum):
    """Why we may write at all; suppression never crosses streams."""

    account = "account"
    event = "event"
    marketing = "marketing"


class Lane(IntEnum):
    """Who goes first at the door."""

    account = 0
    event = 1
    marketing = 2


class State(StrEnum):
    """Where a message is on its way out."""

    planned = "planned"
    claimed = "claimed"
    accepted = "accepted"
    failed = "failed"
    skipped = "skipped"
    unknown = "unknown"


class Aftermath(StrEnum):
    """What became of an accepted message, as the provider told us."""

    delivered = "delivered"
    blocked = "blocked"
    bounced = "bounced"
    dropped = "dropped"
    complained = "complained"


class MailingState(StrEnum):
    """Where a mailing stands. `Mailing.reason` says why it is paused, held or cancelled."""

    scheduled = "scheduled"
    held = "held"
    sending = "sending"
    paused = "paused"
    cancelled = "cancelled"
    finished = "finished"


class Reason(StrEnum):
    """Why a mailing does not go on."""

    none = ""
    person = "person"
    provider = "provider"
    bounces = "bounces"
    complaints = "complaints"
    missed = "missed"
    copied = "copied"
    undone = "undone"

    @property
    def is_by_itself(self) -> bool:
        """Whether no person decided it, so that one has to look."""
        return self not in {Reason.none, Reason.person, Reason.undone}


class Mailing(Base):
    """One mail to many people: its audience and words are frozen when somebody presses Send.

    It waits as *scheduled* until `not_before`: for the undo, or for the moment a person chose (`scheduled_at`, in
    `zone`, or in each person's own when `is_local`). Then it leaves in waves: `released` is how many people may
    be handed over so far, the pilot first; nothing there means everybody. What had come back when a person looked
    and let it go on (`looked_...`) does not stop it a second time. `uncertain` is how many were *unknown* at the last
    tick: a hint where to look.
    """

    __tablename__ = "mailings"

    id: Mapped[int] = mapped_column(primary_key=True)
    letter: Mapped[str] = mapped_column(String(60))
    about: Mapped[str] = mapped_column(String(60), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    stream: Mapped[Stream] = mapped_column(choice(Stream))
    topic: Mapped[str] = mapped_column(String(30), default="")
    state: Mapped[MailingState] = mapped_column(choice(MailingState), index=True)
    words: Mapped[str] = mapped_column(Text, default="")
    intended: Mapped[int] = mapped_column(default=0)
    started_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    sender_name: Mapped[str] = mapped_column(String(120))
    sender_address: Mapped[str] = mapped_column(String(254))
    reply_to: Mapped[str] = mapped_column(String(254))
    reason: Mapped[Reason] = mapped_column(choice(Reason), default=Reason.none, server_default="")
    scheduled_at: Mapped[datetime | None]
    zone: Mapped[str] = mapped_column(String(64), default="", server_default="")
    is_local: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    not_before: Mapped[datetime | None]
    pilot: Mapped[int] = mapped_column(default=0, server_default="0")
    released: Mapped[int | None]
    wave: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    wave_done_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    uncertain: Mapped[int] = mapped_column(default=0, server_default="0")
    looked_handed: Mapped[int] = mapped_column(default=0, server_default="0")
    looked_bounced: Mapped[int] = mapped_column(default=0, server_default="0")
    looked_complained: Mapped[int] = mapped_column(default=0, server_default="0")


class Variant(Base):
    """The frozen words of a mailing for everybody with the same blocks; personal tags are still in them."""

    __tablename__ = "mailing_variants"
    __table_args__ = (UniqueConstraint("mailing_id", "mask"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    mailing_id: Mapped[int] = mapped_column(ForeignKey("mailings.id", ondelete="CASCADE"))
    mask: Mapped[int] = mapped_column(BIG)
    subject: Mapped[str] = mapped_column(String(300))
    html: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)


IN_HAND = 9
"""The `line` of a single letter that a worker has claimed."""

IN_DOUBT = 8
"""The `line` of a single letter of which nobody knows whether it arrived; it leaves when somebody settles it."""


class Message(Base):
    """One mail to one person. A single letter has an occasion, a mailing's message has its mailing.

    `line` is where a single letter stands: its lane while it is planned, `IN_HAND` while it is claimed, `IN_DOUBT`
    when nobody knows, nothing afterwards, and never anything for a mailing's message.
    """

    __tablename__ = "messages"
    # No index that a mailing's row stands in holds a column that changes on its way out: on PostgreSQL both
    # updates of a row stay within its page (heap-only), on SQLite they touch the table alone.
    __table_args__ = (
        UniqueConstraint("member_id", "mailing_id"),
        UniqueConstraint("address_key", "mailing_id"),
        CheckConstraint("(mailing_id IS NULL) <> (occasion IS NULL)", name="one_origin"),
        Index(
            "uq_messages_letter",
            "letter",
            "occasion",
            "address_key",
            unique=True,
            sqlite_where=text("occasion IS NOT NULL"),
            postgresql_where=text("occasion IS NOT NULL"),
        ),
        Index(
            "ix_messages_line",
            "line",
            "due_at",
            "id",
            sqlite_where=text("line IS NOT NULL"),
            postgresql_where=text("line IS NOT NULL"),
        ),
        Index("ix_messages_mailing", "mailing_id", "mask", "is_tracked", "id"),
        {"postgresql_with": {"fillfactor": 60}, "sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BIG, primary_key=True)
    mailing_id: Mapped[int | None] = mapped_column(ForeignKey("mailings.id"))
    letter: Mapped[str] = mapped_column(String(60))
    occasion: Mapped[str | None] = mapped_column(String(80))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    address: Mapped[str] = mapped_column(String(254))
    address_key: Mapped[str] = mapped_column(String(254))
    stream: Mapped[Stream] = mapped_column(choice(Stream))
    lane: Mapped[int] = mapped_column(SmallInteger)
    line: Mapped[int | None] = mapped_column(SmallInteger)
    topic: Mapped[str] = mapped_column(String(30), default="")
    mask: Mapped[int] = mapped_column(BIG, default=0, server_default="0")
    is_tracked: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    facts: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    state: Mapped[State] = mapped_column(choice(State))
    why: Mapped[str] = mapped_column(String(300), default="", server_default="")
    attempt: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    batch: Mapped[str | None] = mapped_column(String(32))
    planned_at: Mapped[datetime]
    due_at: Mapped[datetime]
    attempted_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    handed_over_at: Mapped[datetime | None]
    provider_id: Mapped[str] = mapped_column(String(120), default="", server_default="")
    aftermath: Mapped[Aftermath | None] = mapped_column(choice(Aftermath))
    aftermath_at: Mapped[datetime | None]

    @property
    def public_id(self) -> str:
        """The opaque name the provider may know it by."""
        return tokens.seal("message", self.id)


class Verdict(StrEnum):
    """What a person says about a message of which nobody knew whether it arrived."""

    accepted = "accepted"
    again = "again"
    given_up = "given_up"


class Settlement(Base):
    """A person's decision about an *unknown* message."""

    __tablename__ = "settlements"

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"), index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    verdict: Mapped[Verdict] = mapped_column(choice(Verdict))
    why: Mapped[str] = mapped_column(String(300), default="")
    at: Mapped[datetime]


class Residence(Base):
    """Where this database lives: one row. A copy that wakes up elsewhere finds another `place` and sends nothing.

    `beats` grows while the portal runs, and a file beside the portal remembers it for the database of that `name`:
    one that has fewer beats than the file was restored from a backup.
    """

    __tablename__ = "residence"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(32))
    place: Mapped[str] = mapped_column(String(64))
    beats: Mapped[int] = mapped_column(BIG, default=0)
    since: Mapped[datetime]
    held_at: Mapped[datetime | None]
    held_place: Mapped[str] = mapped_column(String(64), default="")


class Suppression(Base):
    """An address that a stream must not write to."""

    __tablename__ = "suppressions"
    __table_args__ = (UniqueConstraint("address_key", "stream", "reason"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    address_key: Mapped[str] = mapped_column(String(254))
    stream: Mapped[Stream] = mapped_column(choice(Stream))
    reason: Mapped[str] = mapped_column(String(30))
    words: Mapped[str] = mapped_column(String(300), default="")
    at: Mapped[datetime]


class MailAsk(Base):
    """A mail that somebody asked us to write: what the limits per mailbox, domain and requester count."""

    __tablename__ = "mail_asks"
    __table_args__ = (
        Index("ix_mail_asks_mailbox", "mailbox", "at"),
        Index("ix_mail_asks_domain", "domain", "at"),
        Index("ix_mail_asks_requester", "requester", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mailbox: Mapped[str] = mapped_column(String(64))
    domain: Mapped[str] = mapped_column(String(64))
    requester: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class Rest(Base):
    """Until when the provider wants to be left alone: one row, seen by every worker on every machine."""

    __tablename__ = "mail_rests"

    id: Mapped[int] = mapped_column(primary_key=True)
    until: Mapped[datetime]
