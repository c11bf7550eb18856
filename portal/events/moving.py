"""Moving an event, and calling it off: what it means for people beforehand, and everybody told afterwards.

The event's row is locked by whoever calls, except for the looks ahead, which change nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import update

from portal.core import clock
from portal.core.db import session
from portal.events import line, queries, receipts, windows
from portal.events.models import Answer, Change, Event, EventState, Format, Rsvp, Way

MATTERS = ("starts_at", "ends_at", "format", "place_id", "venue", "join_url")
"""What a guest must know to be there. When one of these changes, everybody is told; a typo elsewhere is silent."""
TOLD = (Answer.seat, Answer.offered, Answer.waiting)


@dataclass(frozen=True, slots=True)
class Ahead:
    """What moving an event, or calling it off, would do: what changes, for whom, and the mails that go out."""

    people: Mapping[Answer, int]
    changed: tuple[str, ...] = ()
    carried: Mapping[Way, int] = field(default_factory=dict)

    @property
    def mails(self) -> int:
        """How many people would be told."""
        return sum(self.people[answer] for answer in TOLD) if self.people else 0


def where_and_when(event: Event) -> dict[str, Any]:
    """Return what a guest must know to be there."""
    return {name: getattr(event, name) for name in MATTERS}


def look_ahead(event: Event, wanted: Mapping[str, Any] | None = None) -> Ahead:
    """Return what these values would mean for people; without any, what calling the event off would."""
    people = queries.counts(event.id)
    if wanted is None:
        return Ahead(people)
    changed = tuple(name for name in MATTERS if name in wanted and wanted[name] != getattr(event, name))
    tells = changed and event.is_published and not event.is_over
    leaves = _ways_gone(event, Format(wanted.get("format", event.format)))
    carried = {way: count for way in leaves if (count := queries.coming(event.id, way))}
    return Ahead(people if tells else dict.fromkeys(Answer, 0), changed, carried)


def tell_of_move(event: Event, before: Mapping[str, Any]) -> int:
    """Make good what the new values upset, and tell everybody who comes or waits; returns how many."""
    changed = [name for name, value in where_and_when(event).items() if value != before[name]]
    if not changed or event.published_at is None:
        return 0
    event.sequence += 1
    session().flush()
    for way in _ways_gone(event, event.format):
        _carry(event, way, event.format.ways[0])
    if not event.is_published or event.is_over:
        return 0
    if "starts_at" in changed:
        _fit_offers(event)
    starts_before: datetime = before["starts_at"]
    return receipts.tell_everybody(
        "events/moved",
        event,
        *TOLD,
        changed=changed,
        starts_before=starts_before.isoformat() if "starts_at" in changed else "",
        sequence=event.sequence,
    )


def call_off(event: Event, why: str) -> int:
    """Call a published event off and tell everybody who comes or waits; returns how many."""
    event.state = EventState.cancelled
    event.called_off_why = why
    event.sequence += 1
    event.changed_at = clock.now()
    session().flush()
    receipts.note_all(event, Change.called_off, *TOLD)
    return receipts.tell_everybody("events/called-off", event, *TOLD)


def _ways_gone(event: Event, new: Format) -> list[Way]:
    return [way for way in Way if way not in new.ways and event.taken_of(way) + event.tickets]


def _carry(event: Event, gone: Way, to: Way) -> None:
    """Let everybody come the way that is left, with the seat or the place in line they have."""
    receipts.note_all(event, Change.carried, *TOLD, way=gone, to=to)
    line.carry(event, gone, to)
    session().execute(
        update(Rsvp)
        .where(Rsvp.event_id == event.id, Rsvp.way == gone)
        .values(way=to)
        .execution_options(synchronize_session="fetch")
    )


def _fit_offers(event: Event) -> None:
    """Let no offer outlast the time in which somebody else could still use the seat."""
    for rsvp in queries.offers(event.id):
        if rsvp.offer_until is None or rsvp.offer_until <= event.starts_at - windows.SPARE:
            continue
        window = line.window_of(event, rsvp)
        if window is None:
            line.give(event, rsvp)
        else:
            rsvp.offer_until = window.ends
    session().flush()
