"""What people do about a seat: take one, take an offer, switch, give it back.

Every change locks the event's row first, so answers to one event happen one after another; who comes next is decided
in `portal.events.line`.
"""

from portal.core import clock
from portal.core.db import session
from portal.events import line, queries, receipts
from portal.events.models import Answer, Change, Event, EventGuest, EventState, Rsvp, Way
from portal.members.models import Member

Person = Member | EventGuest
"""Who can have a seat. Staff are there without one."""


class EventClosed(Exception):
    """One cannot answer any more; `words` say why."""

    def __init__(self, words: str) -> None:
        """Keep the words for the person who answered."""
        super().__init__(words)
        self.words = words


class NoSeat(Exception):
    """There is no free seat in the way they want to switch to; they keep what they have."""


class OfferOver(Exception):
    """The time of the offer was up; the seat has gone on."""


class PersonGone(LookupError):
    """They were forgotten a moment ago, in another window perhaps."""


def take_seat(person: Person, event_id: int, way: Way | None = None, source: str = "") -> Rsvp:
    """Reserve a seat, or a place in the waitlist when all are taken; an offer is accepted. Twice keeps the first.

    `way` is how they come (the first the event has when not said), `source` the tag of the link that led here.

    Raises:
        EventClosed: it has begun, was called off, is not published, or one cannot come that way.
        PersonGone: they are being forgotten.
    """
    if (at_once := _take_at_once(person, event_id, way, source)) is not None:
        return at_once
    event = _open(event_id)
    way = way or event.format.ways[0]
    if way not in event.format.ways:
        raise EventClosed(f"One cannot come to this event {way.words}.")
    rsvp = queries.answer_of(person, event_id)
    if rsvp is not None and rsvp.answer is Answer.offered:
        if not line.is_too_late(rsvp):
            return line.accept(event, rsvp)
        line.lapse(event, rsvp)
    if rsvp is not None and rsvp.answer is not Answer.cancelled:
        return rsvp
    if rsvp is None:
        answer = Answer.seat if line.occupy(event, way) else Answer.waiting
        ticket = 0 if answer is Answer.seat else line.draw(event)
        first = receipts.first(person, event.id, answer, way, source, ticket)
        if first is None:
            if answer.holds:
                line.vacate(event, way)
            raise PersonGone
        return first
    rsvp.way, rsvp.asked_at, rsvp.attended = way, clock.now(), None
    _ask(event, rsvp)
    return rsvp


def accept(person: Person, event_id: int) -> Rsvp:
    """Take the seat that was offered. Doing it twice keeps it.

    Raises:
        EventClosed: it has begun, was called off, or is not published.
        OfferOver: the time was up, or nothing was offered.
    """
    event = _open(event_id)
    rsvp = queries.answer_of(person, event_id)
    if rsvp is not None and rsvp.answer is Answer.seat:
        return rsvp
    if rsvp is None or rsvp.answer is not Answer.offered or line.is_too_late(rsvp):
        raise OfferOver
    return line.accept(event, rsvp)


def give_up(person: Person, event_id: int) -> Rsvp | None:
    """Take back a yes, or decline an offer; the seat is offered to whoever has waited longest.

    Returns None when there was no answer.

    Raises:
        EventClosed: it has begun, was called off, or is not published.
    """
    event = _open(event_id)
    rsvp = queries.answer_of(person, event_id)
    if rsvp is None or rsvp.answer is Answer.cancelled:
        return rsvp
    before = rsvp.answer
    change = {
        Answer.seat: Change.given_back,
        Answer.offered: Change.declined,
        Answer.waiting: Change.left_line,
    }[before]
    rsvp.answer = Answer.cancelled
    receipts.note(event, rsvp, change)
    if before.holds:
        line.vacate(event, rsvp.way, is_given_back=before is Answer.seat)
        line.serve(event)
    return rsvp


def switch(person: Person, event_id: int, way: Way) -> Rsvp:
    """Come the other way. Who waits, or was offered a seat, asks anew there; who has a seat keeps it if there is none.

    Raises:
        EventClosed: it has begun, was called off, is not published, or one cannot come that way.
        NoSeat: they have a seat, and there is none free the other way.
        LookupError: they have not answered, or said no.
    """
    event = _open(event_id)
    if way not in event.format.ways:
        raise EventClosed(f"One cannot come to this event {way.words}.")
    rsvp = queries.answer_of(person, event_id)
    if rsvp is None or rsvp.answer is Answer.cancelled:
        raise LookupError(event_id)
    if rsvp.way is way:
        return rsvp
    before, left = rsvp.answer, rsvp.way
    if before is Answer.seat:
        if not line.occupy(event, way):
            raise NoSeat
        rsvp.way = way
        receipts.note(event, rsvp, Change.switched)
    else:
        rsvp.way, rsvp.asked_at = way, clock.now()
        _ask(event, rsvp)
    if before.holds:
        line.vacate(event, left)
        line.serve(event)
    return rsvp


def release(person: Person) -> int:
    """Remove every answer of somebody who is being erased; freed seats go on. Returns how many answers went."""
    answers = sorted((rsvp.event_id, rsvp.id) for rsvp in queries.answers_of(person))
    for event_id, rsvp_id in answers:
        event = queries.locked(event_id)
        rsvp = session().get(Rsvp, rsvp_id, populate_existing=True)
        if event is None or rsvp is None:
            continue
        before, way = rsvp.answer, rsvp.way
        receipts.remove(rsvp)
        if before.holds:
            line.vacate(event, way, is_given_back=before is Answer.seat)
            line.serve(event)
    return len(answers)


def note_attendance(rsvp_id: int, attended: bool | None) -> Rsvp | None:
    """Note whether somebody with a seat came; None takes the note back."""
    rsvp = session().get(Rsvp, rsvp_id, with_for_update=True, populate_existing=True)
    if rsvp is None or rsvp.answer is not Answer.seat:
        return None
    rsvp.attended = attended
    return rsvp


def _take_at_once(person: Person, event_id: int, way: Way | None, source: str) -> Rsvp | None:
    """Take a free seat for somebody who has not answered yet; None when this is not so simple.

    The conditional update is all the lock there is: it finds a free seat of an open event, or nothing.
    """
    event = queries.by_id(event_id)
    if event is None:
        return None
    way = way or event.format.ways[0]
    if not line.occupy_if_open(event, way):
        return None
    rsvp = receipts.first(person, event_id, Answer.seat, way, source)
    if rsvp is None:
        line.vacate(event, way)
    return rsvp


def _ask(event: Event, rsvp: Rsvp) -> None:
    """Give them a seat, or the next number of the waitlist."""
    has_seat = line.occupy(event, rsvp.way)
    rsvp.answer = Answer.seat if has_seat else Answer.waiting
    rsvp.ticket = 0 if has_seat else line.draw(event)
    rsvp.offer_until = None
    session().add(rsvp)
    receipts.note(event, rsvp, Change.seat if has_seat else Change.waiting)


def _open(event_id: int) -> Event:
    event = queries.locked(event_id)
    if event is None or event.state is EventState.draft:
        raise EventClosed("This event is not open yet.")
    if event.is_called_off:
        raise EventClosed("This event was called off, so there are no seats to take or give back.")
    if not event.is_open:
        raise EventClosed("This event has begun, so answers cannot be changed any more.")
    return event
