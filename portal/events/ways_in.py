"""The way into a room online: an address of one's own, which asks for a seat whenever it is used.

The address of the room itself stands in no letter and in no calendar: it is shown from a quarter of an hour before the
event begins, to those who have a seat online at that moment.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from portal.core import clock, tokens, web
from portal.core.db import session
from portal.events.models import Answer, Event, Rsvp, Way

PURPOSE = "way-in"
OPENS_BEFORE = timedelta(minutes=15)


class Door(StrEnum):
    """How somebody finds the door of the room."""

    open = "open"
    early = "early"
    over = "over"
    called_off = "called_off"
    not_theirs = "not_theirs"


def address(rsvp: Rsvp | None) -> str:
    """Return the guest's own way in; "" for whoever has no seat online."""
    if rsvp is None or rsvp.answer is not Answer.seat or rsvp.way is not Way.online:
        return ""
    return web.link("events.way_in", token=tokens.seal(PURPOSE, rsvp.id))


def rsvp_of(token: str) -> Rsvp | None:
    """Return whose way in that is; None when it is nobody's."""
    number = tokens.unseal(PURPOSE, token)
    return session().get(Rsvp, number) if number is not None and number < 2**31 else None


def opens_at(event: Event) -> datetime:
    """Return from when on the room is shown."""
    return event.starts_at - OPENS_BEFORE


def door(event: Event, rsvp: Rsvp) -> Door:
    """Return how this guest finds the door now."""
    moment = clock.now()
    if event.is_called_off:
        return Door.called_off
    if not event.is_published or rsvp.answer is not Answer.seat or rsvp.way is not Way.online:
        return Door.not_theirs
    if event.ends_at <= moment:
        return Door.over
    return Door.open if opens_at(event) <= moment else Door.early
