"""Reminders: chosen by the guest, counted back from the beginning, once each, and never late."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import insert, select

from portal.core import clock
from portal.core.db import session
from portal.events import actions, queries, reminders, seats
from portal.events.models import Answer, Event, EventGuest, Rsvp, Way
from portal.events.reminders import Lead
from portal.mail.models import Message, State
from portal.members.models import Member
from tests.events.drafts import draft_of

BEGINS = datetime(2027, 3, 10, 18, 0, tzinfo=UTC)
LONG_AGO = datetime(2027, 1, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def at():
    """A clock that can be set."""
    with time_machine.travel(LONG_AGO, tick=False) as traveller:
        yield traveller.move_to


def tick(world):
    with world.app.app_context():
        return reminders.plan()


def reminded(world, address=None):
    return [one for one in world.letters(address) if "this is your reminder" in one.text]


def evening(make, **fields):
    return make.event(**({"starts_at": BEGINS, "ends_at": BEGINS + timedelta(hours=2)} | fields))


def seat(world, event, person, lead=None):
    with world.inside():
        rsvp = seats.take_seat(session().get_one(Member, person.id), event.id)
        if lead is not None:
            reminders.choose(rsvp, lead)
    world.letters()
    return rsvp


@pytest.mark.parametrize(
    ("lead", "before"),
    [(Lead.week, timedelta(days=7)), (Lead.day, timedelta(days=1)), (Lead.hour, timedelta(hours=1))],
)
def test_each_comes_when_it_was_chosen_and_once(world, make, at, lead, before):
    event, person = evening(make), make.member("Ada Stone")
    seat(world, event, person, lead)
    at(BEGINS - before - timedelta(minutes=1))
    assert tick(world) == 0
    for minute in range(5):
        at(BEGINS - before + timedelta(minutes=minute))
        assert tick(world) == (1 if minute == 0 else 0)
    [letter] = reminded(world, person.address)
    assert event.title in letter.subject
    assert "18:00 WET (Lisbon)" in letter.text
    at(BEGINS + timedelta(hours=5))
    assert tick(world) == 0


def test_who_chose_nothing_is_reminded_a_day_before_and_who_wants_none_is_not(world, make, at):
    event = evening(make)
    usual, none = make.member(), make.member()
    seat(world, event, usual)
    seat(world, event, none, Lead.none)
    moment = BEGINS - timedelta(days=8)
    while moment < BEGINS:
        at(moment)
        if tick(world):
            world.letters()
        moment += timedelta(minutes=10)
    assert len(reminded(world)) == 1
    assert reminded(world, usual.address)


def test_who_waits_or_gave_back_is_not_reminded(world, make, at):
    event = evening(make, capacity=1)
    first, second = make.member(), make.member()
    seat(world, event, first)
    seat(world, event, second)
    at(BEGINS - timedelta(days=1))
    assert tick(world) == 1
    with world.inside():
        seats.give_up(session().get_one(Member, first.id), event.id)
    assert reminded(world) == []
    with world.inside():
        row = session().scalar(select(Message).where(Message.letter == reminders.LETTER))
        assert row.state is State.skipped
        assert "gave their seat back" in row.why


@pytest.mark.parametrize(("lead", "late"), [(Lead.week, 13), (Lead.day, 4), (Lead.hour, 0.6)])
def test_one_that_is_late_is_dropped_and_not_sent(world, make, at, lead, late):
    event, person = evening(make), make.member()
    seat(world, event, person, lead)
    at(BEGINS - lead.before + timedelta(hours=late))
    assert tick(world) == 0
    assert reminded(world) == []


def test_one_that_was_planned_and_could_not_leave_in_time_is_dropped(world, make, at):
    event, person = evening(make), make.member()
    seat(world, event, person)
    at(BEGINS - timedelta(days=1))
    assert tick(world) == 1
    at(BEGINS - timedelta(hours=20))
    assert reminded(world) == []
    with world.inside():
        assert "too late" in session().scalar(select(Message.why).where(Message.letter == reminders.LETTER))


def test_a_short_delay_does_not_lose_it(world, make, at):
    event, person = evening(make), make.member()
    seat(world, event, person)
    at(BEGINS - timedelta(hours=22))
    assert tick(world) == 1
    assert len(reminded(world, person.address)) == 1


def move(world, event, starts_at):
    with world.inside():
        stored = queries.by_id(event.id)
        draft = draft_of(stored, starts_at=starts_at, ends_at=starts_at + timedelta(hours=2))
        actions.save(event.id, draft, stored.changed_at.isoformat())
    world.letters()


def test_it_moves_with_the_event(world, make, at):
    event, person = evening(make), make.member()
    seat(world, event, person)
    later = BEGINS + timedelta(days=3)
    move(world, event, later)
    at(BEGINS - timedelta(days=1))
    assert tick(world) == 0
    at(later - timedelta(days=1))
    assert tick(world) == 1
    [letter] = reminded(world, person.address)
    assert "13 March 2027" in letter.text


def test_one_planned_before_the_move_is_not_sent_with_the_old_time(world, make, at):
    event, person = evening(make), make.member()
    seat(world, event, person)
    at(BEGINS - timedelta(days=1))
    assert tick(world) == 1
    move_to = BEGINS + timedelta(days=2)
    world.asked.clear()
    with world.inside():
        stored = queries.by_id(event.id)
        draft = draft_of(stored, starts_at=move_to, ends_at=move_to + timedelta(hours=1))
        actions.save(event.id, draft, stored.changed_at.isoformat())
    assert reminded(world) == []
    at(move_to - timedelta(days=1))
    assert tick(world) == 1
    assert len(reminded(world)) == 1


def test_a_small_move_after_the_reminder_does_not_repeat_it(world, make, at):
    event, person = evening(make), make.member()
    seat(world, event, person)
    at(BEGINS - timedelta(days=1))
    assert tick(world) == 1
    assert len(reminded(world)) == 1
    at(BEGINS - timedelta(hours=23))
    move(world, event, BEGINS + timedelta(hours=1))
    assert tick(world) == 0
    at(BEGINS - timedelta(hours=22))
    assert tick(world) == 0


def test_a_cancelled_event_reminds_nobody(world, make, at):
    event, person = evening(make), make.member()
    seat(world, event, person)
    at(BEGINS - timedelta(days=1))
    assert tick(world) == 1
    with world.inside():
        actions.call_off(event.id, "The river is high.")
    assert reminded(world) == []
    assert tick(world) == 0


def test_a_seat_taken_after_the_moment_needs_no_reminder(world, make, at):
    event, person = evening(make), make.member()
    at(BEGINS - timedelta(hours=23))
    seat(world, event, person)
    assert tick(world) == 0


def test_the_choice_is_made_on_the_page_and_kept(world, make, member, stranger):
    event = make.event()
    member.post(f"/events/{event.slug}/rsvp", answer="yes")
    page = member.get(f"/events/{event.slug}").text
    assert "Remind me" in page
    assert '<option value="day" selected>' in page
    answer = member.post(f"/events/{event.slug}/reminder", follow=True, lead="hour")
    assert "We will remind you an hour before it begins." in answer.text
    assert '<option value="hour" selected>' in answer.text
    for wrong in ("", "year", "DAY"):
        assert member.post(f"/events/{event.slug}/reminder", lead=wrong).status_code == 422
    assert stranger.post(f"/events/{event.slug}/reminder", lead="hour").status_code == 302
    other = world.browser(make.member())
    assert other.post(f"/events/{event.slug}/reminder", lead="hour").status_code == 422


def test_a_guest_without_membership_is_reminded_too(world, make, at):
    event = evening(make)
    with world.inside():
        guest = EventGuest(
            event_id=event.id,
            name="Bo",
            address="bo@example.org",
            address_key="bo@example.org",
            zone="Asia/Tokyo",
            created_at=clock.now(),
        )
        session().add(guest)
        session().flush()
        seats.take_seat(guest, event.id)
    world.letters()
    at(BEGINS - timedelta(days=1))
    assert tick(world) == 1
    assert tick(world) == 0
    [letter] = reminded(world, "bo@example.org")
    assert "Hello Bo" in letter.text
    assert "(Lisbon)" in letter.text
    assert "(Tokyo)" in letter.text
    [page] = [line for line in letter.text.splitlines() if line.startswith("http://portal.test/seat/")]
    path = page.removeprefix("http://portal.test")
    stranger = world.browser()
    assert "Remind me" in stranger.get(path).text
    answer = stranger.post(f"{path}/reminder", follow=True, lead="none")
    assert "We will not remind you" in answer.text
    assert stranger.post(f"{path}/reminder", lead="soon").status_code == 422
    assert stranger.post(f"{path[:-1]}/reminder", lead="hour").status_code == 410


def test_ten_thousand_guests_are_planned_by_a_handful_of_statements(world, make, at):
    event = evening(make, capacity=20_000)
    with world.inside() as current:
        moment = clock.now()
        first = make.member()
        rows = [
            {
                "public_id": f"x{number:021d}",
                "ledger_key": f"x{number:031d}",
                "address": f"p{number}@example.org",
                "address_key": f"p{number}@example.org",
                "name": "P",
                "status": "active",
                "asked_at": moment,
            }
            for number in range(10_000)
        ]
        current.execute(insert(Member), rows)
        ids = current.scalars(select(Member.id).where(Member.id > first.id)).all()
        current.execute(
            insert(Rsvp),
            [
                {
                    "event_id": event.id,
                    "member_id": one,
                    "answer": Answer.seat,
                    "way": Way.in_person,
                    "turn": 1,
                    "asked_at": moment,
                    "changed_at": moment,
                }
                for one in ids
            ],
        )
    at(BEGINS - timedelta(days=1))
    with world.statements() as seen:
        assert tick(world) == 10_000
    assert len(seen) <= 8
    with world.inside():
        rows = session().execute(select(Message.state, Message.due_at).distinct()).all()
        assert rows == [(State.planned, clock.now())]
    assert tick(world) == 0
    with world.inside():
        session().get_one(Event, event.id).title = "Still one reminder each"
    assert tick(world) == 0
