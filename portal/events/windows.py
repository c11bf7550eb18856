"""How long an offered seat is held: the published rule, in hours and in words.

The time never runs through the person's night. It is a stretch of daytime where they are: if it would reach into the
night, it begins at eight the next morning instead; the seat is held until then all the same.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from portal.core import clock, words

MORNING, EVENING = time(8), time(22)
STEPS = ((timedelta(days=3), timedelta(hours=12)), (timedelta(days=1), timedelta(hours=6)))
"""More than so long before the event: so long to answer. Nearer than that: `LAST`."""
LAST = timedelta(hours=2)
SPARE = timedelta(hours=2)
"""So long before the event an offer must be over, so that somebody else can still use the seat."""
RULE = (
    "A free seat is offered to whoever has waited longest. They have 12 hours to take it; in the last three days "
    "before the event 6 hours, on the last day 2. Only daytime counts, from 8 in the morning to 10 in the evening "
    "where they are: time that would reach into the night begins the next morning instead. If nobody takes the seat "
    "in time, it goes to the next. When there is no daytime left before the event, the seat is simply theirs, and "
    "they can give it back with one tap."
)


@dataclass(frozen=True, slots=True)
class Window:
    """The stretch in which somebody can take an offered seat; they may do so before it begins, too."""

    begins: datetime
    ends: datetime


def length(left: timedelta) -> timedelta:
    """Return how long an offer lasts that is made so long before the event."""
    return next((hours for more_than, hours in STEPS if left > more_than), LAST)


def window(moment: datetime, starts_at: datetime, zone: str) -> Window | None:
    """Return the stretch for an offer made at that moment to somebody in that zone; None when none fits any more."""
    here = words.zone(zone)
    lasts = length(starts_at - moment)
    begins = moment
    if not _is_by_day(begins, begins + lasts, here):
        begins = _next_morning(moment, here)
        lasts = min(lasts, length(starts_at - begins)) if begins < starts_at else lasts
    ends = begins + lasts
    return Window(begins, ends) if ends <= starts_at - SPARE else None


def _is_by_day(begins: datetime, ends: datetime, zone: ZoneInfo) -> bool:
    first, last = begins.astimezone(zone), ends.astimezone(zone)
    return first.date() == last.date() and first.time() >= MORNING and last.time() <= EVENING


def _next_morning(moment: datetime, zone: ZoneInfo) -> datetime:
    here = moment.astimezone(zone)
    day = here.date() if here.time() < MORNING else here.date() + timedelta(days=1)
    return clock.in_zone(datetime.combine(day, MORNING), zone)
