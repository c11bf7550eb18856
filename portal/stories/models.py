"""Stories from the people who work here, and the pictures with them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, choice


class Publication(StrEnum):
    """Whether the world can read it."""

    draft = "draft"
    published = "published"
    withdrawn = "withdrawn"


class Picture(Base):
    """An uploaded picture, re-encoded by us; the files are named by its digest and width."""

    __tablename__ = "pictures"

    digest: Mapped[str] = mapped_column(String(32), primary_key=True)
    width: Mapped[int]
    height: Mapped[int]
    added_at: Mapped[datetime]


class Story(Base):
    """A person, a moment, a detail."""

    __tablename__ = "stories"
    __table_args__ = (Index("ix_stories_published", "state", "published_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(140))
    summary: Mapped[str] = mapped_column(String(240))
    body: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    picture: Mapped[str | None] = mapped_column(ForeignKey("pictures.digest"))
    picture_alt: Mapped[str] = mapped_column(String(300), default="")
    state: Mapped[Publication] = mapped_column(choice(Publication))
    agreed_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    @property
    def is_published(self) -> bool:
        """Whether the world can read it."""
        return self.state is Publication.published


class StoryInterest(Base):
    """What a story is about."""

    __tablename__ = "story_interests"

    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id", ondelete="CASCADE"), primary_key=True)
    interest_id: Mapped[int] = mapped_column(ForeignKey("interests.id"), primary_key=True, index=True)
