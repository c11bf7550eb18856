"""Questions about what came of our events: for each of them, and for each segment of the network."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from portal.core import clock, paging
from portal.core.db import session
from portal.events import guest_list
from portal.events import queries as events
from portal.events.guest_list import Counts
from portal.events.models import Event, EventState, Rsvp
from portal.events.queries import Planned
from portal.members.models import Member
from portal.segments import queries as segments
from portal.segments import rules
from portal.segments.models import Segment

YEAR = timedelta(days=365)
MOST_SEGMENTS = 30


@dataclass(frozen=True, slots=True)
class Held:
    """An event that took place, with its figures."""

    planned: Planned
    counts: Counts


@dataclass(frozen=True, slots=True)
class Shared:
    """What the members of a segment did at the events of the last twelve months; None when its rule is broken."""

    segment: Segment
    counts: Counts | None


def held(cursor: str | None = None) -> paging.Page[Held]:
    """Return a page of past events with their figures, newest first, in two statements."""
    page = events.desk("past", cursor=cursor)
    counts = guest_list.counts_of([one.event.id for one in page.rows])
    return paging.Page(
        [Held(one, counts.get(one.event.id, Counts())) for one in page.rows], page.older, page.newer
    )


def in_a_year() -> Counts:
    """Return the figures of all events of the last twelve months together, guests and walk-ins included."""
    return _figures()


def by_segment() -> Sequence[Shared]:
    """Return the same for the members of each segment, by its name; one statement each."""
    found = []
    for segment in segments.by_name()[:MOST_SEGMENTS]:
        try:
            condition = rules.condition(segment.rule)
        except rules.Broken:
            found.append(Shared(segment, None))
        else:
            found.append(Shared(segment, _figures(condition)))
    return found


def _figures(condition: object | None = None) -> Counts:
    moment = clock.now()
    statement = (
        select(*guest_list.figures())
        .select_from(Rsvp)
        .join(Event, Event.id == Rsvp.event_id)
        .where(Event.state == EventState.published, Event.ends_at <= moment, Event.ends_at > moment - YEAR)
    )
    if condition is not None:
        statement = statement.join(Member, Member.id == Rsvp.member_id).where(condition)  # type: ignore[arg-type]
    row = session().execute(statement).one()
    return Counts(*(int(one or 0) for one in row))
