"""Who else is there: the people of the team with what they tell, and guests who let their name be seen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import case, delete, select
from sqlalchemy.orm import aliased

from portal.core.db import session
from portal.events.models import Answer, Event, EventGuest, EventHost, Part, Rsvp
from portal.members.models import Member
from portal.staff.actions import record
from portal.staff.models import Staff
from portal.stories.models import Publication, Story

MOST_NAMES = 200


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of the team who is there, as host or without a part, and the newest story they tell."""

    person: Staff
    part: Part
    story: Story | None


def team(event: Event) -> Sequence[Colleague]:
    """Return who of the team is there, hosts first, in one statement."""
    theirs = aliased(Story)
    newest = (
        select(theirs.id)
        .where(theirs.author_id == Staff.id, theirs.state == Publication.published)
        .order_by(theirs.published_at.desc(), theirs.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = session().execute(
        select(Staff, EventHost.part, Story)
        .outerjoin(EventHost, (EventHost.staff_id == Staff.id) & (EventHost.event_id == event.id))
        .outerjoin(Story, Story.id == newest)
        .where((Staff.id == event.host_id) | EventHost.event_id.is_not(None))
        .order_by(
            case((Staff.id == event.host_id, 0), (EventHost.part == Part.host, 1), else_=2),
            EventHost.position,
            Staff.name,
        )
    )
    return [
        Colleague(row.Staff, Part.host if row.Staff.id == event.host_id else row.part, row.Story)
        for row in rows
    ]


def names(event: Event) -> list[str]:
    """Return what those who come and let it be seen are called, first come first."""
    rows = session().execute(
        select(Member.call_name, Member.name, EventGuest.name.label("guest"))
        .select_from(Rsvp)
        .outerjoin(Member, Member.id == Rsvp.member_id)
        .outerjoin(EventGuest, EventGuest.id == Rsvp.guest_id)
        .where(Rsvp.event_id == event.id, Rsvp.answer == Answer.seat, Rsvp.is_shown)
        .order_by(Rsvp.asked_at, Rsvp.id)
        .limit(MOST_NAMES)
    )
    return [name for row in rows if (name := row.call_name or row.name or row.guest)]


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
