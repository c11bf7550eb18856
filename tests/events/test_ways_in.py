"""The way into a room online: for those with a seat online, from a quarter of an hour before, and never in a mail."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from portal.core.db import session
from portal.events import actions, reminders, seats, ways_in
from portal.events.models import Format, Rsvp, Way
from portal.events.reminders import Lead
from portal.members.models import Member

BEGINS = datetime(2027, 3, 10, 18, 0, tzinfo=UTC)
ROOM = "https://meet.example.org/secret"


@pytest.fixture
def at():
    with time_machine.travel(datetime(2027, 1, 1, 12, 0, tzinfo=UTC), tick=False) as traveller:
        yield traveller.move_to


@pytest.fixture
def online(make, at):
    return make.event(
        format=Format.hybrid,
        capacity_in_person=5,
        capacity_online=5,
        join_url=ROOM,
        starts_at=BEGINS,
        ends_at=BEGINS + timedelta(hours=2),
    )


def way_of(world, event, person, way=Way.online):
    with world.inside():
        rsvp = seats.take_seat(session().get_one(Member, person.id), event.id, way)
        return ways_in.address(rsvp).removeprefix("http://portal.test")


@pytest.mark.parametrize(
    ("minutes", "words", "is_shown"),
    [
        (-60 * 24 * 5, "The room opens soon", False),
        (-16, "The room opens soon", False),
        (-15, "The room is open", True),
        (0, "The room is open", True),
        (119, "The room is open", True),
        (120, "This event is over", False),
        (60 * 24 * 30, "This event is over", False),
    ],
)
def test_it_opens_a_quarter_of_an_hour_before_and_closes_at_the_end(
    world, make, stranger, online, at, minutes, words, is_shown
):
    person = make.member(zone="Asia/Kolkata")
    door = way_of(world, online, person)
    at(BEGINS + timedelta(minutes=minutes))
    with world.statements() as seen:
        page = stranger.get(door)
    assert all(statement.startswith("SELECT") for statement in seen)
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert f"<h1>{words}</h1>" in page.text
    assert (ROOM in page.text) is is_shown
    if words == "The room opens soon":
        assert "17:45 WET (Lisbon)" in page.text
        assert "23:15 IST (Kolkata)" in page.text or "23:15 GMT+5:30 (Kolkata)" in page.text


def test_it_follows_the_seat(world, make, stranger, online, at):
    person = make.member()
    door = way_of(world, online, person)
    at(BEGINS - timedelta(minutes=10))
    assert ROOM in stranger.get(door).text
    with world.inside():
        me = session().get_one(Member, person.id)
        seats.switch(me, online.id, Way.in_person)
    page = stranger.get(door).text
    assert ROOM not in page
    assert "This way in is closed" in page
    with world.inside():
        seats.switch(session().get_one(Member, person.id), online.id, Way.online)
        seats.give_up(session().get_one(Member, person.id), online.id)
    assert ROOM not in stranger.get(door).text


def test_who_comes_in_person_has_none(world, make, online):
    person = make.member()
    assert way_of(world, online, person, Way.in_person) == ""


def test_a_called_off_event_has_none(world, make, stranger, online, at):
    door = way_of(world, online, make.member())
    with world.inside():
        actions.call_off(online.id, "The river is high.")
    at(BEGINS)
    page = stranger.get(door).text
    assert ROOM not in page
    assert "This event was called off" in page
    assert "The river is high." in page


def test_a_host_who_gave_no_link_is_not_a_dead_end(world, make, stranger, at):
    event = make.event(format=Format.online, starts_at=BEGINS, ends_at=BEGINS + timedelta(hours=1))
    door = way_of(world, event, make.member())
    at(BEGINS)
    assert "has not told us where to go yet" in stranger.get(door).text


def test_a_forged_one_leads_nowhere(world, make, stranger, online, at):
    door = way_of(world, online, make.member())
    at(BEGINS)
    token = door.rpartition("/")[2]
    for wrong in (token[:-1], token[:-2] + "__", "A" * 32, "x", "%00", "é"):
        assert stranger.get(f"/way-in/{wrong}").status_code in {400, 404}
    assert stranger.get(f"/calendar/{token}.ics").status_code == 404


def test_the_room_stands_in_no_letter_and_on_no_page_before(world, make, online, at):
    member = world.browser(make.member())
    with world.inside():
        rsvp = seats.take_seat(session().get_one(Member, member.person.id), online.id, Way.online)
        reminders.choose(rsvp, Lead.hour)
    for path in (f"/events/{online.slug}", "/me/events", f"/events/{online.slug}.ics"):
        page = member.get(path)
        assert ROOM.encode() not in page.data.replace(b"\r\n ", b"")
        assert b"/way-in/" in page.data.replace(b"\r\n ", b"")
    at(BEGINS - timedelta(hours=1))
    with world.app.app_context():
        reminders.plan()
    letters = world.letters(member.person.address)
    assert len(letters) == 2
    for letter in letters:
        files = b"".join(one.content for one in letter.attachments).replace(b"\r\n ", b"")
        assert ROOM not in letter.text + letter.html + files.decode()
        assert "/way-in/" in letter.text


def test_it_ends_with_the_answer(world, make, stranger, online, at):
    person = make.member()
    door = way_of(world, online, person)
    with world.inside():
        seats.release(session().get_one(Member, person.id))
        assert session().get(Rsvp, 1) is None
    at(BEGINS)
    assert stranger.get(door).status_code == 404
