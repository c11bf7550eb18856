"""How long an offered seat is held: never through the night of whoever it is offered to, in any zone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core import clock
from portal.events.windows import EVENING, LAST, MORNING, SPARE, STEPS, length, window

ZONES = """
    Europe/Lisbon Europe/London Europe/Berlin Europe/Helsinki Africa/Cairo Africa/Casablanca Asia/Beirut Asia/Kolkata
    Asia/Kathmandu Asia/Tokyo Australia/Lord_Howe Australia/Adelaide Pacific/Auckland Pacific/Chatham
    Pacific/Kiritimati Pacific/Pago_Pago America/St_Johns America/Santiago America/New_York America/Los_Angeles
    America/Sao_Paulo America/Havana
""".split()
FROM = datetime(2026, 1, 1, tzinfo=UTC)
EVERYWHERE = sorted(name for name in available_timezones() if "/" in name)


def is_by_day(found, zone):
    """Look at every tenth minute of it on the wall clock."""
    moment, here = found.begins, ZoneInfo(zone)
    while moment <= found.ends:
        local = moment.astimezone(here).time()
        if not MORNING <= local <= EVENING:
            return False
        moment += timedelta(minutes=10)
    return True


def changes_of_the_clock(zone, year=2027):
    """The moments of a year at which clocks in that zone jump."""
    here, moment = ZoneInfo(zone), datetime(year, 1, 1, tzinfo=UTC)
    while moment.year == year:
        after = moment + timedelta(hours=1)
        if moment.astimezone(here).utcoffset() != after.astimezone(here).utcoffset():
            yield after
        moment = after


@pytest.mark.parametrize("zone", ZONES)
def test_never_through_the_night_around_every_change_of_the_clock(zone):
    jumps = [*changes_of_the_clock(zone), datetime(2027, 6, 21, tzinfo=UTC)]
    for jump in jumps:
        for hours in range(-48, 48):
            moment = jump + timedelta(hours=hours, minutes=17)
            for ahead in (timedelta(days=9), timedelta(days=2), timedelta(hours=20), timedelta(hours=5)):
                found = window(moment, moment + ahead, zone)
                if found is not None:
                    assert is_by_day(found, zone)


@settings(max_examples=600, deadline=None)
@given(
    zone=st.sampled_from(EVERYWHERE),
    moment=st.integers(0, 60 * 24 * 365 * 4).map(lambda minutes: FROM + timedelta(minutes=minutes)),
    minutes=st.integers(0, 60 * 24 * 12),
)
def test_a_window_is_by_day_long_enough_and_over_in_time(zone, moment, minutes):
    starts_at = moment + timedelta(minutes=minutes)
    found = window(moment, starts_at, zone)
    if found is None:
        # Not even the shortest stretch of daytime would have fitted, or only where the night begins.
        tomorrow = clock.in_zone(
            datetime.combine(moment.astimezone(ZoneInfo(zone)).date() + timedelta(days=1), MORNING),
            ZoneInfo(zone),
        )
        assert starts_at - SPARE < tomorrow + STEPS[0][1]
        return
    assert moment <= found.begins < found.ends <= starts_at - SPARE
    assert is_by_day(found, zone)
    assert found.ends - found.begins in {length(starts_at - moment), length(starts_at - found.begins)}
    assert found.begins - moment <= timedelta(hours=24)


def test_the_published_lengths():
    starts_at = datetime(2027, 3, 20, 18, tzinfo=UTC)
    at = lambda day, hour: datetime(2027, 3, day, hour, tzinfo=UTC)  # noqa: E731
    held = lambda moment: window(moment, starts_at, "Europe/London")  # noqa: E731
    assert held(at(10, 9)).ends == at(10, 21)
    assert held(at(10, 11)).ends == at(11, 20), (
        "twelve hours would reach into the night, so they begin at eight"
    )
    assert held(at(11, 3)).begins == at(11, 8)
    assert held(at(18, 9)).ends == at(18, 15)
    assert held(at(20, 9)).ends == at(20, 11)
    assert held(at(20, 13)).ends == at(20, 15)
    assert held(at(20, 15)) is None, "a seat that comes free so late is given, not offered"


def test_windows_only_ever_shorten_towards_the_start():
    lengths = [length(timedelta(hours=hours)) for hours in range(24 * 10)]
    assert lengths == sorted(lengths)
    assert lengths[0] == LAST
