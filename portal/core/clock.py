"""The one clock. Moments are UTC with their zone; nothing else in the house asks the time."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)


def today(zone: ZoneInfo) -> date:
    """The date it is in `zone`."""
    return now().astimezone(zone).date()


def in_zone(local: datetime, zone: ZoneInfo) -> datetime:
    """The moment that a wall clock in `zone` means by `local`, in UTC.

    In an overlap the first of the two is meant; in a gap the clock is moved on by the gap's length
    (PEP 495, fold=0), so the result always exists.
    """
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC)
