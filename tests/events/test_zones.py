"""Twenty zones, both days of the year on which their clocks change, and whoever looks from elsewhere."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.core import clock, words
from portal.core.db import session
from portal.events import calendar, seats, windows
from portal.events.calendar import Links, Method, Person
from portal.events.models import Event, EventState, Format
from portal.events.queries import Planned
from portal.members.models import Member
from portal.staff.models import Staff
from tests.events import readers

ZONES = (
    "Europe/Berlin Europe/London Europe/Dublin Europe/Lisbon Atlantic/Azores Africa/Casablanca Africa/Cairo "
    "Asia/Jerusalem Asia/Kolkata Asia/Kathmandu Asia/Tokyo Australia/Lord_Howe Australia/Sydney Pacific/Auckland "
    "Pacific/Chatham Pacific/Kiritimati America/New_York America/Los_Angeles America/St_Johns America/Santiago "
    "America/Sao_Paulo Antarctica/Troll"
).split()
QUARTER = timedelta(minutes=15)


def changes(name):
    """When the clocks there change in 2027; for a zone without changes, the days on which Berlin's do."""
    zone, moment = ZoneInfo(name), datetime(2027, 1, 1, tzinfo=UTC)
    found = []
    while moment.year == 2027:
        later = moment + QUARTER
        if moment.astimezone(zone).utcoffset() != later.astimezone(zone).utcoffset():
            found.append(later)
        moment = later
    return found or [datetime(2027, 3, 28, 1, tzinfo=UTC), datetime(2027, 10, 31, 1, tzinfo=UTC)]


def walls(zone, change):
    """What clocks on the wall show around a change: the hour itself, before, after, midnight and the evening."""
    around = change.astimezone(zone).replace(tzinfo=None)
    midnight = around.replace(hour=0, minute=0)
    return [
        *(around + timedelta(minutes=minutes) for minutes in (-90, -60, -30, -15, 0, 15, 30, 60, 90)),
        midnight,
        midnight + timedelta(days=1),
        midnight - timedelta(hours=6),
        midnight + timedelta(hours=18),
    ]


def written(zone, starts, ends):
    event = Event(
        uid="u@perennial",
        slug="tea",
        title="Tea",
        summary="",
        format=Format.in_person,
        venue="",
        zone=zone,
        starts_at=starts,
        ends_at=ends,
        sequence=0,
        state=EventState.published,
        created_at=starts,
        changed_at=starts,
    )
    content = calendar.write(
        Planned(event, Staff(name="Ines")),
        Method.publish,
        Links("https://portal.test/e"),
        Person("Ines", "e@example.org"),
    )
    return readers.read(content)["entries"][0]


def test_there_are_twenty():
    assert len(set(ZONES)) >= 20
    assert all(changes(name) for name in ZONES)


@pytest.mark.parametrize("name", ZONES)
def test_a_wall_clock_means_one_moment_and_the_calendar_says_that_one(name):
    zone = ZoneInfo(name)
    for change in changes(name):
        for wall in walls(zone, change):
            starts = clock.in_zone(wall, zone)
            back = starts.astimezone(zone).replace(tzinfo=None)
            if back != wall:
                # The clocks skipped it: it is moved on by what they skipped, and no more.
                skipped = back - wall
                assert timedelta(0) < skipped <= timedelta(hours=2)
                assert (
                    wall.replace(tzinfo=zone, fold=0).utcoffset()
                    != wall.replace(tzinfo=zone, fold=1).utcoffset()
                )
            else:
                second = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
                assert starts <= second
            entry = written(name, starts, starts + timedelta(hours=2))
            assert entry["starts"] == int(starts.timestamp())
            assert entry["ends"] - entry["starts"] == 7200


@pytest.mark.parametrize("name", ZONES)
def test_from_midnight_to_midnight_is_as_long_as_that_day(name):
    zone = ZoneInfo(name)
    for change in changes(name):
        midnight = change.astimezone(zone).replace(hour=0, minute=0, tzinfo=None)
        starts, ends = (clock.in_zone(day, zone) for day in (midnight, midnight + timedelta(days=1)))
        hours = (ends - starts).total_seconds() / 3600
        assert hours in {22, 23, 23.5, 24, 24.5, 25, 26}
        entry = written(name, starts, ends)
        assert (entry["ends"] - entry["starts"]) / 3600 == hours


@pytest.mark.parametrize("name", ZONES)
def test_both_clocks_are_named_and_right(name):
    zone = ZoneInfo(name)
    for change in changes(name):
        for wall in walls(zone, change):
            moment = clock.in_zone(wall, zone)
            for reader in ("Europe/Berlin", "America/Los_Angeles", "Asia/Kolkata", name):
                local = moment.astimezone(ZoneInfo(reader))
                said = words.moment(moment, reader)
                assert f"{local.day} {local:%B %Y}, {local:%H:%M} " in said
                assert f"({reader.rsplit('/', 1)[-1].replace('_', ' ')})" in said


@pytest.mark.parametrize("name", ZONES)
def test_an_offer_never_runs_through_the_night(name):
    zone = ZoneInfo(name)
    for change in changes(name):
        for hours in range(-40, 41):
            made = change + timedelta(hours=hours, minutes=20)
            for left in (timedelta(days=10), timedelta(days=2), timedelta(hours=20)):
                window = windows.window(made, made + left, name)
                if window is None:
                    continue
                assert made <= window.begins < window.ends <= made + left - windows.SPARE
                first, last = window.begins.astimezone(zone), window.ends.astimezone(zone)
                assert first.date() == last.date()
                assert first.time() >= windows.MORNING
                assert last.time() <= windows.EVENING


@pytest.mark.parametrize(
    ("there", "here", "wall"),
    [
        ("Europe/Berlin", "America/New_York", "2027-10-31T02:30"),
        ("Australia/Lord_Howe", "Europe/Lisbon", "2027-10-03T02:30"),
        ("America/St_Johns", "Asia/Kathmandu", "2027-03-14T23:45"),
    ],
)
def test_page_and_mail_name_the_zone_of_the_event_and_of_the_reader(world, make, there, here, wall):
    starts = clock.in_zone(datetime.fromisoformat(wall), ZoneInfo(there))
    event = make.event(zone=there, starts_at=starts, ends_at=starts + timedelta(hours=1))
    reader = world.browser(make.member(zone=here))
    both = (words.moment(starts, there), words.moment(starts, here))
    with world.inside():
        seats.take_seat(session().get_one(Member, reader.person.id), event.id)
    [letter] = world.letters(reader.person.address)
    for text in (reader.get(f"/events/{event.slug}").text, letter.text, letter.html):
        for said in both:
            assert said in text.replace("\n", " ")
    assert readers.read(letter.attachments[0].content)["entries"][0]["starts"] == int(starts.timestamp())
