"""What the provider tells us about mails that left, and what readers let us measure."""

from datetime import datetime
from enum import IntEnum, StrEnum

from sqlalchemy import ForeignKey, Index, SmallInteger, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import BIG, Base, choice
from portal.mail.models import Stream


class Kind(StrEnum):
    """What happened to a mail."""

    processed = "processed"
    deferred = "deferred"
    delivered = "delivered"
    open = "open"
    click = "click"
    bounce = "bounce"
    blocked = "blocked"
    dropped = "dropped"
    spamreport = "spamreport"
    unsubscribe = "unsubscribe"
    group_unsubscribe = "group_unsubscribe"
    group_resubscribe = "group_resubscribe"


class Cause(StrEnum):
    """Why it came back, was turned away or was not even tried; "" where that is nobody's concern."""

    none = ""
    hard = "hard"
    soft = "soft"
    ours = "ours"
    invalid = "invalid"
    bounced = "bounced"
    complained = "complained"
    unsubscribed = "unsubscribed"


class Standing(IntEnum):
    """Whether an event is done with. Early ones wait until the worker that has the message has saved its result."""

    done = 0
    early = 1
    nobodys = 2


class ProviderBatch(Base):
    """One signed request of the provider: stored at once, worked on later, in the order of arrival."""

    __tablename__ = "provider_batches"
    __table_args__ = (
        Index(
            "ix_provider_batches_waiting",
            "id",
            sqlite_where=text("applied_at IS NULL"),
            postgresql_where=text("applied_at IS NULL"),
        ),
        Index("ix_provider_batches_received_at", "received_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BIG, primary_key=True)
    received_at: Mapped[datetime]
    events: Mapped[int]
    odd: Mapped[int] = mapped_column(default=0)
    tries: Mapped[int] = mapped_column(SmallInteger, default=0)
    why: Mapped[str] = mapped_column(String(300), default="")
    applied_at: Mapped[datetime | None]


class ProviderEvent(Base):
    """Something that happened to a message, once, however often the provider says it.

    `message_id` is 0 while nobody knows which message it is about; only then the address stands here. `mark` tells
    apart what happened to one message in the same second: it is made of what is special to the kind of event.
    """

    __tablename__ = "provider_events"
    __table_args__ = (
        UniqueConstraint("message_id", "kind", "at", "mark"),
        Index("ix_provider_events_batch", "batch_id"),
        Index(
            "ix_provider_events_open",
            "standing",
            "id",
            sqlite_where=text("standing <> 0"),
            postgresql_where=text("standing <> 0"),
        ),
        Index(
            "ix_provider_events_address",
            "address_key",
            sqlite_where=text("address_key <> ''"),
            postgresql_where=text("address_key <> ''"),
        ),
    )

    id: Mapped[int] = mapped_column(BIG, primary_key=True)
    batch_id: Mapped[int] = mapped_column(BIG)
    message_id: Mapped[int] = mapped_column(BIG)
    kind: Mapped[Kind] = mapped_column(choice(Kind))
    at: Mapped[datetime]
    mark: Mapped[int] = mapped_column(BIG)
    standing: Mapped[int] = mapped_column(SmallInteger, default=0)
    cause: Mapped[Cause] = mapped_column(choice(Cause))
    words: Mapped[str] = mapped_column(String(300))
    provider_id: Mapped[str] = mapped_column(String(60))
    address_key: Mapped[str] = mapped_column(String(254))


class SetAside(Base):
    """An event that cannot be read, kept for a person to look at; addresses in it are blotted out."""

    __tablename__ = "set_aside_events"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    why: Mapped[str] = mapped_column(String(160))
    text: Mapped[str] = mapped_column(Text)


class Lift(Base):
    """When a person last asked that we write to their address again: what happened earlier counts no more."""

    __tablename__ = "suppression_lifts"
    __table_args__ = (UniqueConstraint("address_key", "stream"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    address_key: Mapped[str] = mapped_column(String(254))
    stream: Mapped[Stream] = mapped_column(choice(Stream))
    at: Mapped[datetime]


class MailingLink(Base):
    """Where a numbered link of a mailing leads: the only places that a measured link may lead to."""

    __tablename__ = "mailing_links"
    __table_args__ = (UniqueConstraint("mailing_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    mailing_id: Mapped[int] = mapped_column(ForeignKey("mailings.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(SmallInteger)
    url: Mapped[str] = mapped_column(String(2000))


class Sight(StrEnum):
    """What was seen of a reader who agreed to be measured."""

    open = "open"
    click = "click"


class Verdict(StrEnum):
    """Who it was. The three are never added up."""

    human = "human"
    machine = "machine"
    unknown = "unknown"


class Measurement(Base):
    """An open or a click of somebody who said yes; only ever added, and judged later. `number` is the link's."""

    __tablename__ = "measurements"
    __table_args__ = (
        Index("ix_measurements_message", "message_id", "at"),
        Index("ix_measurements_mailing", "mailing_id", "sight", "verdict"),
        Index(
            "ix_measurements_unjudged",
            "id",
            sqlite_where=text("verdict IS NULL"),
            postgresql_where=text("verdict IS NULL"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BIG, primary_key=True)
    mailing_id: Mapped[int]
    message_id: Mapped[int] = mapped_column(BIG)
    sight: Mapped[Sight] = mapped_column(choice(Sight))
    number: Mapped[int] = mapped_column(SmallInteger)
    at: Mapped[datetime]
    agent: Mapped[str] = mapped_column(String(20))
    verdict: Mapped[Verdict | None] = mapped_column(choice(Verdict))


class ProviderErasure(Base):
    """An address that the provider is to forget too. It stands here sealed, and only until that is done."""

    __tablename__ = "provider_erasures"
    __table_args__ = (
        Index(
            "ix_provider_erasures_open",
            "due_at",
            "id",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
        Index("ix_provider_erasures_receipt", "receipt"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    receipt: Mapped[str] = mapped_column(String(32))
    sealed: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(SmallInteger, default=0)
    done_at: Mapped[datetime | None]
    words: Mapped[str] = mapped_column(String(300), default="")
