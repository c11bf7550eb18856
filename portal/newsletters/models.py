"""One issue a quarter: an ordered list of blocks, and whom it is for."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, choice


class BlockKind(StrEnum):
    """What a block shows."""

    text = "text"
    story = "story"
    event = "event"
    role = "role"
    button = "button"


class Newsletter(Base):
    """One issue. A draft until its mailing starts; from then on its words are frozen."""

    __tablename__ = "newsletters"
    __table_args__ = (CheckConstraint("quarter BETWEEN 1 AND 4", name="quarter"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(140))
    year: Mapped[int] = mapped_column(SmallInteger)
    quarter: Mapped[int] = mapped_column(SmallInteger)
    subject: Mapped[str] = mapped_column(String(200), default="")
    preheader: Mapped[str] = mapped_column(String(200), default="")
    sender_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    mailing_id: Mapped[int | None] = mapped_column(ForeignKey("mailings.id"), unique=True)
    sent_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    @property
    def is_draft(self) -> bool:
        """Whether it can still be changed."""
        return self.mailing_id is None


class Block(Base):
    """A part of an issue, in its order, for everybody or for a segment."""

    __tablename__ = "newsletter_blocks"
    __table_args__ = (UniqueConstraint("newsletter_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    newsletter_id: Mapped[int] = mapped_column(ForeignKey("newsletters.id", ondelete="CASCADE"))
    position: Mapped[int]
    kind: Mapped[BlockKind] = mapped_column(choice(BlockKind))
    text: Mapped[str] = mapped_column(Text, default="")
    url: Mapped[str] = mapped_column(String(500), default="")
    story_id: Mapped[int | None] = mapped_column(ForeignKey("stories.id"))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("events.id"))
    role_id: Mapped[int | None] = mapped_column(ForeignKey("open_roles.id"))
    segment_id: Mapped[int | None] = mapped_column(ForeignKey("segments.id"))


class AudienceSegment(Base):
    """A segment that an issue is for, or leaves out. Without any, it is for all who chose the topic."""

    __tablename__ = "newsletter_audience"

    newsletter_id: Mapped[int] = mapped_column(
        ForeignKey("newsletters.id", ondelete="CASCADE"), primary_key=True
    )
    segment_id: Mapped[int] = mapped_column(ForeignKey("segments.id"), primary_key=True)
    is_excluded: Mapped[bool] = mapped_column(default=False)
