"""The letter that reminds somebody of an event they have a seat at."""

from datetime import datetime

from sqlalchemy import select

from portal.core import clock, words
from portal.core.db import session
from portal.events import mail, queries, reminders, ways_in
from portal.events.models import EventGuest
from portal.events.reminders import LETTER, Lead
from portal.mail import letters
from portal.mail.letters import Letter, NotNeeded
from portal.mail.models import Message, Stream
from portal.members.models import Member

_ASKED = {Lead.week: "a week before", Lead.day: "a day before", Lead.hour: "an hour before"}


@letters.letter(
    LETTER,
    Stream.event,
    words="A reminder of an event",
    trigger="The moment has come that somebody with a seat chose: a week, a day or an hour before",
)
def reminder(message: Message) -> Letter:
    """Say when, where and how in; nothing when the event moved since, or it would come too late."""
    facts = message.facts or {}
    person = reader(message, int(facts["event"]))
    planned = queries.whole(person, event_id=int(facts["event"])) if person is not None else None
    if person is None or planned is None or planned.rsvp is None:
        raise NotNeeded("the answer is gone")
    event, lead = planned.event, Lead(facts["lead"])
    if not planned.has_seat:
        raise NotNeeded("they gave their seat back")
    if not event.is_published:
        raise NotNeeded("the event was called off since")
    if event.starts_at != datetime.fromisoformat(facts["starts"]):
        raise NotNeeded("the event was moved since")
    if reminders.of(planned.rsvp) is not lead:
        raise NotNeeded("they chose another time to be reminded")
    if not reminders.is_time(event.starts_at, lead):
        raise NotNeeded("it is too late to remind them")
    return mail.about(
        LETTER,
        planned,
        person,
        soon=_soon(event.starts_at, person.zone or event.zone),
        asked=_ASKED[lead],
        opens=words.moment(ways_in.opens_at(event), person.zone or event.zone),
    )


def reader(message: Message, event_id: int) -> Member | EventGuest | None:
    """Return the member or the guest of that event to whom a letter goes; None when they were forgotten."""
    if message.member_id is not None:
        return session().get(Member, message.member_id)
    mine = EventGuest.event_id == event_id, EventGuest.address_key == message.address_key
    return session().scalar(select(EventGuest).where(*mine))


def _soon(starts_at: datetime, zone: str) -> str:
    """Say how far off it is on the reader's own calendar: "Tomorrow", "In an hour"."""
    where = words.zone(zone)
    today, then = clock.today(where), starts_at.astimezone(where).date()
    left = starts_at - clock.now()
    if left.total_seconds() <= 90 * 60:
        return "In an hour" if left.total_seconds() > 45 * 60 else "Very soon"
    days = (then - today).days
    return {0: "Today", 1: "Tomorrow", 7: "In a week"}.get(days, f"In {words.plural(days, 'day', 'days')}")
