"""Who has a seat: answers, the waitlist, and what happens when a seat comes free.

Every change locks the event's row first, so answers to one event happen one after another: the waitlist is served
in the order in which people asked, and no seat stays idle while somebody waits. `Event.taken` changes only by an
update that re-reads the capacity.
"""

from sqlalchemy import delete, update

from portal.core import clock
from portal.core.addresses import parse
from portal.core.db import session
from portal.events import mail as _letters  # noqa: F401 - the letters posted here are found by name
from portal.events import queries
from portal.events.models import Answer, Event, EventState, Rsvp
from portal.mail import actions as mail
from portal.members.models import Member


class EventClosed(Exception):
    """One cannot answer any more; `words` say why."""

    def __init__(self, words: str) -> None:
        """Keep the words for the person who answered."""
        super().__init__(words)
        self.words = words


def take_seat(member: Member, event_id: int) -> Rsvp:
    """Reserve a seat, or a place in the waitlist when all are taken. Asking twice keeps the first.

    Raises:
        EventClosed: it has begun, was called off, or is not published.
    """
    event = _open(event_id)
    rsvp = queries.seat_of(member, event)
    if rsvp is not None and rsvp.answer is not Answer.cancelled:
        return rsvp
    answer = Answer.seat if _occupy(event) else Answer.waiting
    moment = clock.now()
    if rsvp is None:
        rsvp = Rsvp(event_id=event.id, member_id=member.id, turn=0)
        session().add(rsvp)
    rsvp.answer, rsvp.asked_at, rsvp.changed_at = answer, moment, moment
    rsvp.turn += 1
    session().flush()
    _tell("events/seat" if answer is Answer.seat else "events/waiting", event, rsvp, member)
    return rsvp


def give_up(member: Member, event_id: int) -> Rsvp | None:
    """Take back a yes; the seat goes to whoever has waited longest, at once. Returns None when there was no answer.

    Raises:
        EventClosed: it has begun, was called off, or is not published.
    """
    event = _open(event_id)
    rsvp = queries.seat_of(member, event)
    if rsvp is None or rsvp.answer is Answer.cancelled:
        return rsvp
    had_seat = rsvp.answer is Answer.seat
    rsvp.answer, rsvp.changed_at = Answer.cancelled, clock.now()
    rsvp.turn += 1
    session().flush()
    _tell("events/cancelled-by-you", event, rsvp, member, had_seat=had_seat)
    if had_seat:
        _vacate(event)
        promote(event)
    return rsvp


def promote(event: Event) -> int:
    """Give free seats to those who have waited longest; returns how many. The event's row is locked by the caller."""
    if not event.is_open:
        return 0
    done = 0
    for rsvp in queries.next_waiting(event.id, event.seats_left):
        if not _occupy(event):
            break
        rsvp.answer, rsvp.changed_at = Answer.seat, clock.now()
        rsvp.turn += 1
        session().flush()
        member = session().get_one(Member, rsvp.member_id)
        _tell("events/promoted", event, rsvp, member)
        done += 1
    return done


def release(member_id: int) -> int:
    """Remove every answer of a member who is being erased; freed seats go on. Returns how many answers went."""
    answers = [(rsvp.id, event.id, rsvp.answer) for rsvp, event in queries.rsvps_of(member_id)]
    for rsvp_id, event_id, _answer in sorted(answers, key=lambda row: row[1]):
        event = queries.locked(event_id)
        rsvp = session().get(Rsvp, rsvp_id, populate_existing=True)
        if event is None or rsvp is None:
            continue
        had_seat = rsvp.answer is Answer.seat
        session().expunge(rsvp)
        session().execute(delete(Rsvp).where(Rsvp.id == rsvp_id))
        if had_seat:
            _vacate(event)
            promote(event)
    return len(answers)


def note_attendance(rsvp_id: int, attended: bool | None) -> Rsvp | None:
    """Note whether somebody with a seat came; None takes the note back."""
    rsvp = session().get(Rsvp, rsvp_id, with_for_update=True, populate_existing=True)
    if rsvp is None or rsvp.answer is not Answer.seat:
        return None
    rsvp.attended = attended
    return rsvp


def tell_everybody(letter: str, event: Event, *answers: Answer, **facts: object) -> int:
    """Plan a letter to all who gave one of those answers; returns how many."""
    told = 0
    for rsvp, member in queries.people(event.id, *answers):
        mail.post(
            letter,
            to=parse(member.address),
            occasion=f"event:{event.id}:{event.sequence}:{rsvp.id}",
            member_id=member.id,
            facts={"rsvp": rsvp.id, "turn": rsvp.turn, **facts},
        )
        told += 1
    return told


def _open(event_id: int) -> Event:
    event = queries.locked(event_id)
    if event is None or event.state is EventState.draft:
        raise EventClosed("This event is not open yet.")
    if event.is_called_off:
        raise EventClosed("This event was called off, so there are no seats to take or give back.")
    if not event.is_open:
        raise EventClosed("This event has begun, so answers cannot be changed any more.")
    return event


def _occupy(event: Event) -> bool:
    """Count one more seat if there is one."""
    return _count(event, 1, Event.taken < Event.capacity)


def _vacate(event: Event) -> None:
    _count(event, -1, Event.taken > 0)


def _count(event: Event, by: int, may: object) -> bool:
    done = session().execute(
        update(Event)
        .where(Event.id == event.id, may)  # type: ignore[arg-type]
        .values(taken=Event.taken + by)
        .execution_options(synchronize_session=False)
    )
    session().refresh(event, ["taken"])
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]


def _tell(letter: str, event: Event, rsvp: Rsvp, member: Member, **facts: object) -> None:
    mail.post(
        letter,
        to=parse(member.address),
        occasion=f"event:{event.id}:rsvp:{rsvp.id}:{rsvp.turn}",
        member_id=member.id,
        facts={"rsvp": rsvp.id, "turn": rsvp.turn, **facts},
    )
