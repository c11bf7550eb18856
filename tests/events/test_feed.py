"""A member's own calendar feed: what stands in it, who can read it, and how its address is changed."""

from datetime import timedelta

from sqlalchemy import update

from portal.core import clock
from portal.core.db import session
from portal.events import actions, feeds, queries
from portal.events.models import Event, EventState
from portal.members.models import Member, Status
from tests.events import readers
from tests.events.drafts import draft_of


def feed_of(world, browser):
    browser.post("/me/events/calendar", deed="renew")
    with world.inside():
        address = feeds.address(feeds.of(session().get_one(Member, browser.person.id)))
    assert address.startswith("http://portal.test/calendar/")
    assert address in browser.get("/me/events").text
    return address.removeprefix("http://portal.test")


def entries(answer):
    return {one["summary"]: one for one in readers.read(answer.data)["entries"]}


def test_my_seats_and_places_in_line_stand_in_it(world, make, member, stranger):
    seat, full, other = make.event(title="Tea"), make.event(title="Full", capacity=0), make.event()
    for event in (seat, full):
        member.post(f"/events/{event.slug}/rsvp", answer="yes")
    address = feed_of(world, member)
    answer = stranger.get(address)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    found = entries(answer)
    assert set(found) == {"Tea", "Waitlist: Full"}
    assert found["Tea"]["status"] == "CONFIRMED"
    assert found["Waitlist: Full"]["status"] == "TENTATIVE"
    assert found["Tea"]["uid"] == seat.uid
    assert other.uid.encode() not in answer.data
    member.post(f"/events/{seat.slug}/rsvp", answer="no")
    assert set(entries(stranger.get(address))) == {"Waitlist: Full"}


def test_it_moves_with_the_event_and_says_what_was_called_off(world, make, member, stranger):
    event = make.event(title="Tea")
    member.post(f"/events/{event.slug}/rsvp", answer="yes")
    address = feed_of(world, member)
    before = entries(stranger.get(address))["Tea"]
    with world.inside():
        stored = queries.by_id(event.id)
        later = stored.starts_at + timedelta(days=1)
        draft = draft_of(stored, starts_at=later, ends_at=later + timedelta(hours=1))
        actions.save(event.id, draft, stored.changed_at.isoformat())
    after = entries(stranger.get(address))["Tea"]
    assert after["starts"] == before["starts"] + 86400
    assert after["sequence"] > before["sequence"]
    with world.inside():
        actions.call_off(event.id, "The river is high.")
    gone = entries(stranger.get(address))["Called off: Tea"]
    assert gone["status"] == "CANCELLED"
    assert gone["sequence"] > after["sequence"]


def test_a_typo_changes_the_words_but_not_the_sequence(world, make, member, stranger):
    event = make.event(title="Taa")
    member.post(f"/events/{event.slug}/rsvp", answer="yes")
    address = feed_of(world, member)
    before = entries(stranger.get(address))["Taa"]
    with world.inside():
        stored = queries.by_id(event.id)
        actions.save(event.id, draft_of(stored, title="Tea"), stored.changed_at.isoformat())
    assert entries(stranger.get(address))["Tea"]["sequence"] == before["sequence"]


def test_a_reader_that_has_it_gets_no_second_copy_and_reading_writes_nothing(world, make, member, stranger):
    event = make.event()
    member.post(f"/events/{event.slug}/rsvp", answer="yes")
    address = feed_of(world, member)
    with world.statements() as seen:
        answer = stranger.get(address)
    assert len(seen) <= 6
    assert all(statement.startswith("SELECT") for statement in seen)
    mark = answer.headers["ETag"]
    again = stranger.get(address, headers={"If-None-Match": mark})
    assert again.status_code == 304
    assert again.data == b""
    assert again.headers["ETag"] == mark
    assert stranger.get(address).data == answer.data
    with world.inside():
        moved = session().get_one(Event, event.id)
        moved.changed_at, moved.title = clock.now(), "Another"
    assert stranger.get(address, headers={"If-None-Match": mark}).status_code == 200


def test_a_new_address_stops_the_old_one_at_once(world, make, member, stranger):
    old = feed_of(world, member)
    new = feed_of(world, member)
    assert old != new
    assert stranger.get(old).status_code == 404
    assert stranger.get(new).status_code == 200
    member.post("/me/events/calendar", deed="close")
    assert stranger.get(new).status_code == 404
    assert new not in member.get("/me/events").text


def test_an_address_of_somebody_else_or_of_nobody_is_nothing(world, make, member, stranger):
    mine = feed_of(world, member)
    other = feed_of(world, world.browser(make.member()))
    assert mine != other
    token = mine.removeprefix("/calendar/").removesuffix(".ics")
    for wrong in (
        "x",
        token[:-1],
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        "A" * 32,
        token + "A",
        "é" * 32,
    ):
        assert stranger.get(f"/calendar/{wrong}.ics").status_code == 404
    assert stranger.get(f"/way-in/{token}").status_code == 404
    assert stranger.post("/me/events/calendar", deed="renew").status_code == 302
    assert member.post("/me/events/calendar", deed="everything").status_code == 422
    assert member.post_without_token("/me/events/calendar", deed="renew").status_code == 400


def test_it_ends_with_the_person(world, make, member, stranger):
    address = feed_of(world, member)
    with world.inside():
        session().execute(update(Member).where(Member.id == member.person.id).values(status=Status.left))
    assert stranger.get(address).status_code == 200
    with world.inside():
        feeds.close(session().get_one(Member, member.person.id))
    assert stranger.get(address).status_code == 404


def test_a_draft_never_stands_in_it(world, make, member, stranger):
    event = make.event(title="Secret")
    member.post(f"/events/{event.slug}/rsvp", answer="yes")
    address = feed_of(world, member)
    with world.inside():
        session().get_one(Event, event.id).state = EventState.draft
    assert entries(stranger.get(address)) == {}
