"""Who else is there: the people of the team with what they tell, and guests who let their name be seen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, delete, exists, func, select
from sqlalchemy.orm import aliased

from portal.core.db import session
from portal.events.details import Question
from portal.events.models import Answer, Event, EventGuest, EventHost, Part, Rsvp
from portal.members.models import Member
from portal.staff.actions import record
from portal.staff.models import Staff
from portal.stories.models import Publication, Story

MOST_NAMES = 200
_BETWEEN = "\n"
"""No name holds a line break."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of the team who is there, as host or without a part, and the newest story they tell."""

    person: Staff
    part: Part
    story: Story | None


@dataclass(frozen=True, slots=True)
class Company:
    """Everybody one meets there, and whether the hosts ask anything of those who come."""

    team: Sequence[Colleague]
    names: Sequence[str]
    asks: bool


def of(event: Event) -> Company:
    """Return who of the team is there, hosts first, and what guests who let it be seen are called; one statement."""
    theirs = aliased(Story)
    newest = (
        select(theirs.id)
        .where(theirs.author_id == Staff.id, theirs.state == Publication.published)
        .order_by(theirs.published_at.desc(), theirs.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    asks = exists().where(Question.event_id == event.id)
    rows = (
        session()
        .execute(
            select(Staff, EventHost.part, Story, _names(event).label("names"), asks.label("asks"))
            .outerjoin(EventHost, (EventHost.staff_id == Staff.id) & (EventHost.event_id == event.id))
            .outerjoin(Story, Story.id == newest)
            .where((Staff.id == event.host_id) | EventHost.event_id.is_not(None))
            .order_by(
                case((Staff.id == event.host_id, 0), (EventHost.part == Part.host, 1), else_=2),
                EventHost.position,
                Staff.name,
            )
        )
        .all()
    )
    found = [
        Colleague(row.Staff, Part.host if row.Staff.id == event.host_id else row.part, row.Story)
        for row in rows
    ]
    named = sorted((rows[0].names or "").split(_BETWEEN), key=str.casefold) if rows else []
    return Company(found, [one for one in named if one], bool(rows and rows[0].asks))


def team(event: Event) -> Sequence[Colleague]:
    """Return who of the team is there, hosts first."""
    return of(event).team


def _names(event: Event) -> Any:
    called = func.coalesce(func.nullif(Member.call_name, ""), Member.name, EventGuest.name)
    shown = (
        select(called.label("called"))
        .select_from(Rsvp)
        .outerjoin(Member, Member.id == Rsvp.member_id)
        .outerjoin(EventGuest, EventGuest.id == Rsvp.guest_id)
        .where(Rsvp.event_id == event.id, Rsvp.answer == Answer.seat, Rsvp.is_shown)
        .order_by(Rsvp.asked_at, Rsvp.id)
        .limit(MOST_NAMES)
        .subquery()
    )
    return select(func.aggregate_strings(shown.c.called, _BETWEEN)).scalar_subquery()


def hosts(event: Event, staff_id: int) -> bool:
    """Whether that person is a host of the event."""
    if event.host_id == staff_id:
        return True
    found = session().get(EventHost, (event.id, staff_id))
    return found is not None and found.part is Part.host


def lead(event: Event, hosts: Iterable[int], others: Iterable[int]) -> None:
    """Set who of the team is there besides the host: further hosts, and colleagues. None of them takes a seat."""
    session().execute(delete(EventHost).where(EventHost.event_id == event.id))
    parts = dict.fromkeys(others, Part.guest) | dict.fromkeys(hosts, Part.host)
    parts.pop(event.host_id, None)
    session().add_all(
        EventHost(event_id=event.id, staff_id=one, part=part, position=place)
        for place, (one, part) in enumerate(sorted(parts.items()))
    )
    session().flush()
    record("events.team", f"event:{event.id}", "Changed who of the team is there")
