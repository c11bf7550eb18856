"""Calendar files, read by two readers that know nothing of us: they must understand the same, and what we meant."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from portal.core import clock, words
from portal.events import calendar
from portal.events.calendar import Links, Method, Person
from portal.events.forms import ZONES
from portal.events.models import Answer, Event, EventState, Format, Rsvp, Way
from portal.events.queries import Planned
from portal.staff.models import Staff
from tests.events import readers

HOSTILE = [
    "a\rb",
    "a\r\nBEGIN:VEVENT\r\nEND:VEVENT",
    "back\\nslash; semi, comma \"quote\" 'single'",
    "^n ^' ^^ ^",
    "%0A%0D=0A",
    "\u2028\u2029\u0085\x0b\x0c\x1c",
    "\u202egnp.exe",
    "ü" * 80,
    "👩‍👩‍👧‍👦" * 40,
    "日本語のとても長い題名" * 9,
    "שלום עולם",
    "=?utf-8?q?x?=",
    ":;,=",
    "'" * 75,
    " \t lead and trail \t ",
    "\\N\\;\\,",
]
texts = st.one_of(
    st.sampled_from(HOSTILE), st.text(max_size=200), st.text('\\;,:"^\n\r n', max_size=80)
).filter(lambda text: words.clean(text))
FIRST, LAST = datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2037-12-31")
walls = st.datetimes(FIRST, LAST).map(lambda one: one.replace(microsecond=0))
lengths = st.integers(1, 14 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))
MOMENT = datetime(2027, 1, 2, 3, 4, 5, 678, UTC)


@pytest.fixture(scope="module")
def javascript():
    found = readers.Javascript()
    yield found
    found.close()


def planned(title="Tea", summary="", venue="", starts=MOMENT, lasts=timedelta(hours=1), **more):
    event = Event(
        uid="0b3c@perennial",
        slug="tea",
        title=title,
        summary=summary,
        format=more.get("format", Format.in_person),
        venue=venue,
        zone=more.get("zone", "Europe/Berlin"),
        starts_at=starts,
        ends_at=starts + lasts,
        sequence=more.get("sequence", 0),
        state=more.get("state", EventState.published),
        join_url="https://meet.example.org/secret",
        created_at=MOMENT,
        changed_at=MOMENT,
    )
    rsvp = None
    if "answer" in more:
        way = more.get("way", Way.in_person)
        rsvp = Rsvp(answer=more["answer"], way=way, turn=more.get("turn", 1), changed_at=MOMENT)
    return Planned(event, Staff(name="Ines"), rsvp=rsvp)


def lines(content):
    assert content.endswith(b"\r\n")
    found = content.removesuffix(b"\r\n").split(b"\r\n")
    assert not any(b"\r" in line or b"\n" in line for line in found)
    assert max(map(len, found)) <= 75
    return found


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts, texts, texts, texts, walls, st.sampled_from(ZONES), lengths, st.sampled_from(Method))
@example(
    "a;b,c\\d\ne",
    "^n\"'",
    "x" * 300,
    'O\'Neil; "Bo", Jr',
    datetime.fromisoformat("2027-03-28T02:30"),
    "Europe/Berlin",
    timedelta(hours=1),
    Method.request,
)
def test_both_readers_understand_what_we_meant(
    javascript, title, summary, venue, name, wall, zone, lasts, method
):
    starts = clock.in_zone(wall, words.zone(zone))
    one = planned(title, summary, venue, starts, lasts, zone=zone, answer=Answer.seat)
    content = calendar.write(
        one,
        method,
        Links("https://portal.test/events/tea"),
        Person(name, "events@example.org"),
        Person(name, "ada@example.org"),
    )
    lines(content)
    theirs, ours = javascript.read(content), readers.read(content)
    assert theirs == ours
    [entry] = ours["entries"]
    assert ours["method"] == method.value
    assert entry["starts"] == int(starts.timestamp())
    assert entry["ends"] - entry["starts"] == lasts.total_seconds()
    assert entry["summary"] == words.clean(title)
    assert entry["location"] == words.clean(venue)
    assert entry["description"].startswith(words.clean(summary))
    if method is not Method.publish:
        assert entry["attendee"]["name"] == words.clean(name).replace('"', "'").replace("\\", "/")
        assert entry["attendee"]["address"] == "mailto:ada@example.org"


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(texts, walls, st.sampled_from(Answer)), max_size=6), texts)
def test_both_readers_understand_a_feed(javascript, rows, name):
    entries = [
        (planned(title, starts=wall.replace(tzinfo=UTC), answer=answer), Links("https://portal.test/e"))
        for title, wall, answer in rows
    ]
    content = calendar.feed(name, entries)
    lines(content)
    assert calendar.feed(name, entries) == content
    ours = readers.read(content)
    assert javascript.read(content) == ours
    assert len(ours["entries"]) == len(rows)
    assert ours["method"] == "PUBLISH"


def test_times_are_in_utc_and_name_no_zone():
    content = calendar.write(
        planned(starts=datetime(2027, 7, 1, 16, 0, tzinfo=UTC)),
        Method.publish,
        Links("https://portal.test/events/tea"),
        Person("Ines", "events@example.org"),
    )
    assert b"DTSTART:20270701T160000Z" in lines(content)
    assert b"TZID" not in content
    assert b"VTIMEZONE" not in content


def test_the_room_itself_never_stands_in_a_file():
    for method in Method:
        for way in Way:
            one = planned(format=Format.hybrid, answer=Answer.seat, way=way)
            links = Links("https://portal.test/e", "https://portal.test/in/abc")
            content = calendar.write(one, method, links, Person("I", "i@example.org"))
            assert b"meet.example.org" not in re.sub(rb"\r\n ", b"", content)


def test_the_way_in_stands_where_it_can_be_tapped():
    links = Links("https://portal.test/e", "https://portal.test/in/abc")
    for form, way, where in (
        (Format.online, Way.online, links.way_in),
        (Format.hybrid, Way.online, links.way_in),
        (Format.hybrid, Way.in_person, "The boathouse"),
    ):
        one = planned(venue="The boathouse", format=form, answer=Answer.seat, way=way)
        given = Links(links.page, links.way_in if way is Way.online else "")
        entry = readers.read(calendar.write(one, Method.request, given, Person("I", "i@example.org")))
        assert entry["entries"][0]["location"] == where


@pytest.mark.parametrize(
    ("method", "state", "status", "answer"),
    [
        (Method.request, EventState.published, "CONFIRMED", "ACCEPTED"),
        (Method.cancel, EventState.published, "CANCELLED", "DECLINED"),
        (Method.cancel, EventState.cancelled, "CANCELLED", "DECLINED"),
    ],
)
def test_a_cancellation_says_so_inside_and_outside(method, state, status, answer):
    content = calendar.write(
        planned(answer=Answer.seat, state=state),
        method,
        Links("https://portal.test/e"),
        Person("Ines", "events@example.org"),
        Person("Ada", "ada@example.org"),
    )
    found = readers.read(content)
    assert found["method"] == method.value
    assert f"method={found['method']}" in method.content_type
    assert found["entries"][0]["status"] == status
    assert found["entries"][0]["attendee"]["answer"] == answer


def test_the_sequence_grows_with_the_event_and_with_the_answer():
    def sequence(**more):
        content = calendar.write(
            planned(**more), Method.publish, Links("https://portal.test/e"), Person("I", "i@example.org")
        )
        return readers.read(content)["entries"][0]["sequence"]

    assert sequence() == 0
    assert sequence(answer=Answer.seat, turn=1) == 1
    assert sequence(answer=Answer.seat, turn=1, sequence=1) == 2
    assert sequence(answer=Answer.cancelled, turn=2, sequence=1) == 3
