"""A pilot goes first, then waves; the mailing stops by itself when its readers object."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from portal.core import clock
from portal.core.settings import load
from portal.mail import steering, waves
from portal.mail.models import Aftermath, MailingState, Message, Reason, State
from portal.mail.waves import Group
from tests.mail.post_room import later
from tests.mail.steered import Steered


def prepare(steered: Steered, people: int, pilot: int) -> int:
    """A mailing with a pilot of that many, begun."""
    steered.settings(undo_seconds=0, pilot_size=pilot, pilot_minutes=15, wave_minutes=3, wave_growth=3)
    steered.room.people(people)
    number = steered.start(steered.soon(pilot))
    steered.world.run_jobs()
    return number


def came_back(steered: Steered, number: int, kind: Aftermath, most: int) -> None:
    with steered.world.inside() as current:
        statement = select(Message).where(
            Message.mailing_id == number, Message.state == State.accepted, Message.aftermath.is_(None)
        )
        for row in current.scalars(statement.order_by(Message.id).limit(most)):
            row.aftermath, row.aftermath_at = kind, clock.now()


def test_a_pilot_then_waves_then_everybody(steered: Steered) -> None:
    number = prepare(steered, 50, pilot=4)
    assert len(steered.got_it()) == 4
    found = steered.room.mailing(number)
    assert (found.state, found.wave, found.released) == (MailingState.sending, 0, 4)
    assert found.wave_done_at is not None
    steered.tick()
    with later(minutes=14):
        steered.tick()
        assert len(steered.got_it()) == 4
    for minutes, reached in ((15.2, 12), (18.5, 36), (22, 50)):
        with later(minutes=minutes):
            steered.tick()
            steered.tick()
            assert len(steered.got_it()) == reached
    assert steered.state(number) is MailingState.finished
    assert len(set(steered.got_it())) == 50
    assert steered.room.balance(number).accepted == 50


def test_a_small_audience_needs_no_pilot(steered: Steered) -> None:
    number = prepare(steered, 5, pilot=5)
    assert len(steered.got_it()) == 5
    assert steered.state(number) is MailingState.finished


@pytest.mark.parametrize(
    ("kind", "reason"), [(Aftermath.complained, Reason.complaints), (Aftermath.bounced, Reason.bounces)]
)
def test_one_objection_in_the_pilot_stops_it_until_somebody_has_looked(
    steered: Steered, kind: Aftermath, reason: Reason
) -> None:
    number = prepare(steered, 60, pilot=20)
    came_back(steered, number, kind, 1)
    steered.tick()
    found = steered.room.mailing(number)
    assert (found.state, found.reason) == (MailingState.paused, reason)
    assert found.words
    with later(minutes=60):
        steered.tick()
        assert len(steered.got_it()) == 20
        steered.room.change(number, steering.resume)
        steered.tick()
        assert steered.state(number) is MailingState.finished, "what was looked at stops it no more"
    assert len(steered.got_it()) == 60


def test_bounces_below_two_of_a_hundred_let_the_pilot_pass(steered: Steered) -> None:
    number = prepare(steered, 120, pilot=51)
    came_back(steered, number, Aftermath.bounced, 1)
    came_back(steered, number, Aftermath.blocked, 20)
    with later(minutes=16):
        steered.tick()
        steered.tick()
    assert steered.state(number) is MailingState.finished


@pytest.mark.parametrize(
    ("kind", "count", "stops"),
    [
        (Aftermath.bounced, 4, False),
        (Aftermath.bounced, 5, True),
        (Aftermath.complained, 1, True),
        (Aftermath.delivered, 90, False),
        (Aftermath.blocked, 50, False),
    ],
)
def test_later_the_wider_limits_hold(steered: Steered, kind: Aftermath, count: int, stops: bool) -> None:
    steered.settings(pilot_size=20)
    steered.room.people(110)
    number = steered.room.plan()
    steered.room.send(number)
    # A hundred have it, ten still wait.
    steered.change_rows(number, {"state": State.planned, "due_at": clock.now()}, most=10)
    with steered.world.inside() as current:
        current.get_one(waves.Mailing, number).state = MailingState.sending
    came_back(steered, number, kind, count)
    steered.room.do("mail.steer")
    assert (steered.state(number) is MailingState.paused) == stops


def test_a_complaint_among_many_thousands_does_not_stop_it() -> None:
    mailing = waves.Mailing(intended=10_000, looked_handed=0, looked_bounced=0, looked_complained=0, wave=3)
    settings = load(env="test")
    assert waves.objection(mailing, waves.Health(5_000, 0, 4), settings) is None
    found = waves.objection(mailing, waves.Health(5_000, 0, 5), settings)
    assert found is not None
    assert "5 people of 5,000" in found[1]


def test_the_provider_that_refuses_us_pauses_it_with_its_words(steered: Steered) -> None:
    steered.room.people(20)
    number = steered.room.plan()
    steered.provider.misbehave("401")
    steered.room.send(number)
    found = steered.room.mailing(number)
    assert (found.state, found.reason) == (MailingState.paused, Reason.provider)
    assert "credits" in found.words


@given(st.lists(st.integers(1, 5000), min_size=1, max_size=20), st.data(), st.integers(2, 20))
def test_waves_reach_everybody_each_at_least_as_many_as_promised(
    sizes: list[int], data: st.DataObject, growth: int
) -> None:
    intended = sum(sizes)
    groups, first = [], data.draw(st.integers(1, 10**6))
    for number, size in enumerate(sizes):
        groups.append(Group(number, is_tracked=False, first=first, last=first + size - 1))
        first += size + data.draw(st.integers(0, 3))
    released = data.draw(st.integers(1, intended))
    reached = before = 0
    while True:
        limits = [waves.limit(one, released, intended) for one in groups]
        reached = sum(min(limit, one.last) - one.first + 1 for limit, one in zip(limits, groups, strict=True))
        assert released <= reached <= released + len(groups)
        assert reached >= before
        assert all(limit >= one.first for limit, one in zip(limits, groups, strict=True)), (
            "every variant is met"
        )
        before = reached
        if released >= intended:
            break
        released = min(released * growth, intended)
    assert reached == intended
