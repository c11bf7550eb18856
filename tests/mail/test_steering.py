"""Take back, hold, let go, move, end and try again: what a person decides holds from the next batch on."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from portal.core import clock
from portal.core.db import session
from portal.mail import steering
from portal.mail.models import Mailing, MailingState, Message, Reason, State, Stream
from portal.mail.schedule import Plan
from tests.mail.post_room import at_once, later
from tests.mail.steered import Steered, at, in_a_while

NINE = datetime.fromisoformat("2027-06-01T09:00")


def test_what_is_taken_back_never_leaves(steered: Steered) -> None:
    steered.room.people(5)
    number = steered.start()
    steered.tick()
    assert steered.state(number) is MailingState.scheduled
    assert steered.got_it() == []
    steered.room.change(number, steering.take_back)
    with later(minutes=10):
        steered.tick()
        with pytest.raises(steering.NotRunning):
            steered.room.change(number, steering.take_back)
        steered.tick()
    assert steered.got_it() == []
    balance = steered.room.balance(number)
    assert (balance.intended, balance.skipped, balance.adds_up) == (5, 5, True)
    assert steered.room.mailing(number).reason is Reason.undone
    assert steered.start() != number, "what it was about can be sent again"


def test_after_a_minute_it_leaves_and_cannot_be_taken_back(steered: Steered) -> None:
    people = steered.room.people(5)
    number = steered.start()
    with later(seconds=50):
        steered.tick()
        assert steered.got_it() == []
    with later(seconds=61):
        steered.tick()
        with pytest.raises(steering.NotRunning):
            steered.room.change(number, steering.take_back)
    assert steered.got_it() == sorted(one.address for one in people)
    assert steered.state(number) is MailingState.finished


def test_what_is_under_way_or_paused_cannot_be_taken_back(steered: Steered) -> None:
    steered.room.people(2)
    number = steered.room.plan()
    with pytest.raises(steering.NotRunning):
        steered.room.change(number, steering.take_back)
    steered.room.change(number, steering.pause)
    with pytest.raises(steering.NotRunning):
        steered.room.change(number, steering.take_back)
    assert steered.room.balance(number).planned == 2


def test_taking_back_at_the_last_moment_means_all_or_nobody(steered: Steered) -> None:
    steered.room.people(5)
    numbers = [steered.start() for _ in range(4)]
    with later(seconds=61):
        for number in numbers:

            def undo(number: int = number) -> bool:
                try:
                    steered.room.change(number, steering.take_back)
                except steering.NotRunning:
                    return False
                return True

            was_undone, _ = at_once([undo, lambda: steered.room.do("mail.steer")])
            steered.world.run_jobs()
            balance = steered.room.balance(number)
            assert (balance.skipped, balance.accepted) == ((5, 0) if was_undone else (0, 5))


def test_many_ticks_at_once_start_it_once(steered: Steered) -> None:
    people = steered.room.people(5)
    number = steered.start()
    with later(seconds=61):
        at_once([lambda: steered.room.do("mail.steer")] * 4)
        assert [name for name, _ in steered.world.asked].count("mail.send_mailing") == 1
        steered.world.run_jobs()
    assert steered.got_it() == sorted(one.address for one in people)
    assert steered.state(number) is MailingState.finished


@pytest.mark.parametrize(("minutes", "is_held"), [(1, False), (59, False), (61, True), (180, True)])
def test_a_time_that_passed_while_nothing_ran_is_held_after_an_hour(
    steered: Steered, minutes: int, is_held: bool
) -> None:
    people = steered.room.people(3)
    wall = datetime.now(UTC).replace(tzinfo=None, microsecond=0) + timedelta(hours=2)
    number = steered.start(Plan(clock.now(), "UTC", wall))
    with at(wall.replace(tzinfo=UTC) - timedelta(seconds=2)):
        steered.tick()
        assert steered.state(number) is MailingState.scheduled
    with at(wall.replace(tzinfo=UTC) + timedelta(minutes=minutes)):
        steered.tick()
        steered.tick()
        if is_held:
            found = steered.room.mailing(number)
            assert (found.state, found.reason) == (MailingState.held, Reason.missed)
            assert steered.got_it() == []
            steered.room.change(number, steering.let_go)
            steered.tick()
        assert steered.got_it() == sorted(one.address for one in people)


def test_what_was_missed_can_be_moved_or_dropped(steered: Steered) -> None:
    steered.room.people(3)
    moved, dropped = steered.start(), steered.start()
    with later(hours=2):
        steered.tick()
        soon = in_a_while(minutes=30)
        steered.room.change(moved, lambda mailing: steering.reschedule(mailing, soon))
        steered.room.change(dropped, steering.cancel)
        steered.tick()
        assert (steered.state(moved), steered.state(dropped)) == (
            MailingState.scheduled,
            MailingState.cancelled,
        )
        with pytest.raises(steering.NotRunning):
            steered.room.change(dropped, steering.let_go)
        assert steered.got_it() == []
    with later(hours=2, minutes=31):
        steered.tick()
    assert len(steered.got_it()) == 3
    assert steered.room.balance(dropped).skipped == 3


def test_each_person_gets_it_at_that_hour_where_they_live(steered: Steered) -> None:
    zones = {"Asia/Tokyo": 0, "Europe/Lisbon": 8, "": 8, "America/New_York": 13}
    start = datetime(2027, 5, 31, 12, tzinfo=UTC)
    with at(start):
        people = {zone: steered.world.make.member(zone=zone) for zone in zones}
        number = steered.start(Plan(clock.now(), "Europe/Lisbon", NINE, is_local=True))
        assert steered.room.mailing(number).not_before == datetime(2027, 6, 1, 0, tzinfo=UTC)
    for hour in range(14):
        with at(datetime(2027, 6, 1, hour, 0, 5, tzinfo=UTC)):
            steered.tick()
            due = sorted(people[zone].address for zone, at_hour in zones.items() if at_hour <= hour)
            assert steered.got_it() == due
        with at(datetime(2027, 6, 1, hour, 40, tzinfo=UTC)):
            steered.tick()
    assert steered.state(number) is MailingState.finished


def test_a_day_long_mailing_that_nobody_looked_after_for_hours_is_held(steered: Steered) -> None:
    with at(datetime(2027, 5, 31, 12, tzinfo=UTC)):
        for zone in ("Asia/Tokyo", "Europe/Lisbon"):
            steered.world.make.member(zone=zone)
        number = steered.start(Plan(clock.now(), "Europe/Lisbon", NINE, is_local=True))
    with at(datetime(2027, 6, 1, 0, 0, 5, tzinfo=UTC)):
        steered.tick()
    with at(datetime(2027, 6, 1, 11, tzinfo=UTC)):
        steered.tick()
        assert steered.state(number) is MailingState.held
        assert len(steered.got_it()) == 1
        steered.room.change(number, steering.let_go)
        steered.tick()
    assert len(steered.got_it()) == 2


@pytest.mark.parametrize("jump", [timedelta(hours=1), timedelta(hours=-1), timedelta(days=1)])
def test_a_clock_that_jumps_sends_nothing_twice(steered: Steered, jump: timedelta) -> None:
    people = steered.room.people(25)
    number = steered.start()
    with later(seconds=61):
        steered.room.do("mail.steer")
        steered.world.run_jobs()
        assert len(steered.got_it()) == 25
        second = steered.start()
    with at(clock.now() + timedelta(seconds=125) + jump):
        for _ in range(3):
            steered.tick()
    with at(clock.now() + timedelta(days=2)):
        steered.tick()
        if steered.state(second) is MailingState.held:
            steered.room.change(second, steering.let_go)
        steered.tick()
    addresses = steered.got_it()
    assert addresses == sorted([one.address for one in people] * 2)
    assert steered.state(number) is steered.state(second) is MailingState.finished


def test_only_the_refused_are_tried_again_and_exactly_those_shown(steered: Steered) -> None:
    people = steered.room.people(12)
    number = steered.room.plan()
    steered.provider.misbehave("400_field", address=people[7].address)
    steered.room.send(number)
    with later(minutes=2):
        steered.room.send(number)
        assert steered.room.balance(number).failed == 1
        steered.provider.behave_on()
        for wrong in (0, 2, 12):
            with pytest.raises(steering.AnotherNumber):
                steered.room.change(number, lambda mailing, wrong=wrong: steering.retry(mailing, wrong))
        steered.room.change(number, lambda mailing: steering.retry(mailing, 1))
        steered.tick()
    addresses = steered.got_it()
    assert addresses == sorted(one.address for one in people)
    assert steered.room.balance(number).is_finished
    with pytest.raises(steering.AnotherNumber):
        steered.room.change(number, lambda mailing: steering.retry(mailing, 1))


def test_two_who_try_again_at_once_do_it_once(steered: Steered) -> None:
    people = steered.room.people(3)
    number = steered.room.plan()
    steered.room.send(number)
    steered.change_rows(number, {"state": State.failed, "why": "no such user"}, most=1)

    def retry() -> bool:
        try:
            steered.room.change(number, lambda mailing: steering.retry(mailing, 1))
        except steering.AnotherNumber:
            return False
        return True

    assert sorted(at_once([retry] * 4)) == [False, False, False, True]
    steered.tick()
    assert steered.got_it() == sorted([*(one.address for one in people), people[0].address])


def test_whoever_was_forgotten_or_given_up_is_not_tried_again(steered: Steered) -> None:
    steered.room.people(3)
    number = steered.room.plan()
    steered.room.send(number)
    steered.change_rows(
        number, {"state": State.failed, "why": "given up: nobody knows whether it arrived"}, 2
    )
    steered.change_rows(number, {"state": State.failed, "why": "x", "address": "", "member_id": None}, 1)
    with pytest.raises(steering.AnotherNumber):
        steered.room.change(number, lambda mailing: steering.retry(mailing, 1))


def test_nobody_gets_more_marketing_than_the_house_allows(steered: Steered) -> None:
    steered.settings(marketing_cap=3, marketing_cap_days=30, undo_seconds=0)
    people = steered.room.people(4)
    for _ in range(3):
        steered.room.send(steered.room.plan())
    # One of them had one of the three long ago.
    with steered.world.inside():
        first = select(func.min(Message.id)).where(Message.member_id == people[0].id).scalar_subquery()
        long_ago = clock.now() - timedelta(days=31)
        session().execute(
            update(Message).where(Message.id == first).values(handed_over_at=long_ago, planned_at=long_ago)
        )
    number = steered.room.plan()
    steered.room.send(number)
    balance = steered.room.balance(number)
    assert (balance.accepted, balance.skipped_by_reason) == (1, {"capped": 3})
    assert balance.adds_up
    with steered.world.inside():
        session().execute(update(Mailing).values(stream=Stream.event))
        session().execute(update(Message).values(stream=Stream.event))
    number = steered.room.plan()
    steered.room.send(number)
    assert steered.room.balance(number).accepted == 4, "other streams do not count"


def test_the_cap_is_looked_at_when_a_batch_is_claimed(steered: Steered) -> None:
    steered.settings(marketing_cap=1, undo_seconds=0)
    people = steered.room.people(2)
    first, second = steered.room.plan(), steered.room.plan()
    steered.room.send(first)
    steered.room.send(second)
    assert steered.got_it() == sorted(one.address for one in people)
    assert steered.room.balance(second).skipped_by_reason == {"capped": 2}


def test_counting_for_the_cap_is_left_out_where_nobody_can_be_over_it(steered: Steered) -> None:
    steered.room.people(2)
    number = steered.room.plan()
    with steered.world.statements() as seen:
        steered.room.send(number)
    assert not [one for one in seen if "FOR UPDATE" in one and "count(" in one and "messages" in one]
