"""The list of events and the page of one."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest

from portal.core import clock
from portal.core.db import session
from portal.events import queries, seats
from portal.events.models import EventInterest, EventState, Format
from portal.members.models import Member


def tag(make, event, *interests):
    make.stored(*(EventInterest(event_id=event.id, interest_id=one.id) for one in interests))


def test_coming_events_stand_by_date_and_past_ones_below(make, stranger):
    make.event(title="Later one", in_days=20)
    make.event(title="Sooner one", in_days=2)
    make.event(title="Long over", in_days=-20, outcome="Forty people, one **heron**.")
    make.event(title="Hidden", state=EventState.draft)
    make.event(title="Will not be", state=EventState.cancelled)
    page = stranger.get("/events")
    text = page.text
    assert text.index("Sooner one") < text.index("Later one") < text.index("Long over")
    assert "Forty people, one heron." in text
    assert "Hidden" not in text
    assert "Will not be" not in text
    assert page.headers["Cache-Control"] == "public, max-age=60"
    assert "Set-Cookie" not in page.headers
    past = stranger.get("/events?when=past").text
    assert "Long over" in past
    assert "Sooner one" not in past


def test_the_list_can_be_narrowed(make, stranger):
    rivers, lisbon, kyoto = (
        make.interest("Rivers"),
        make.place("Lisbon"),
        make.place("Kyoto", "JP", "Asia/Tokyo"),
    )
    one = make.event(title="River walk", place_id=lisbon.id, in_days=40)
    tag(make, one, rivers)
    make.event(title="Screen hour", format=Format.online, venue="", in_days=80)
    make.event(title="Both ways", format=Format.hybrid, place_id=kyoto.id, in_days=3)
    month = f"{one.starts_at:%Y-%m}"

    def shown(query):
        text = stranger.get(f"/events?{query}").text
        return [title for title in ("River walk", "Screen hour", "Both ways") if title in text]

    assert shown("about=rivers") == ["River walk"]
    assert shown("place=kyoto") == ["Both ways"]
    assert shown("format=online") == ["Screen hour", "Both ways"]
    assert shown("format=in_person") == ["River walk", "Both ways"]
    assert "River walk" in shown(f"month={month}")
    assert "Screen hour" not in shown(f"month={month}")
    assert shown("about=rivers&place=kyoto") == []
    assert len(shown("about=%25&place=%27&format=x&month=2026-99&page=zzz")) == 3
    assert shown("month=1999-01") == shown("")


def test_a_member_is_told_why_and_where_they_stand(world, make):
    rivers = make.interest("Rivers")
    event = make.event(capacity=0)
    tag(make, event, rivers)
    reader = world.browser(make.member(interests=(rivers,), zone="Asia/Kolkata"))
    reader.post(f"/events/{event.slug}/rsvp", answer="yes")
    for url in ("/events", f"/events/{event.slug}"):
        page = reader.get(url)
        assert "Fits your interests: Rivers" in page.text
        assert "You are number 1 in the waitlist" in page.text
        assert "(Lisbon)" in page.text
        assert "(Kolkata)" in page.text
        assert "no-store" in page.headers["Cache-Control"]


def test_a_page_takes_the_same_few_statements_however_much_there_is(world, make):
    rivers = make.interest("Rivers")
    reader = world.browser(make.member(interests=(rivers,)))
    counts = []
    for _round in range(2):
        for number in range(7):
            tag(make, make.event(in_days=3 + number, capacity=0), rivers)
            tag(make, make.event(in_days=-3 - number), rivers)
        event = make.event(capacity=0)
        with world.inside():
            for _ in range(3):
                seats.take_seat(session().get_one(Member, reader.person.id), event.id)
        make.story(session_author(world, event))
        for url in ("/events", "/events?when=past", f"/events/{event.slug}", "/me/events"):
            with world.statements() as seen:
                assert reader.get(url).status_code == 200
            counts.append(len(seen))
    assert counts[:4] == counts[4:]
    assert max(counts) <= 6


def session_author(world, event):
    with world.inside():
        planned = queries.whole(None, event_id=event.id)
        session().expunge(planned.host)
        return planned.host


def test_pages_go_on_by_date(make, stranger):
    for number in range(30):
        make.event(title=f"Number {number:02d}x", in_days=number + 1)
    seen, url = [], "/events"
    while url:
        text = stranger.get(url).text
        seen += [number for number in range(30) if f"Number {number:02d}x" in text]
        later = [part for part in text.split("<a ") if 'rel="prev"' in part.split(">")[0]]
        url = later[0].split('href="')[1].split('"')[0].replace("&amp;", "&") if later else ""
    assert seen == list(range(30))


def test_the_calendar_file_has_the_right_instant_and_no_secret(make, stranger, member):
    event = make.event(
        join_url="https://meet.example.org/secret", title="Tea; talk, and\\more", format=Format.online
    )
    answer = stranger.get(f"/events/{event.slug}.ics")
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/calendar")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert b"secret" not in answer.data
    entry = icalendar.Calendar.from_ical(answer.data).walk("VEVENT")[0]
    assert entry.decoded("dtstart") == event.starts_at.replace(microsecond=0)
    assert entry.decoded("dtend") == event.ends_at.replace(microsecond=0)
    assert str(entry["summary"]) == event.title
    assert all(len(line) <= 75 for line in answer.data.split(b"\r\n"))
    member.post(f"/events/{event.slug}/rsvp", answer="yes")
    mine = member.get(f"/events/{event.slug}.ics")
    assert b"secret" not in mine.data.replace(b"\r\n ", b"")
    assert b"/way-in/" in mine.data.replace(b"\r\n ", b"")
    assert "no-store" in mine.headers["Cache-Control"]


ZONES = (
    "Europe/Lisbon", "Europe/Berlin", "Europe/London", "America/New_York", "America/Sao_Paulo", "America/St_Johns",
    "Asia/Kolkata", "Asia/Kathmandu", "Asia/Tokyo", "Australia/Lord_Howe", "Australia/Adelaide", "Pacific/Auckland",
    "Pacific/Chatham", "Pacific/Apia", "Africa/Casablanca", "Africa/Dakar", "Asia/Tehran", "America/Havana",
    "Africa/Cairo", "UTC",
)  # fmt: skip


@pytest.mark.parametrize("zone", ZONES)
def test_the_same_instant_stands_on_the_page_and_in_the_calendar_in_every_zone(make, stranger, zone):
    for month, day, hour in ((3, 28, 1), (3, 14, 7), (10, 31, 1), (11, 7, 6), (4, 4, 15), (9, 26, 14)):
        starts = datetime(2027, month, day, hour, 30, tzinfo=UTC)
        event = make.event(zone=zone, starts_at=starts, ends_at=starts + timedelta(hours=2))
        text = stranger.get(f"/events/{event.slug}").text
        assert f'datetime="{starts.isoformat()}"' in text
        entry = icalendar.Calendar.from_ical(stranger.get(f"/events/{event.slug}.ics").data).walk("VEVENT")[0]
        assert entry.decoded("dtstart") == starts
        local = starts.astimezone(ZoneInfo(zone))
        assert f"{local:%H:%M}" in text


def test_a_past_event_says_how_it_was_and_asks_nothing(make, member):
    event = make.event(in_days=-3, outcome="We saw a **heron**.")
    text = member.get(f"/events/{event.slug}").text
    assert "<strong>heron</strong>" in text
    assert "Take a seat" not in text
    assert "Add to my calendar" not in text


def test_a_called_off_event_says_why(make, stranger):
    event = make.event(state=EventState.cancelled, called_off_why="The river is too high.")
    page = stranger.get(f"/events/{event.slug}")
    assert page.status_code == 200
    assert "The river is too high." in page.text
    assert b"STATUS:CANCELLED" in stranger.get(f"/events/{event.slug}.ics").data


def test_hostile_words_stay_words(world, make, member):
    hostile = "<script>alert(1)</script>\"'{{7*7}}\r\nATTACH:x"
    host = make.staff("teammate", name="<b>Eve</b>", title=hostile)
    event = make.event(
        host, title=hostile, summary=hostile, description=hostile, venue=hostile, outcome=hostile, in_days=4
    )
    member.post(f"/events/{event.slug}/rsvp", answer="yes")
    for url in ("/events", f"/events/{event.slug}", "/me/events"):
        text = member.get(url).text
        assert "<script>alert" not in text
        assert "<b>Eve" not in text
        assert ">49<" not in text
    [letter] = world.letters(member.person.address)
    assert "<script>alert" not in letter.html
    assert "\n" not in str(letter.subject)
    entry = icalendar.Calendar.from_ical(member.get(f"/events/{event.slug}.ics").data).walk("VEVENT")[0]
    assert "attach" not in entry


def test_what_other_rooms_ask(world, make):
    person = make.member()
    sooner, later = make.event(in_days=2), make.event(in_days=9)
    with world.inside():
        stored = session().get_one(Member, person.id)
        assert [one.event.id for one in queries.upcoming(5)] == [sooner.id, later.id]
        assert queries.next_of(stored) is None
        seats.take_seat(stored, later.id)
        assert queries.next_of(stored).event.id == later.id
        assert queries.answer_of(stored, sooner.id) is None
        assert queries.answer_of(stored, later.id).member_id == person.id
        assert clock.now() < queries.next_of(stored).event.starts_at


def test_a_page_of_events_costs_at_most_six_statements(world, make):
    host = make.staff("teammate")
    make.story(host)
    interest = make.interest("Design")
    person = make.member(interests=(interest,))
    event = make.event(host, capacity=2)
    tag(make, event, interest)
    full = make.event(host, capacity=0)
    for number in range(12):
        make.event(host, in_days=20 + number)
        make.event(host, in_days=-20 - number, capacity=20, taken_in_person=20)
    for browser in (world.browser(), world.browser(person)):
        if browser.person is not None:
            browser.post(f"/events/{event.slug}/rsvp", answer="told", is_shown="y")
            browser.post(f"/events/{full.slug}/rsvp", answer="yes")
        for url in ("/events", "/events?when=past", f"/events/{event.slug}", f"/events/{full.slug}"):
            with world.statements() as seen:
                assert browser.get(url).status_code == 200
            assert len(seen) <= 6, "\n".join([url, *(one[:90] for one in seen)])
    with world.statements() as seen:
        browser.get("/me/events")
    assert len(seen) <= 6, seen
