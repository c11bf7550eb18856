"""What a thing is about, and whether that is what somebody follows: for stories, events and roles alike."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Integer, String, case, cast, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute

from portal.core.db import session
from portal.members.models import Member
from portal.preferences.models import Interest


@dataclass(frozen=True, slots=True)
class Interests:
    """All interests there are, read once a page, by name."""

    all: tuple[Interest, ...]

    @property
    def active(self) -> list[Interest]:
        """Those one can follow and filter by."""
        return [one for one in self.all if one.retired_at is None]

    def named(self, slug: str | None) -> Interest | None:
        """Return the interest with that slug."""
        return next((one for one in self.all if one.slug == slug), None)

    def of(self, listed: str | None) -> list[Interest]:
        """Return the interests whose ids the database listed."""
        ids = {int(one) for one in listed.split(",")} if listed else set()
        return [one for one in self.all if one.id in ids]

    def followed_by(self, person: Any) -> list[Interest]:
        """Return what a member follows; nothing for anybody else."""
        if not isinstance(person, Member):
            return []
        return [one for one in self.all if person.interest_mask >> one.bit & 1]


def interests() -> Interests:
    """Read all interests, in one statement."""
    return Interests(tuple(session().scalars(select(Interest).order_by(Interest.name, Interest.id))))


def listed(owner: InstrumentedAttribute[int], thing_id: Any, what: InstrumentedAttribute[int]) -> Any:
    """Give SQL for the ids a thing is tagged with, as "3,5", so that a list needs no second statement.

    `owner` and `what` are the two columns of the link table, `thing_id` the id in the statement around it.
    """
    ids = select(func.aggregate_strings(cast(what, String), ",")).where(owner == thing_id)
    return ids.scalar_subquery()


def touches(
    owner: InstrumentedAttribute[int], what: InstrumentedAttribute[int], wanted: Iterable[int]
) -> Any:
    """Give SQL for the ids of things tagged with any of the wanted."""
    return select(owner).where(what.in_(list(wanted)))


def rank(thing_id: Any, touching: Any | None) -> ColumnElement[int]:
    """Give SQL that is 1 for what fits and 0 for the rest, to sort by."""
    if touching is None:
        return literal(0, Integer)
    return case((thing_id.in_(touching), 1), else_=0)
