"""Questions about those who answered: the guest list, the list at the door, and what came of it in figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, not_, or_, select
from sqlalchemy.orm import aliased

from portal.core import keyset, paging
from portal.core.db import session
from portal.events.models import Answer, EventGuest, Rsvp, Way
from portal.members.actions import fold
from portal.members.models import Member

PAGE = 100
MOST_AT_THE_DOOR = 3000


class Standing(StrEnum):
    """Which part of the guest list is looked at."""

    seat = ""
    offered = "offered"
    waiting = "waiting"
    cancelled = "cancelled"
    came = "came"
    missed = "missed"
    walk_in = "walk-in"
    everybody = "all"

    @property
    def words(self) -> str:
        """What it is called on a page."""
        return _STANDINGS[self]


_STANDINGS: Mapping[Standing, str] = {
    Standing.seat: "With a seat",
    Standing.offered: "Seat offered",
    Standing.waiting: "Waiting",
    Standing.cancelled: "Gave it back",
    Standing.came: "Came",
    Standing.missed: "Did not come",
    Standing.walk_in: "Walk-ins",
    Standing.everybody: "Everybody",
}


@dataclass(frozen=True, slots=True)
class Filter:
    """What the guest list is narrowed by."""

    standing: Standing = Standing.seat
    way: Way | None = None
    typed: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody who answered, or walked in; nothing of a person stands here once they were forgotten."""

    rsvp: Rsvp
    name: str
    called: str
    address: str
    public_id: str
    position: int = 0

    @property
    def is_member(self) -> bool:
        """Whether they are in the network, or were."""
        return bool(self.public_id)

    @property
    def is_guest(self) -> bool:
        """Whether they answered with an address and a name alone."""
        return self.rsvp.guest_id is not None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many people, by what became of their answer."""

    seat: int = 0
    offered: int = 0
    waiting: int = 0
    cancelled: int = 0
    came: int = 0
    missed: int = 0
    walk_in: int = 0
    online: int = 0

    @property
    def open(self) -> int:
        """With a seat, and nothing noted yet."""
        return self.seat - (self.came - self.walk_in) - self.missed

    @property
    def total(self) -> int:
        """Everybody who ever answered, or walked in."""
        return self.seat + self.offered + self.waiting + self.cancelled

    @property
    def missed_share(self) -> float | None:
        """Of those with a seat of whom it is known, how many did not come; None when nothing is known."""
        known = self.came - self.walk_in + self.missed
        return self.missed / known if known else None

    def of(self, standing: Standing) -> int:
        """How many stand in that part of the list."""
        return self.total if standing is Standing.everybody else int(getattr(self, standing.name))


def by_id(rsvp_id: int) -> Rsvp | None:
    """Return the answer with that id."""
    return session().get(Rsvp, rsvp_id)


def page(event_id: int, narrowed: Filter, cursor: str | None = None) -> paging.Page[Listed]:
    """Return a page of the guest list: the waitlist by its order, everybody else by when they asked."""
    statement = _people(event_id).where(condition(narrowed))
    found = keyset.page(statement, [Rsvp.ticket, Rsvp.asked_at, Rsvp.id], cursor, PAGE, descending=False)
    return paging.Page([_listed(row) for row in found.rows], found.older, found.newer)


def everybody(event_id: int, narrowed: Filter) -> list[Listed]:
    """Return all of the guest list that the filter leaves, for a file."""
    statement = _people(event_id).where(condition(narrowed))
    rows = session().execute(statement.order_by(Rsvp.ticket, Rsvp.asked_at, Rsvp.id))
    return [_listed(row) for row in rows]


def at_the_door(event_id: int, typed: str = "") -> list[Listed]:
    """Return who has a seat or walked in, by name, narrowed to those whose name holds every word typed."""
    statement = _people(event_id, with_position=False).where(
        or_(Rsvp.answer == Answer.seat, Rsvp.is_walk_in), Rsvp.way == Way.in_person
    )
    rows = session().execute(statement.order_by(Rsvp.id).limit(MOST_AT_THE_DOOR))
    needles = fold(typed).split()
    found = [(fold(f"{one.name} {one.called}"), one) for one in map(_listed, rows)]
    found = [(key, one) for key, one in found if all(needle in key for needle in needles)]
    return [one for _key, one in sorted(found, key=lambda pair: (pair[0], pair[1].rsvp.id))]


def one(rsvp_id: int, event_id: int) -> Listed | None:
    """Return one line of an event's guest list."""
    row = session().execute(_people(event_id, with_position=False).where(Rsvp.id == rsvp_id)).first()
    return _listed(row) if row is not None else None


def person(event_id: int, address_key: str) -> Listed | None:
    """Return the line of whoever has that address."""
    theirs = or_(Member.address_key == address_key, EventGuest.address_key == address_key)
    row = session().execute(_people(event_id, with_position=False).where(theirs).limit(1)).first()
    return _listed(row) if row is not None else None


def counts(event_id: int, way: Way | None = None) -> Counts:
    """Return how many people, by what became of their answer, in one statement."""
    return counts_of([event_id], way).get(event_id, Counts())


def counts_of(event_ids: Sequence[int], way: Way | None = None) -> dict[int, Counts]:
    """Return the figures of several events, in one statement."""
    statement = select(Rsvp.event_id, *figures()).where(Rsvp.event_id.in_(event_ids)).group_by(Rsvp.event_id)
    if way is not None:
        statement = statement.where(Rsvp.way == way)
    rows = session().execute(statement)
    return {row[0]: Counts(*(int(one or 0) for one in row[1:])) for row in rows}


def figures() -> list[ColumnElement[int]]:
    """Give SQL for each figure of `Counts`, in its order, over the answers of a statement."""
    has_seat = Rsvp.answer == Answer.seat
    wanted: list[ColumnElement[bool]] = [
        has_seat,
        Rsvp.answer == Answer.offered,
        Rsvp.answer == Answer.waiting,
        Rsvp.answer == Answer.cancelled,
        Rsvp.attended.is_(True),
        and_(has_seat, Rsvp.attended.is_(False)),
        Rsvp.is_walk_in.is_(True),
        and_(has_seat, Rsvp.way == Way.online),
    ]
    return [func.sum(case((one, 1), else_=0)) for one in wanted]


def _people(event_id: int, with_position: bool = True) -> Select[Any]:
    statement: Any = select(Rsvp, Member.name, Member.call_name, Member.address, Member.public_id, EventGuest)
    if with_position:
        before = aliased(Rsvp)
        position = select(func.count()).where(
            before.event_id == Rsvp.event_id,
            before.answer == Answer.waiting,
            before.way == Rsvp.way,
            or_(before.ticket < Rsvp.ticket, and_(before.ticket == Rsvp.ticket, before.id <= Rsvp.id)),
        )
        is_waiting = Rsvp.answer == Answer.waiting
        statement = statement.add_columns(
            case((is_waiting, position.scalar_subquery()), else_=0).label("position")
        )
    found: Select[Any] = (
        statement.outerjoin(Member, Member.id == Rsvp.member_id)
        .outerjoin(EventGuest, EventGuest.id == Rsvp.guest_id)
        .where(Rsvp.event_id == event_id)
    )
    return found


def condition(narrowed: Filter) -> ColumnElement[bool]:
    """Give SQL for that part of the list, over answers with their people beside them."""
    parts: list[ColumnElement[bool]] = []
    match narrowed.standing:
        case Standing.everybody:
            pass
        case Standing.came:
            parts.append(Rsvp.attended.is_(True))
        case Standing.missed:
            parts.append(and_(Rsvp.answer == Answer.seat, Rsvp.attended.is_(False)))
        case Standing.walk_in:
            parts.append(Rsvp.is_walk_in.is_(True))
        case Standing.cancelled:
            parts.append(and_(Rsvp.answer == Answer.cancelled, not_(Rsvp.is_walk_in)))
        case _:
            parts.append(Rsvp.answer == Answer[narrowed.standing.name])
    if narrowed.way is not None:
        parts.append(Rsvp.way == narrowed.way)
    parts += [
        or_(
            Member.search_name.contains(needle, autoescape=True),
            func.lower(EventGuest.name).contains(needle, autoescape=True),
            EventGuest.address_key.contains(needle, autoescape=True),
        )
        for needle in fold(narrowed.typed).split()
    ]
    return and_(*parts) if parts else Rsvp.id.is_not(None)


def _listed(row: Any) -> Listed:
    rsvp, guest = row.Rsvp, row.EventGuest
    position = getattr(row, "position", 0) or 0
    if row.public_id is not None:
        called = row.call_name or row.name
        return Listed(rsvp, row.name, called, row.address, row.public_id, position)
    if guest is not None:
        return Listed(rsvp, guest.name, guest.name, guest.address, "", position)
    name = "Somebody who walked in" if rsvp.is_walk_in else "Somebody who was forgotten"
    return replace(Listed(rsvp, name, name, "", "", position))
