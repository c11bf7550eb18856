"""When a mailing leaves, where people live."""

# ruff: noqa: DTZ001 - what stands on a clock on the wall has no zone

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.mail.schedule import Plan, awake, instant, is_shown

ZONES = sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/"))
NIGHT = (time(21), time(8))
EARLY = datetime(2027, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "wall", "moment"),
    [
        # Clocks jump from 02:00 to 03:00: the first moment after the jump.
        ("Europe/Berlin", "2027-03-28T02:30", "2027-03-28T01:00"),
        ("Europe/Berlin", "2027-03-28T02:00", "2027-03-28T01:00"),
        ("Europe/Berlin", "2027-03-28T03:00", "2027-03-28T01:00"),
        # They show 02:30 twice: the first of the two.
        ("Europe/Berlin", "2027-10-31T02:30", "2027-10-31T00:30"),
        # Half an hour, twice and not at all.
        ("Australia/Lord_Howe", "2027-04-04T01:45", "2027-04-03T14:45"),
        ("Australia/Lord_Howe", "2027-10-03T02:15", "2027-10-02T15:30"),
        # A whole day that was not there.
        ("Pacific/Apia", "2011-12-30T12:00", "2011-12-30T10:00"),
        ("Asia/Kolkata", "2027-03-28T09:00", "2027-03-28T03:30"),
    ],
)
def test_a_time_on_the_wall_is_one_moment(zone: str, wall: str, moment: str) -> None:
    found = instant(datetime.fromisoformat(wall), ZoneInfo(zone))
    assert found == datetime.fromisoformat(moment).replace(tzinfo=UTC)


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1)).map(
        lambda one: one.replace(second=0, microsecond=0)
    ),
    st.sampled_from(ZONES),
)
def test_every_time_that_is_shown_is_met_and_no_other(wall: datetime, zone: str) -> None:
    there = ZoneInfo(zone)
    found = instant(wall, there)
    shown = found.astimezone(there).replace(tzinfo=None)
    if is_shown(wall, there):
        assert shown == wall
        assert (found - timedelta(hours=1)).astimezone(there).replace(tzinfo=None) != wall
    else:
        assert shown > wall
        assert (found - timedelta(seconds=1)).astimezone(there).replace(tzinfo=None) < wall


@given(st.datetimes(timezones=st.just(UTC), min_value=datetime(2020, 1, 1), max_value=datetime(2035, 1, 1)),
       st.sampled_from(ZONES), st.times(), st.times())  # fmt: skip
def test_nobody_is_woken_and_nobody_waits_for_more_than_a_night(
    moment: datetime, zone: str, begins: time, ends: time
) -> None:
    there = ZoneInfo(zone)
    if begins == ends:
        return
    found = awake(moment, there, (begins, ends))
    assert moment <= found <= moment + timedelta(hours=26)
    local = found.astimezone(there).time()
    is_night = begins <= local < ends if begins < ends else local >= begins or local < ends
    # Where clocks jump back over the end of the night, the hour before it comes twice.
    offsets = {(found + timedelta(hours=step)).astimezone(there).utcoffset() for step in (-3, 0, 3)}
    assert not is_night or len(offsets) > 1


def test_one_hour_for_everybody_on_their_own_clock() -> None:
    plan = Plan(EARLY, "Europe/Lisbon", datetime(2027, 6, 1, 9), is_local=True, sleeps=NIGHT)
    assert plan.due("Asia/Tokyo") == datetime(2027, 6, 1, 0, tzinfo=UTC)
    assert plan.due("America/New_York") == datetime(2027, 6, 1, 13, tzinfo=UTC)
    assert plan.due("") == plan.due("Europe/Lisbon") == datetime(2027, 6, 1, 8, tzinfo=UTC)
    assert plan.due("Not/AZone") == plan.due("")


def test_one_moment_for_everybody_lets_those_sleep_for_whom_it_is_night() -> None:
    plan = Plan(EARLY, "Europe/Lisbon", datetime(2027, 6, 1, 9), sleeps=NIGHT)
    assert plan.due("Europe/Lisbon") == datetime(2027, 6, 1, 8, tzinfo=UTC)
    assert plan.due("America/New_York") == datetime(2027, 6, 1, 12, tzinfo=UTC)
    assert plan.due("Asia/Kolkata") == datetime(2027, 6, 1, 8, tzinfo=UTC)
    moments = plan.by_moment(["Europe/Lisbon", "Asia/Kolkata", "America/New_York"])
    assert list(moments.values()) == [["Europe/Lisbon", "Asia/Kolkata"], ["America/New_York"]]
    assert list(moments) == sorted(moments)


def test_where_the_hour_has_passed_it_comes_at_once_unless_it_is_night() -> None:
    now = datetime(2027, 6, 1, 7, tzinfo=UTC)
    plan = Plan(now, "Europe/Lisbon", datetime(2027, 6, 1, 9), is_local=True, sleeps=NIGHT)
    assert plan.due("Asia/Tokyo") == now
    assert plan.due("Pacific/Auckland") == now
    assert plan.due("Pacific/Kiritimati") == datetime(2027, 6, 1, 18, tzinfo=UTC)


def test_without_a_moment_it_leaves_when_it_cannot_be_taken_back() -> None:
    assert Plan(EARLY, "UTC", sleeps=NIGHT).due("Asia/Tokyo") == EARLY
