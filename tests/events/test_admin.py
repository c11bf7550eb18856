"""Events as staff run them."""

import csv
import re
from datetime import UTC, datetime, timedelta
from io import StringIO

import icalendar
import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import session
from portal.events import seats
from portal.events.admin_guests import harmless
from portal.events.models import Answer, Event, EventState, Rsvp
from portal.members.models import Member
from portal.staff.models import AuditLine


def stored(world, event_id=None):
    with world.inside():
        which = select(Event).order_by(Event.id.desc()).limit(1)
        found = session().get(Event, event_id) if event_id else session().scalar(which)
        session().expunge(found)
        return found


def typed(browser, **more):
    return {
        "title": "Tea by the river",
        "summary": "Tea and talk.",
        "description": "Come and **see**.",
        "starts": "2027-06-01T18:00",
        "ends": "2027-06-01T20:00",
        "zone": "Europe/Lisbon",
        "format": "in_person",
        "place": 0,
        "venue": "The boathouse",
        "capacity": 5,
        "host": browser.person.id,
        **more,
    }


def as_stored(event, **more):
    """What the form of a stored event would send."""
    return {
        "title": event.title,
        "summary": event.summary,
        "description": event.description,
        "starts": f"{event.starts_at.astimezone(UTC):%Y-%m-%dT%H:%M}",
        "ends": f"{event.ends_at.astimezone(UTC):%Y-%m-%dT%H:%M}",
        "zone": "Africa/Dakar",
        "format": event.format.value,
        "place": event.place_id or 0,
        "venue": event.venue,
        "join_url": event.join_url,
        "capacity": event.capacity,
        "host": event.host_id,
        "seen": event.changed_at.isoformat(),
        **more,
    }


def round_event(make, **fields):
    """An event whose times lie on a full minute, as a form has them."""
    starts = (clock.now() + timedelta(days=30)).replace(second=0, microsecond=0)
    return make.event(starts_at=starts, ends_at=starts + timedelta(hours=2), zone="Africa/Dakar", **fields)


def seat(world, event, *people):
    for person in people:
        with world.inside():
            seats.take_seat(session().get_one(Member, person.id), event.id)


def test_a_recruiter_plans_and_publishes(world, as_staff, stranger):
    recruiter = as_staff("recruiter")
    page = recruiter.post("/admin/events/new", **typed(recruiter), follow=True)
    assert "Kept as a draft" in page.text
    event = stored(world)
    assert event.starts_at == datetime(2027, 6, 1, 17, tzinfo=UTC)
    assert stranger.get(f"/events/{event.slug}").status_code == 404
    assert "Here people answer with one tap" in recruiter.get(f"/admin/events/{event.id}/preview").text
    assert recruiter.post(f"/admin/events/{event.id}/publish").status_code == 302
    assert "The boathouse" in stranger.get(f"/events/{event.slug}").text


def test_what_a_guest_needs_must_be_there_before_it_is_published(world, as_staff):
    recruiter = as_staff("recruiter")
    for fields, words in (
        ({"venue": ""}, "Where it is"),
        ({"summary": ""}, "summary"),
        ({"capacity": 0}, "no seats"),
        ({"starts": "2020-06-01T18:00", "ends": "2020-06-01T20:00"}, "in the past"),
    ):
        recruiter.post("/admin/events/new", **typed(recruiter, **fields))
        event = stored(world)
        page = recruiter.post(f"/admin/events/{event.id}/publish")
        assert page.status_code == 422
        assert words in page.text
        assert stored(world).state is EventState.draft


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (
            {"starts": "2027-03-28T01:30", "ends": "2027-03-28T05:00"},
            "there is no 01:30. Did you mean 02:30?",
        ),
        (
            {"zone": "America/New_York", "starts": "2027-03-14T02:15", "ends": "2027-03-14T05:00"},
            "there is no 02:15",
        ),
        ({"ends": "2027-06-01T17:00"}, "ends before it begins"),
        ({"ends": "2027-07-01T17:00"}, "longer than two weeks"),
        ({"starts": ""}, "when it begins"),
        ({"starts": "tomorrow"}, "Not a valid"),
        ({"starts": "0001-01-01T00:00"}, "look at the year"),
        ({"zone": "Mars/Olympus"}, "Not a valid choice"),
        ({"join_url": "javascript:alert(1)"}, "full address"),
        ({"join_url": "https://user:pw@evil.example/"}, "full address"),
        ({"join_url": "//evil.example/"}, "full address"),
        ({"capacity": "-1"}, "Between 0 and"),
        ({"capacity": "1e9"}, "Not a valid"),
        ({"title": "x" * 141}, "At most 140"),
        ({"host": 999_999}, "Not a valid choice"),
    ],
)
def test_a_mistake_is_explained_and_what_was_typed_comes_back(world, as_staff, fields, words):
    recruiter = as_staff("recruiter")
    page = recruiter.post("/admin/events/new", **typed(recruiter, **fields))
    assert page.status_code == 422
    assert words in page.text.replace("&#39;", "'")
    assert "Come and **see**." in page.text
    with world.inside():
        assert session().scalar(select(Event.id)) is None


def test_an_hour_that_comes_twice_is_the_first_and_is_said(world, as_staff):
    recruiter = as_staff("recruiter")
    page = recruiter.post(
        "/admin/events/new",
        **typed(recruiter, starts="2027-10-31T01:30", ends="2027-10-31T03:00"),
        follow=True,
    )
    assert "shows 01:30 twice" in page.text
    assert stored(world).starts_at == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


def test_a_typo_is_silent_and_a_new_time_is_mailed_once_with_a_newer_calendar(world, make, as_staff):
    recruiter, guest, waits = as_staff("recruiter"), make.member(), make.member()
    event = round_event(make, capacity=1)
    seat(world, event, guest, waits)
    [first] = world.letters(guest.address)
    world.letters()
    url = f"/admin/events/{event.id}/edit"
    recruiter.post(url, **as_stored(stored(world, event.id), title="A typo less"))
    assert len(world.letters(guest.address)) == 1
    assert stored(world, event.id).sequence == 0
    later = f"{event.starts_at + timedelta(hours=1):%Y-%m-%dT%H:%M}"
    page = recruiter.post(url, **as_stored(stored(world, event.id), starts=later))
    assert page.status_code == 422, "who would be told, and of what, is looked at first"
    assert "This tells 2 people by mail" in page.text
    assert page.text.count("becomes") == 1
    assert stored(world, event.id).starts_at == event.starts_at
    page = recruiter.post(url, **as_stored(stored(world, event.id), starts=later), tell="2", follow=True)
    assert "2 guests are being told" in page.text
    moved = world.letters(guest.address)[0]
    assert "The time changed" in moved.subject
    assert "It was to begin on" in moved.text
    assert sequence(moved) > sequence(first)
    told = world.letters(waits.address)[0]
    assert "in whose waitlist you are. You are still number 1." in " ".join(told.text.split())
    assert not told.attachments
    recruiter.post(url, **as_stored(stored(world, event.id), join_url="https://meet.example.org/x"), tell="2")
    assert "link to join" in world.letters(guest.address)[0].subject


def sequence(letter):
    [attachment] = [one for one in letter.attachments if one.content_type.startswith("text/calendar")]
    return int(icalendar.Calendar.from_ical(attachment.content).walk("VEVENT")[0]["sequence"])


def test_more_seats_let_people_in_and_fewer_throw_nobody_out(world, make, as_staff):
    recruiter, event = as_staff("recruiter"), round_event(make, capacity=2)
    people = [make.member() for _ in range(5)]
    seat(world, event, *people)
    url = f"/admin/events/{event.id}/edit"
    page = recruiter.post(url, **as_stored(stored(world, event.id), capacity=4), follow=True)
    assert "2 people in the waitlist are offered a seat" in page.text
    assert stored(world, event.id).taken == 4
    recruiter.post(url, **as_stored(stored(world, event.id), capacity=1))
    assert stored(world, event.id).taken == 4
    with world.inside():
        seats.give_up(session().get_one(Member, people[0].id), event.id)
    assert stored(world, event.id).taken == 3
    with world.inside():
        answers = dict(session().execute(select(Rsvp.member_id, Rsvp.answer)).all())
    assert answers[people[4].id] is Answer.waiting


def test_calling_off_needs_the_number_typed_and_tells_everybody_once(world, make, as_staff, stranger):
    recruiter, event = as_staff("recruiter"), round_event(make, capacity=1)
    guest, waits, gone = make.member(), make.member(), make.member()
    seat(world, event, guest, waits, gone)
    with world.inside():
        seats.give_up(session().get_one(Member, gone.id), event.id)
    world.letters()
    url = f"/admin/events/{event.id}/call-off"
    assert "Type the number 2" in recruiter.get(url).text
    for fields in ({"why": "Flood", "typed": "3"}, {"why": "", "typed": "2"}, {"why": "Flood", "typed": ""}):
        assert recruiter.post(url, **fields).status_code == 422
    assert stored(world, event.id).state is EventState.published
    for _ in range(2):
        recruiter.post(url, why="The river is too high.", typed="2")
    assert stored(world, event.id).state is EventState.cancelled
    for person in (guest, waits):
        letters = world.letters(person.address)
        assert "Called off" in letters[0].subject
        assert "The river is too high." in letters[0].text
        assert sum("Called off" in one.subject for one in letters) == 1
    files = world.letters(guest.address)[0].attachments
    assert b"METHOD:CANCEL" in files[0].content
    assert not world.letters(waits.address)[0].attachments
    assert not any("Called off" in one.subject for one in world.letters(gone.address))
    assert "The river is too high." in stranger.get(f"/events/{event.slug}").text
    assert recruiter.post(f"/admin/events/{event.id}/publish").status_code == 422


def test_a_published_event_with_guests_does_not_vanish(world, make, as_staff):
    recruiter, event = as_staff("recruiter"), round_event(make)
    assert recruiter.post(f"/admin/events/{event.id}/unpublish").status_code == 302
    recruiter.post(f"/admin/events/{event.id}/publish")
    seat(world, event, make.member())
    page = recruiter.post(f"/admin/events/{event.id}/unpublish")
    assert page.status_code == 422
    assert "Call it off instead" in page.text


def test_a_copy_is_a_draft_at_the_same_hour_without_guests_or_link(world, make, as_staff):
    recruiter = as_staff("recruiter")
    event = make.event(
        zone="Europe/Lisbon",
        starts_at=datetime(2027, 3, 20, 18, tzinfo=UTC),
        ends_at=datetime(2027, 3, 20, 20, tzinfo=UTC),
        join_url="https://meet.example.org/x",
    )
    seat(world, event, make.member())
    recruiter.post(f"/admin/events/{event.id}/duplicate")
    copy = stored(world)
    assert copy.id != event.id
    assert copy.uid != event.uid
    assert (copy.state, copy.taken, copy.join_url) == (EventState.draft, 0, "")
    assert copy.starts_at == datetime(2027, 4, 17, 17, tzinfo=UTC)


def test_who_came_is_noted_with_a_tap_by_the_host_or_a_recruiter(world, make, as_staff):
    host, other = as_staff("teammate"), as_staff("teammate")
    event = make.event(host.person, capacity=1)
    guest, waits = make.member(name="Nour الدين"), make.member()
    seat(world, event, guest, waits)
    with world.inside():
        ids = dict(session().execute(select(Rsvp.member_id, Rsvp.id)).all())
    page = host.get(f"/admin/events/{event.id}/guests")
    assert "Nour الدين" in page.text
    assert guest.address not in page.text
    assert guest.address in as_staff("recruiter").get(f"/admin/events/{event.id}/guests").text
    for browser in (other, as_staff("viewer")):
        assert browser.get(f"/admin/events/{event.id}/guests").status_code == 403
        assert browser.post(f"/admin/events/{event.id}/guests.csv").status_code == 403
    for attended, expected in (("yes", True), ("no", False), ("", None)):
        host.post(f"/admin/events/{event.id}/guests/{ids[guest.id]}", attended=attended)
        with world.inside():
            assert session().get(Rsvp, ids[guest.id]).attended is expected
    host.post(f"/admin/events/{event.id}/guests/{ids[waits.id]}", attended="yes")
    with world.inside():
        assert session().get(Rsvp, ids[waits.id]).is_walk_in, "who waited and is let in takes no seat"
        assert session().get(Event, event.id).taken == 1
    foreign = make.event(other.person)
    url = f"/admin/events/{foreign.id}/guests/{ids[guest.id]}"
    assert other.post(url, attended="yes").status_code == 422


def test_the_guest_file_is_safe_in_a_spreadsheet_and_noted(world, make, as_staff):
    recruiter, event = as_staff("recruiter"), make.event(capacity=2)
    names = ['=HYPERLINK("http://evil")', "+cmd|' /C calc'!A0", 'Łucja, "Ł"; Żółć']
    seat(world, event, *(make.member(name=name) for name in names))
    answer = recruiter.post(f"/admin/events/{event.id}/guests.csv")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert "no-store" in answer.headers["Cache-Control"]
    rows = list(csv.reader(StringIO(answer.data.decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == [f"'{names[0]}", f"'{names[1]}", names[2]]
    assert rows[3][3:5] == ["waiting", "1"]
    with world.inside():
        assert "events.guest-file" in list(session().scalars(select(AuditLine.action)))


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", "＝1", '"=1', ";=1", " =1"])
def test_no_cell_begins_a_formula(cell):
    assert harmless(cell).startswith("'")
    assert harmless("Ada") == "Ada"
    assert harmless("") == ""


def test_two_people_edit_and_neither_loses_a_word(world, make, as_staff):
    ada, bo = as_staff("recruiter"), as_staff("recruiter")
    event = round_event(make)
    url, before = f"/admin/events/{event.id}/edit", stored(world, event.id)
    assert ada.post(url, **as_stored(before, title="Ada's title")).status_code == 302
    page = bo.post(url, **as_stored(before, title="Bo's title", venue="Bo's barn"))
    assert page.status_code == 409
    for words in ("Ada&#39;s title", "Bo&#39;s title", "Bo&#39;s barn", "The boathouse"):
        assert words in page.text
    seen = re.search(r'name="seen"[^>]*value="([^"]*)"', page.text).group(1)
    assert bo.post(url, **as_stored(before, title="Bo's title", seen=seen)).status_code == 302
    assert stored(world, event.id).title == "Bo's title"


@pytest.mark.parametrize("role", ["teammate", "viewer"])
def test_others_look_and_do_not_touch(world, make, as_staff, role):
    browser, event = as_staff(role), make.event()
    assert browser.get("/admin/events").status_code == 200
    assert browser.get(f"/admin/events/{event.id}/preview").status_code == 200
    for path in ("new", f"{event.id}/edit", f"{event.id}/call-off"):
        assert browser.get(f"/admin/events/{path}").status_code == 403
    for path in ("publish", "unpublish", "duplicate", "call-off", "edit"):
        assert browser.post(f"/admin/events/{event.id}/{path}").status_code == 403
    assert stored(world, event.id).state is EventState.published


def test_an_event_that_is_not_there(as_staff):
    recruiter = as_staff("recruiter")
    for path in ("edit", "preview", "guests", "call-off"):
        assert recruiter.get(f"/admin/events/99999/{path}").status_code == 404
    for path in ("publish", "unpublish", "duplicate", "guests.csv", "guests/1"):
        assert recruiter.post(f"/admin/events/99999/{path}").status_code == 404
