"""Tagged links, and how often each step of joining was taken on a day. Nothing here is about a person."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, choice

LONGEST_TAG = 60
OTHER = "other"
"""The tag under which everything is counted that is none of our links."""


class Step(StrEnum):
    """A step of joining, or what stopped somebody there."""

    seen = "seen"
    sent = "sent"
    confirmed = "confirmed"
    chose = "chose"
    mistaken = "mistaken"
    grown_old = "grown_old"
    wrong_code = "wrong_code"
    unknown_link = "unknown_link"
    link_over = "link_over"
    too_fast = "too_fast"
    broken = "broken"

    @property
    def words(self) -> str:
        """What it is called on a page."""
        return _STEPS[self]


_STEPS = {
    Step.seen: "Saw the form",
    Step.sent: "Sent it",
    Step.confirmed: "Confirmed by mail",
    Step.chose: "Made their first choices",
    Step.mistaken: "A field did not fit",
    Step.grown_old: "The form had been open for too long",
    Step.wrong_code: "Six digits that did not fit",
    Step.unknown_link: "A link that was cut off or replaced",
    Step.link_over: "A link whose time was over",
    Step.too_fast: "Too many tries",
    Step.broken: "Something broke on our side",
}
WAY = (Step.seen, Step.sent, Step.confirmed, Step.chose)
HITCHES = tuple(step for step in Step if step not in WAY)


class SourceLink(Base):
    """A link to joining that says where somebody found it: a fair, a page, a post."""

    __tablename__ = "source_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    tag: Mapped[str] = mapped_column(String(LONGEST_TAG), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    made_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class JoinCount(Base):
    """How often a step was taken on a day (UTC) by a source."""

    __tablename__ = "join_counts"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    tag: Mapped[str] = mapped_column(String(LONGEST_TAG), primary_key=True)
    step: Mapped[Step] = mapped_column(choice(Step), primary_key=True)
    count: Mapped[int]
