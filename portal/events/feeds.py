"""A member's own calendar feed: an address that only they know, which they can change or close at any time."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock, tokens, web
from portal.core.db import Base, lock, session
from portal.events import calendar, queries, ways_in
from portal.events.calendar import Links
from portal.events.models import Answer
from portal.members.models import Member, Status

PURPOSE = "calendar"
KEPT_FOR = timedelta(days=365)
"""For how long an event that is over stays in the feed."""
MOST = 500


class CalendarFeed(Base):
    """An address under which somebody's events can be read. A new address is a new row: the old one is gone."""

    __tablename__ = "calendar_feeds"
    # The address is sealed with the id, so it is never used again.
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), unique=True)
    made_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Content:
    """What a feed holds now, and a mark that changes with it."""

    text: bytes
    mark: str


def of(member: Member) -> CalendarFeed | None:
    """Return the member's feed, if they have one."""
    return session().scalar(select(CalendarFeed).where(CalendarFeed.member_id == member.id))


def address(feed: CalendarFeed) -> str:
    """Return where the feed is read."""
    return web.link("events.feed", token=tokens.seal(PURPOSE, feed.id))


def owner(token: str) -> Member | None:
    """Return whose feed has that address; None when it never was one, was changed, or its owner may not come in."""
    number = tokens.unseal(PURPOSE, token)
    feed = session().get(CalendarFeed, number) if number is not None and number < 2**31 else None
    member = session().get(Member, feed.member_id) if feed is not None else None
    return member if member is not None and member.status in {Status.active, Status.left} else None


def renew(member: Member) -> CalendarFeed:
    """Give the member a new address; the one before stops at once."""
    lock(f"calendar-feed:{member.id}")
    close(member)
    feed = CalendarFeed(member_id=member.id, made_at=clock.now())
    session().add(feed)
    session().flush()
    return feed


def close(member: Member) -> int:
    """Stop the member's feed; returns how many there were."""
    done = session().execute(delete(CalendarFeed).where(CalendarFeed.member_id == member.id))
    return int(done.rowcount)  # type: ignore[attr-defined]


def content(member: Member, name: str) -> Content:
    """Return the member's feed: seats, offers and places in a waitlist, and what was called off of those."""
    since = clock.now() - KEPT_FOR
    entries = [
        (planned, Links(web.link("events.show", slug=planned.event.slug), ways_in.address(planned.rsvp)))
        for planned in queries.answered(member, MOST)
        if planned.event.ends_at > since
        and planned.rsvp is not None
        and planned.rsvp.answer is not Answer.cancelled
    ]
    text = calendar.feed(name, entries)
    return Content(text, hashlib.sha256(text).hexdigest()[:32])
