"""Who comes next: the counters of an event, its two waitlists, and the offers made to those who wait.

The event's row is locked by whoever calls, except for `pass_on`, which locks it. A waitlist is served strictly by
its tickets, and no seat stays free while somebody waits for one.
"""

from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, literal, update

from portal.core import clock
from portal.core.db import session, transaction
from portal.events import queries, receipts, windows
from portal.events.models import Answer, Change, Event, EventState, Rsvp, Way

_TAKEN: dict[Way, Any] = {Way.in_person: Event.taken_in_person, Way.online: Event.taken_online}
_CAPACITY: dict[Way, Any] = {Way.in_person: Event.capacity_in_person, Way.online: Event.capacity_online}


def occupy(event: Event, way: Way) -> bool:
    """Count one more seat if there is one."""
    return _count(event, way, 1, _TAKEN[way] < _CAPACITY[way])


def occupy_if_open(event: Event, way: Way) -> bool:
    """Count one more seat if there is one and the event takes answers: one statement, which also locks the event."""
    if way not in event.format.ways:
        return False
    done = (
        session()
        .connection()
        .execute(_occupy_if_open(way), {"event": event.id, "how": event.format, "moment": clock.now()})
    )
    if done.rowcount != 1:
        return False
    session().expire(event, [_TAKEN[way].key])
    return True


@lru_cache
def _occupy_if_open(way: Way) -> Any:
    stored, taken = Event.__table__, _TAKEN[way]
    return (
        update(stored)  # type: ignore[arg-type]
        .where(
            stored.c.id == bindparam("event"),
            taken < _CAPACITY[way],
            stored.c.state == literal(EventState.published, stored.c.state.type),
            stored.c.format == bindparam("how"),
            stored.c.starts_at > bindparam("moment"),
        )
        .values({taken.key: taken + 1})
    )


def vacate(event: Event, way: Way, is_given_back: bool = False) -> None:
    """Count one seat less; `is_given_back` also counts it for the chances we name to those who wait."""
    more = {"given_back": Event.given_back + 1} if is_given_back and event.is_open else {}
    _count(event, way, -1, _TAKEN[way] > 0, **more)


def draw(event: Event) -> int:
    """Return the next number of the waitlist."""
    session().execute(_on(event).values(tickets=Event.tickets + 1))
    session().refresh(event, ["tickets"])
    return event.tickets


def serve(event: Event) -> int:
    """Offer free seats to those who have waited longest; returns how many people got one or were offered one."""
    if not event.is_open:
        return 0
    done = 0
    for way in event.format.ways:
        for rsvp in queries.next_waiting(event.id, way, event.left(way)):
            if not occupy(event, way):
                break
            _offer(event, rsvp)
            done += 1
    return done


def accept(event: Event, rsvp: Rsvp) -> Rsvp:
    """Turn an offer into a seat; it is held already."""
    rsvp.answer, rsvp.offer_until = Answer.seat, None
    receipts.note(event, rsvp, Change.accepted)
    return rsvp


def is_too_late(rsvp: Rsvp, moment: datetime | None = None) -> bool:
    """Whether the time of an offer is up."""
    return rsvp.offer_until is not None and rsvp.offer_until <= (moment or clock.now())


def lapse(event: Event, rsvp: Rsvp) -> None:
    """End an offer that nobody took in time, and pass the seat on."""
    rsvp.answer, until = Answer.cancelled, rsvp.offer_until
    rsvp.offer_until = None
    receipts.note(event, rsvp, Change.lapsed, until=until.isoformat() if until else "")
    vacate(event, rsvp.way)
    serve(event)


def pass_on() -> int:
    """Pass on every offer whose time is up; returns how many. The job behind the waitlist, safe to run at any time."""
    done = 0
    for event_id in _with_old_offers():
        with transaction():
            event = queries.locked(event_id)
            if event is None:
                continue
            for rsvp in queries.old_offers(event_id, clock.now()):
                if event.is_open:
                    lapse(event, rsvp)
                    done += 1
    return done


def _with_old_offers() -> list[int]:
    with transaction():
        return list(queries.events_with_old_offers(clock.now()))


def give(event: Event, rsvp: Rsvp) -> None:
    """Let somebody have the seat that is held for them, without asking."""
    rsvp.answer, rsvp.offer_until = Answer.seat, None
    receipts.note(event, rsvp, Change.given)


def window_of(event: Event, rsvp: Rsvp) -> windows.Window | None:
    """Return the time in which this person could take an offer made now; None when none is left."""
    person = queries.person_of(rsvp)
    zone = person.zone if person is not None and person.zone else event.zone
    return windows.window(clock.now(), event.starts_at, zone)


def carry(event: Event, gone: Way, to: Way) -> None:
    """Count the seats of one way with the other's, whatever its capacity: nobody loses theirs."""
    moved = {_TAKEN[to]: _TAKEN[to] + _TAKEN[gone], _TAKEN[gone]: 0}
    session().execute(_on(event).values(moved))
    session().refresh(event, [_TAKEN[way].key for way in Way])


def _offer(event: Event, rsvp: Rsvp) -> None:
    """Offer a seat that was just occupied for them; when no time to answer is left, it is theirs."""
    window = window_of(event, rsvp)
    if window is None:
        give(event, rsvp)
    else:
        rsvp.answer, rsvp.offer_until = Answer.offered, window.ends
        receipts.note(event, rsvp, Change.offered)


def _count(event: Event, way: Way, by: int, may: Any, **more: Any) -> bool:
    taken = _TAKEN[way]
    done = session().execute(_on(event).where(may).values({taken: taken + by, **more}))
    session().refresh(event, [taken.key])
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]


def _on(event: Event) -> Any:
    return update(Event).where(Event.id == event.id).execution_options(synchronize_session=False)
