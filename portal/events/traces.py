"""What this room keeps about a member: to be taken along, and to be erased."""

from portal.events import queries, seats
from portal.members import traces
from portal.members.models import Member
from portal.members.traces import Row


@traces.holds("rsvps", "Answers to events")
def answers(member: Member) -> list[Row]:
    """Give each answer with its event and its dates."""
    return [
        {
            "event": event.title,
            "begins": event.starts_at,
            "answer": rsvp.answer.value,
            "comes": rsvp.way.words,
            "offer until": rsvp.offer_until,
            "came through": rsvp.source,
            "asked at": rsvp.asked_at,
            "changed at": rsvp.changed_at,
            "attended": rsvp.attended,
        }
        for rsvp, event in queries.rsvps_of(member.id)
    ]


@traces.holds("rsvp_changes", "Receipts for every change of an answer")
def receipts(member: Member) -> list[Row]:
    """Give each change with its event and its moment."""
    return [
        {
            "event": title,
            "change": change.change.value.replace("_", " "),
            "answer": change.answer.value,
            "comes": change.way.words,
            "offer until": change.offer_until,
            "at": change.at,
        }
        for change, title in queries.changes_of(member.id)
    ]


@traces.claims
def claim(member: Member) -> None:
    """Lock the events they answered: whoever gives out seats locks an event first, and its people after it."""
    queries.lock_answered(member.id)


@traces.erases("rsvps")
def erase(member: Member) -> int:
    """Remove the answers; a seat goes to whoever has waited longest."""
    return seats.release(member)
