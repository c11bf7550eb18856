"""A word from the host: to one part of the guest list, to a number typed by hand, once."""

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.addresses import Address
from portal.core.db import session
from portal.events import guest_list, messages, seats, the_day
from portal.events.guest_list import Filter, Standing
from portal.events.models import Event, Format, Rsvp, Way
from portal.mail.models import Message, Stream, Suppression
from portal.members.models import Member
from portal.staff.models import AuditLine
from tests.events.visitors import come

WORDS = {"subject": "Bring boots", "text": "The path is **wet**."}


def seated(world, event, *people, way=None):
    with world.inside():
        for one in people:
            seats.take_seat(session().get_one(Member, one.id), event.id, way)


def letters(world, address):
    return [one for one in world.letters(address) if one.subject == "Bring boots"]


def test_it_is_looked_at_and_then_sent_once_to_the_number_typed(world, make, as_staff, stranger):
    host = as_staff("teammate")
    event = make.event(host.person, capacity=2)
    ada, waits = make.member("Ada Stone", call_name="Adi"), make.member()
    seated(world, event, ada)
    come(world, stranger, event.slug, "noor@example.org")
    seated(world, event, waits)
    url = f"/admin/events/{event.id}/message"
    assert "2 people" in host.get(url).text
    once = "a" * 32
    page = host.post(url, **WORDS, once=once, deed="look")
    assert page.status_code == 422
    assert "<strong>wet</strong>" in page.text
    for typed in ("", "3", "two"):
        assert host.post(url, **WORDS, once=once, deed="send", typed=typed).status_code == 422
    assert letters(world, ada.address) == []
    for _ in range(2):
        assert host.post(url, **WORDS, once=once, deed="send", typed="2").status_code == 302
    [letter] = letters(world, ada.address)
    assert "Hello Adi" in letter.text
    assert "The path is wet." in letter.text
    assert "Hello Noor Guest" in letters(world, "noor@example.org")[0].text
    assert letters(world, waits.address) == []
    assert "Bring boots" in host.get(url).text
    with world.inside():
        assert "events.message" in session().scalars(select(AuditLine.action)).all()


@pytest.mark.parametrize(
    ("standing", "number"),
    [("", 2), ("waiting", 1), ("cancelled", 1), ("came", 2), ("missed", 1), ("walk-in", 1), ("all", 5)],
)
def test_every_part_of_the_list_can_be_written_to(world, make, as_staff, standing, number):
    recruiter = as_staff("recruiter")
    event = make.event(in_days=1 / 48, capacity=3)
    people, walked = [make.member() for _ in range(4)], make.member()
    seated(world, event, *people)
    with world.inside():
        ids = dict(session().execute(select(Rsvp.member_id, Rsvp.id)).all())
        seats.give_up(session().get_one(Member, people[0].id), event.id)
        rows = {one.id: session().get_one(Rsvp, ids[one.id]) for one in people}
        rows[people[3].id].answer, rows[people[3].id].offer_until = "waiting", None
        session().flush()
        the_day.arrive(event.id, ids[people[1].id])
        the_day.miss(event.id, ids[people[2].id])
        the_day.walk_in(session().get_one(Event, event.id), "W", address_of(walked))
        the_day.walk_in(session().get_one(Event, event.id))
        found = messages.count(event.id, Filter(Standing(standing)))
    assert found == number
    page = recruiter.get(f"/admin/events/{event.id}/message?standing={standing}").text
    assert f"<b>{number} " in page


def address_of(person):
    return Address(person.address, person.address_key)


def test_ways_are_told_apart_and_strangers_to_the_event_may_not_write(world, make, as_staff):
    host, other = as_staff("teammate"), as_staff("teammate")
    event = make.event(host.person, format=Format.hybrid, capacity=3)
    seated(world, event, make.member(), make.member(), way=Way.online)
    seated(world, event, make.member(), way=Way.in_person)
    url = f"/admin/events/{event.id}/message"
    assert "<b>2 people" in host.get(f"{url}?way=online").text
    assert other.get(url).status_code == 403
    assert other.post(url, **WORDS, typed="3", deed="send").status_code == 403
    assert as_staff("viewer").get(url).status_code == 403


def test_who_asked_us_to_stop_does_not_get_it(world, make, as_staff):
    recruiter, event, person = as_staff("recruiter"), make.event(), make.member()
    seated(world, event, person)
    make.stored(
        Suppression(address_key=person.address_key, stream=Stream.event, reason="complaint", at=clock.now())
    )
    recruiter.post(f"/admin/events/{event.id}/message", **WORDS, typed="1", deed="send")
    assert letters(world, person.address) == []
    with world.inside():
        [row] = session().scalars(select(Message).where(Message.letter == messages.LETTER)).all()
        assert (row.state.value, row.why) == ("skipped", "suppressed")


def test_a_thousand_guests_are_a_handful_of_statements(world, make, as_staff):
    recruiter, event = as_staff("recruiter"), make.event(capacity=2000)
    moment = clock.now()
    with world.inside():
        people = [
            Member(
                public_id=f"p{number:021d}", ledger_key=f"k{number:031d}", address=f"p{number}@example.org",
                address_key=f"p{number}@example.org", name=f"Guest {number}", status="active", asked_at=moment,
            )
            for number in range(1000)
        ]  # fmt: skip
        session().add_all(people)
        session().flush()
        session().add_all(
            Rsvp(event_id=event.id, member_id=one.id, answer="seat", asked_at=moment, changed_at=moment)
            for one in people
        )
    with world.statements() as seen:
        answer = recruiter.post(f"/admin/events/{event.id}/message", **WORDS, typed="1000", deed="send")
    assert answer.status_code == 302
    assert len(seen) < 20
    with world.inside():
        assert (
            len(session().scalars(select(Message.id).where(Message.letter == messages.LETTER)).all()) == 1000
        )
        assert guest_list.counts(event.id).seat == 1000
