"""What members told the hosts of events, to be taken along and erased; and what was typed for their address."""

from sqlalchemy import select

from portal.core.db import session
from portal.events import asking
from portal.events.details import GuestAnswer, Need, Question
from portal.events.models import Event, EventGuest, Rsvp
from portal.members import traces
from portal.members.models import Member
from portal.members.traces import Row


@traces.holds("event-details", "What you told the hosts of events")
def told(member: Member) -> list[Row]:
    """Give each answer to a question, and what they need to take part."""
    answers = session().execute(
        select(Event.title, Question.words, GuestAnswer.text)
        .join(Rsvp, Rsvp.id == GuestAnswer.rsvp_id)
        .join(Question, Question.id == GuestAnswer.question_id)
        .join(Event, Event.id == Rsvp.event_id)
        .where(Rsvp.member_id == member.id)
        .order_by(Event.starts_at, Event.id, Question.position)
    )
    needs = session().execute(
        select(Event.title, Need.text)
        .join(Rsvp, Rsvp.id == Need.rsvp_id)
        .join(Event, Event.id == Rsvp.event_id)
        .where(Rsvp.member_id == member.id)
        .order_by(Event.starts_at, Event.id)
    )
    rows: list[Row] = [{"event": row.title, "question": row.words, "answer": row.text} for row in answers]
    rows += [
        {"event": row.title, "question": "What you need to take part", "answer": row.text} for row in needs
    ]
    return rows


@traces.erases("event-details")
def erase(member: Member) -> int:
    """Remove what was typed for their address and not confirmed, and what they answered as a guest.

    What they told as a member goes with their answers.
    """
    theirs = select(EventGuest).where(EventGuest.address_key == member.address_key)
    done = sum(asking.forget_guest(guest) for guest in session().scalars(theirs).all())
    return done + asking.forget_address(member.address_key)
