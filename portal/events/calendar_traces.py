"""What calendars and reminders keep about a member: to be taken along, and to be erased."""

from sqlalchemy import select

from portal.core.db import session
from portal.events import feeds
from portal.events.models import Event, Rsvp
from portal.events.reminders import ReminderWish
from portal.members import traces
from portal.members.models import Member
from portal.members.traces import Row


@traces.holds("calendar", "The address of your calendar, and when you want to be reminded")
def calendar(member: Member) -> list[Row]:
    """Give the address of the feed, and each wish that differs from the usual."""
    feed = feeds.of(member)
    rows: list[Row] = [{"Address": feeds.address(feed), "Since": feed.made_at}] if feed is not None else []
    wishes = session().execute(
        select(Event.title, ReminderWish.lead)
        .join(Rsvp, Rsvp.id == ReminderWish.rsvp_id)
        .join(Event, Event.id == Rsvp.event_id)
        .where(Rsvp.member_id == member.id)
        .order_by(Rsvp.id)
    )
    rows += [{"Event": title, "Reminder": lead.words} for title, lead in wishes]
    return rows


@traces.erases("calendar")
def close(member: Member) -> int:
    """Stop the feed. The wishes go with the answers they belong to."""
    return feeds.close(member)
