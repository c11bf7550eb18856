"""An honest chance for those who wait: how many gave their seat back before past events, and what that means here."""

from dataclasses import dataclass

from sqlalchemy import case, func, select

from portal.core import clock, words
from portal.core.db import session
from portal.events.models import Event, EventState
from portal.events.queries import Planned

LOOKED_AT = 20
"""The newest past events that count."""
FEWEST_EVENTS, FEWEST_SEATS = 3, 30
"""With less than that behind us we name no chance: it would be a guess."""
GOOD, FAIR = 0.75, 1.5
"""A place in the line within so much of the seats that usually come free."""


@dataclass(frozen=True, slots=True)
class DropOut:
    """How many seats were taken at past events, and how many of them were given back in time."""

    events: int
    seats: int
    given_back: int

    @property
    def is_known(self) -> bool:
        """Whether that is enough to speak of."""
        return self.events >= FEWEST_EVENTS and self.seats >= FEWEST_SEATS

    @property
    def of_twenty(self) -> int:
        """How many of 20 give their seat back."""
        return round(20 * self.given_back / self.seats) if self.seats else 0


def drop_out() -> DropOut:
    """Return what past events say, in one statement."""
    is_full = Event.taken >= Event.capacity
    past = (
        select(
            Event.given_back,
            case((is_full, Event.taken), else_=Event.taken + Event.given_back).label("seats"),
        )
        .where(
            Event.state == EventState.published, Event.ends_at <= clock.now(), Event.given_back.is_not(None)
        )
        .order_by(Event.starts_at.desc(), Event.id.desc())
        .limit(LOOKED_AT)
        .subquery()
    )
    row = (
        session()
        .execute(select(func.count(), func.sum(past.c.seats), func.sum(past.c.given_back)).select_from(past))
        .one()
    )
    return DropOut(row[0], int(row[1] or 0), int(row[2] or 0))


def in_words(planned: Planned) -> str:
    """Say what chance somebody has who waits; "" for everybody else, or when too little is known."""
    return (
        said(drop_out(), planned.position, planned.event.taken_of(planned.way)) if planned.is_waiting else ""
    )


def said(past: DropOut, position: int, seats: int) -> str:
    """Say the chance of somebody at that place in the line of an event with so many seats."""
    if not past.is_known:
        return ""
    expected = past.given_back / past.seats * seats
    opening = (
        f"Before our past events about {past.of_twenty} of 20 gave their seat back"
        if past.of_twenty
        else "Before our past events hardly anybody gave a seat back"
    )
    if position <= expected * GOOD:
        chance = "your chance is good"
    elif position <= expected * FAIR:
        chance = "your chance is about even"
    else:
        chance = "your chance is small"
    of = words.plural(seats, "seat", "seats")
    return f"{opening}. Here that would be about {round(expected)} of {of}, and you are number {position}: {chance}."
