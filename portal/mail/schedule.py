"""When a mailing leaves: the undo, a chosen moment, each person's own clock, and the hours in which people sleep."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, case, literal

from portal.core import clock, words
from portal.core.settings import Settings
from portal.mail.models import Message

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Plan:
    """When a mailing may leave. `wall` is what the clock on the wall shows, in `zone` or, when `is_local`, for each.

    Without `wall` it leaves as soon as `not_before` has come.
    """

    not_before: datetime
    zone: str
    wall: datetime | None = None
    is_local: bool = False
    sleeps: tuple[time, time] | None = None
    pilot: int = 0

    @property
    def at(self) -> datetime | None:
        """The chosen moment in `zone`; None for one that leaves at once."""
        return instant(self.wall, words.zone(self.zone)) if self.wall is not None else None

    def due(self, zone: str) -> datetime:
        """When the mail of somebody who lives in that zone ("" is unknown: `Plan.zone`) may leave."""
        if self.wall is None:
            return self.not_before
        there = words.zone(zone or self.zone, self.zone)
        moment = instant(self.wall, there if self.is_local else words.zone(self.zone))
        return awake(max(moment, self.not_before), there, self.sleeps)

    def by_moment(self, zones: Iterable[str]) -> Mapping[datetime, list[str]]:
        """The zones whose people get it at the same moment, the earliest moment first."""
        found: dict[datetime, list[str]] = {}
        for zone in zones:
            found.setdefault(self.due(zone), []).append(zone)
        return dict(sorted(found.items()))

    def due_sql(self, zone: ColumnElement[str], moments: Mapping[datetime, list[str]]) -> ColumnElement[Any]:
        """SQL for the moment at which a person with that zone may get it; `moments` as `by_moment` gave them."""
        kind = Message.due_at.type
        otherwise = literal(self.due(""), kind)
        cases = [(zone.in_(zones), literal(moment, kind)) for moment, zones in moments.items()]
        return case(*cases, else_=otherwise) if cases else otherwise


def at_once(settings: Settings, pilot: int = 0) -> Plan:
    """As soon as Send cannot be taken back any more."""
    return Plan(
        clock.now() + timedelta(seconds=settings.undo_seconds), zone=settings.company_zone, pilot=pilot
    )


def sleeping_hours(settings: Settings) -> tuple[time, time] | None:
    """The hours in which nothing that is scheduled leaves; None when the house has none."""
    hours = settings.quiet_from, settings.quiet_until
    return hours if hours[0] != hours[1] else None


def instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """The moment at which a clock on the wall shows that time.

    When clocks jump over it, the first moment after the jump; when they show it twice, the first of the two.
    """
    early, late = sorted(wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if early.astimezone(zone).replace(tzinfo=None) == wall:
        return early
    # In a gap: the jump lies between the two readings.
    before = early.astimezone(zone).utcoffset()
    while late - early > _SECOND:
        middle = early + (late - early) / 2
        if middle.astimezone(zone).utcoffset() == before:
            early = middle
        else:
            late = middle
    return late.replace(microsecond=0)


def is_shown(wall: datetime, zone: ZoneInfo) -> bool:
    """Whether a clock on the wall ever shows that time."""
    return instant(wall, zone).astimezone(zone).replace(tzinfo=None) == wall


def awake(moment: datetime, zone: ZoneInfo, sleeps: tuple[time, time] | None) -> datetime:
    """That moment, or the end of the night that it falls into where a person lives."""
    if sleeps is None:
        return moment
    begins, ends = sleeps
    local = moment.astimezone(zone)
    now = local.time()
    is_night = begins <= now < ends if begins < ends else now >= begins or now < ends
    if not is_night:
        return moment
    day = local.date() if now < ends else local.date() + timedelta(days=1)
    return max(moment, instant(datetime.combine(day, ends), zone))
