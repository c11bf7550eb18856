"""A yes and a no: seats, the waitlist, and the letters about both."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import icalendar
import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import session
from portal.events import queries, seats
from portal.events.models import Answer, Event, EventState, Format, Rsvp
from portal.mail.models import Message
from portal.members import traces
from portal.members.models import Member


def answers(world, event):
    with world.inside():
        rows = session().execute(
            select(Rsvp.member_id, Rsvp.answer)
            .where(Rsvp.event_id == event.id)
            .order_by(Rsvp.asked_at, Rsvp.id)
        )
        return {row[0]: row[1] for row in rows}


def taken(world, event):
    with world.inside():
        return session().get(Event, event.id).taken


def test_a_stranger_is_led_to_a_form_of_their_own_and_gets_no_cookie(make, stranger):
    event = make.event()
    page = stranger.get(f"/events/{event.slug}")
    assert page.status_code == 200
    assert f"next=/events/{event.slug}" in page.text.replace("%2F", "/")
    assert "csrf_token" not in page.text
    assert "Set-Cookie" not in page.headers
    assert page.headers["Cache-Control"] == "public, max-age=60"
    answer = stranger.post(f"/events/{event.slug}/rsvp", answer="yes")
    assert answer.status_code == 422
    assert "Please give us an address to write to." in answer.text


def test_a_yes_takes_a_seat_and_a_letter_brings_all_one_needs(world, make, member):
    event = make.event(
        make.staff("teammate", name="Ines Prado"),
        format=Format.online,
        join_url="https://meet.example.org/secret",
    )
    assert "meet.example.org" not in member.get(f"/events/{event.slug}").text
    page = member.post(f"/events/{event.slug}/rsvp", answer="yes", follow=True)
    assert "You have a seat" in page.text
    assert "/way-in/" in page.text
    assert taken(world, event) == 1
    [letter] = world.letters(member.person.address)
    assert "You have a seat" in letter.subject
    for part in (letter.text, letter.html):
        assert "Online" in part
        assert f"http://portal.test/events/{event.slug}" in part
        assert "(Lisbon)" in part
        assert "http://portal.test/way-in/" in part
        assert "meet.example.org" not in part


def test_saying_yes_twice_is_saying_it_once(world, make, member):
    event = make.event()
    for _ in range(3):
        member.post(f"/events/{event.slug}/rsvp", answer="yes")
    assert taken(world, event) == 1
    assert len(world.letters(member.person.address)) == 1


def test_when_all_is_taken_one_waits_in_line_and_is_offered_the_seat_that_comes_free(world, make):
    event = make.event(capacity=1)
    first, second, third = (world.browser(make.member()) for _ in range(3))
    first.post(f"/events/{event.slug}/rsvp", answer="yes")
    page = second.post(f"/events/{event.slug}/rsvp", answer="yes", follow=True)
    assert "You are number 1 in the waitlist" in page.text
    page = third.post(f"/events/{event.slug}/rsvp", answer="yes", follow=True)
    assert "You are number 2 in the waitlist" in page.text
    assert "waitlist" in world.letters(third.person.address)[0].subject
    world.letters()
    first.post(f"/events/{event.slug}/rsvp", answer="no")
    assert answers(world, event) == {
        first.person.id: Answer.cancelled,
        second.person.id: Answer.offered,
        third.person.id: Answer.waiting,
    }
    assert "A seat is held for you" in second.get(f"/events/{event.slug}").text
    assert "You are number 1 in the waitlist" in third.get(f"/events/{event.slug}").text
    assert "A seat is held for you" in world.letters(second.person.address)[0].subject
    page = second.post(f"/events/{event.slug}/rsvp", answer="yes", follow=True)
    assert "You have a seat" in page.text
    assert "You have a seat" in world.letters(second.person.address)[0].subject
    assert "You gave your seat back" in world.letters(first.person.address)[0].subject
    assert len(world.letters(third.person.address)) == 1


def test_fifty_at_once_get_five_seats_and_the_rest_a_place_in_line(world, make):
    event = make.event(capacity=5)
    members = [make.member() for _ in range(50)]

    def say_yes(person):
        with world.inside():
            return seats.take_seat(session().get_one(Member, person.id), event.id).answer

    with ThreadPoolExecutor(16) as pool:
        given = list(pool.map(say_yes, members))
    assert given.count(Answer.seat) == 5
    assert given.count(Answer.waiting) == 45
    assert taken(world, event) == 5
    assert list(answers(world, event).values()).count(Answer.seat) == 5


def test_seats_given_back_all_at_once_go_to_the_first_in_line(world, make):
    event = make.event(capacity=5)
    members = [make.member() for _ in range(15)]
    for person in members:
        with world.inside():
            seats.take_seat(session().get_one(Member, person.id), event.id)

    def say_no(person):
        with world.inside():
            seats.give_up(session().get_one(Member, person.id), event.id)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(say_no, members[:5]))
    stand = answers(world, event)
    assert [stand[one.id] for one in members] == [Answer.cancelled] * 5 + [Answer.offered] * 5 + [
        Answer.waiting
    ] * 5
    assert taken(world, event) == 5


def test_one_member_in_many_tabs_takes_one_seat(world, make):
    event, person = make.event(capacity=5), make.member()

    def say_yes(_number):
        with world.inside():
            seats.take_seat(session().get_one(Member, person.id), event.id)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(say_yes, range(24)))
    assert taken(world, event) == 1
    assert len(world.letters(person.address)) == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"state": EventState.cancelled}, "called off"),
        ({"in_days": -0.01}, "has begun"),
        ({"in_days": -3}, "has begun"),
    ],
)
def test_when_it_is_closed_the_page_says_why(world, make, member, fields, words):
    event = make.event(**fields)
    page = member.post(f"/events/{event.slug}/rsvp", answer="yes", follow=True)
    assert words in page.text
    assert taken(world, event) == 0
    assert "Take a seat" not in page.text


def test_a_draft_is_not_there(make, member, stranger):
    event = make.event(state=EventState.draft)
    for browser in (stranger, member):
        assert browser.get(f"/events/{event.slug}").status_code == 404
        assert browser.get(f"/events/{event.slug}.ics").status_code == 404
        assert browser.post(f"/events/{event.slug}/rsvp", answer="yes").status_code == 404


def test_a_strange_answer_changes_nothing(world, make, member):
    event = make.event()
    for answer in ("", "maybe", "YES", "yes\x01"):
        assert member.post(f"/events/{event.slug}/rsvp", answer=answer).status_code == 422
    assert member.post_without_token(f"/events/{event.slug}/rsvp", answer="yes").status_code == 400
    assert taken(world, event) == 0


def test_erasing_a_member_frees_their_seat_for_the_next(world, make):
    event = make.event(capacity=1)
    first, second = make.member(), make.member()
    for person in (first, second):
        with world.inside():
            seats.take_seat(session().get_one(Member, person.id), event.id)
    with world.inside():
        held = {one.name: one.rows for one in traces.everything(session().get_one(Member, first.id))}
        assert held["rsvps"][0]["event"] == event.title
    with world.inside():
        assert seats.release(session().get_one(Member, first.id)) == 1
    assert answers(world, event) == {second.id: Answer.offered}
    assert taken(world, event) == 1
    assert "A seat is held for you" in world.letters(second.address)[0].subject


def test_the_calendar_file_of_a_letter_follows_every_change(world, make, member):
    event = make.event(venue="Rua do Açude 14; 2nd floor, Lisbon", title="Tea, talk; and\\more")
    member.post(f"/events/{event.slug}/rsvp", answer="yes")
    world.letters()
    member.post(f"/events/{event.slug}/rsvp", answer="no")
    world.letters()
    member.post(f"/events/{event.slug}/rsvp", answer="yes")
    letters = list(reversed(world.letters(member.person.address)))
    entries = [calendar_of(one) for one in letters]
    assert [method for method, _ in entries] == ["REQUEST", "CANCEL", "REQUEST"]
    assert {str(entry["uid"]) for _, entry in entries} == {event.uid}
    sequences = [int(entry["sequence"]) for _, entry in entries]
    assert sequences == sorted(set(sequences))
    assert str(entries[0][1]["summary"]) == event.title
    assert str(entries[0][1]["location"]) == event.venue
    assert entries[0][1].decoded("dtstart") == event.starts_at.replace(microsecond=0)
    assert str(entries[1][1]["status"]) == "CANCELLED"


def calendar_of(letter):
    [attachment] = [one for one in letter.attachments if one.content_type.startswith("text/calendar")]
    calendar = icalendar.Calendar.from_ical(attachment.content)
    method = str(calendar["method"])
    assert f"method={method}".lower() in attachment.content_type.lower().replace('"', "")
    return method, calendar.walk("VEVENT")[0]


def test_a_letter_that_lost_its_point_is_not_sent(world, make, member):
    event = make.event()
    member.post(f"/events/{event.slug}/rsvp", answer="yes")
    member.post(f"/events/{event.slug}/rsvp", answer="no")
    subjects = [one.subject for one in world.letters(member.person.address)]
    assert len(subjects) == 1
    assert "gave your seat back" in subjects[0]
    with world.inside():
        states = {row.letter: row.why for row in session().scalars(select(Message))}
    assert states["events/seat"].startswith("not needed")


def test_a_change_of_mind_before_any_mail_left_is_one_letter(world, make, member):
    event = make.event()
    for answer in ("yes", "no", "yes"):
        member.post(f"/events/{event.slug}/rsvp", answer=answer)
    [letter] = world.letters(member.person.address)
    assert "You have a seat" in letter.subject


def test_my_events_shows_seats_waiting_and_past(world, make, member):
    seat, full, past = (
        make.event(title="With a seat"),
        make.event(title="Full one", capacity=0),
        make.event(in_days=-5),
    )
    member.post(f"/events/{seat.slug}/rsvp", answer="yes")
    member.post(f"/events/{full.slug}/rsvp", answer="yes")
    moment = clock.now() - timedelta(days=9)
    make.stored(
        Rsvp(
            event_id=past.id,
            member_id=member.person.id,
            answer=Answer.seat,
            asked_at=moment,
            changed_at=moment,
            attended=True,
        )
    )
    with world.statements() as seen:
        text = member.get("/me/events").text
    assert len(seen) <= 6
    assert text.index("With a seat") < text.index("Full one") < text.index(past.title)
    assert "Number 1 in the waitlist" in text
    assert "You were there" in text
    with world.inside():
        assert queries.next_of(session().get_one(Member, member.person.id)).event.id == seat.id
