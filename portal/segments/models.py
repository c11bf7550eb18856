"""Saved rules that say which members, and the two things staff put on people by hand: tags and lists."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base
from portal.events.models import Rsvp
from portal.preferences.models import MemberPlace


class Segment(Base):
    """A saved rule; always live. `rule` is the JSON form of `portal.segments.rules`."""

    __tablename__ = "segments"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    line: Mapped[str] = mapped_column(String(240), default="")
    rule: Mapped[dict[str, Any]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(default=1)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class SegmentVersion(Base):
    """What a segment's rule was from `at` on, until the next version. Only ever added."""

    __tablename__ = "segment_versions"

    segment_id: Mapped[int] = mapped_column(ForeignKey("segments.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    rule: Mapped[dict[str, Any]] = mapped_column(JSON)
    saved_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]


class Tag(Base):
    """A word that staff put on people; never one about a sensitive trait (`members.guard`)."""

    __tablename__ = "tags"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime]


class MemberTag(Base):
    """A member carries a tag; they read it, and who put it there, in their export."""

    __tablename__ = "member_tags"
    __table_args__ = (Index("ix_member_tags_tag", "tag_id", "member_id"),)

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True)
    tag_id: Mapped[int] = mapped_column(ForeignKey("tags.id", ondelete="CASCADE"), primary_key=True)
    given_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]


class PickedList(Base):
    """People picked by hand, one by one, for something that no rule can say."""

    __tablename__ = "picked_lists"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    line: Mapped[str] = mapped_column(String(240), default="")
    made_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime]


class PickedMember(Base):
    """A member is on a list; they read it in their export."""

    __tablename__ = "picked_members"

    list_id: Mapped[int] = mapped_column(ForeignKey("picked_lists.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(
        ForeignKey("members.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    picked_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]


# Who was at an event, and who chose a place, read from an index alone.
Index("ix_rsvps_attended", Rsvp.event_id, Rsvp.attended, Rsvp.member_id)
Index("ix_member_places_place", MemberPlace.place_id, MemberPlace.member_id)
