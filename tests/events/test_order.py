"""A cancellation never overtakes the invitation, whoever is slow, and whatever became of the letter before."""

from datetime import timedelta

import icalendar
import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import session
from portal.events import actions, seats
from portal.mail import hand_over
from portal.mail.models import IN_HAND, Message, State
from portal.mail.transports.result import Fact, Fate
from portal.members.models import Member


def hand_over_one(world):
    """One worker takes one letter as far as it goes."""
    with world.app.app_context():
        return hand_over.hand_over_letters(most=1)


def claim(world):
    """A worker claims the next letter and is slow from there on."""
    with world.app.app_context():
        return hand_over._claim()


def finish(world, message):
    """The slow worker writes and hands its letter over after all."""
    with world.app.app_context():
        result = hand_over._send(message)
        fact = result.facts[message.public_id]
        hand_over.save(lambda: hand_over.write({message.id: fact}))
        return fact


def settle(world, message, fate):
    """The slow worker hears what became of its letter."""
    with world.app.app_context():
        hand_over.save(lambda: hand_over.write({message.id: Fact(fate, "the line broke")}))


def states(world):
    with world.inside():
        rows = session().scalars(select(Message).order_by(Message.id))
        return [(row.letter, row.state, row.why) for row in rows]


def make_due(world):
    with world.inside():
        for row in session().scalars(select(Message).where(Message.state == State.planned)):
            row.due_at = clock.now() - timedelta(seconds=1)


def say(world, event, person, deed):
    with world.inside():
        deed(session().get_one(Member, person.id), event.id)


def methods(world, person):
    found = [one for one in reversed(world.letters(person.address)) if one.attachments]
    return [str(icalendar.Calendar.from_ical(one.attachments[0].content)["METHOD"]) for one in found]


@pytest.fixture
def evening(world, make):
    return make.event(), make.member()


def test_a_cancellation_waits_while_the_invitation_is_in_somebodys_hands(world, evening):
    event, person = evening
    say(world, event, person, seats.take_seat)
    slow = claim(world)
    say(world, event, person, seats.give_up)
    assert hand_over_one(world) == 1
    assert [state for _, state, _ in states(world)] == [State.claimed, State.planned]
    settle(world, slow, Fate.accepted)
    make_due(world)
    world.letters()
    assert [state for _, state, _ in states(world)] == [State.accepted, State.accepted]
    assert methods(world, person) == ["CANCEL"]


def test_an_invitation_that_must_be_tried_again_after_the_cancellation_is_dropped(world, evening):
    event, person = evening
    say(world, event, person, seats.take_seat)
    slow = claim(world)
    settle(world, slow, Fate.again)
    say(world, event, person, seats.give_up)
    world.letters()
    make_due(world)
    world.asked.append(("mail.hand_over_letters", ()))
    assert methods(world, person) == ["CANCEL"]
    [(_, invited, why), (_, cancelled, _)] = states(world)
    assert (invited, cancelled) == (State.skipped, State.accepted)
    assert "changed their answer" in why


def test_one_whose_fate_is_unknown_does_not_hold_the_cancellation_up(world, evening):
    event, person = evening
    say(world, event, person, seats.take_seat)
    settle(world, claim(world), Fate.unknown)
    say(world, event, person, seats.give_up)
    assert methods(world, person) == ["CANCEL"]
    with world.inside():
        unsure = session().scalar(select(Message).where(Message.letter == "events/seat"))
        unsure.state, unsure.line, unsure.due_at = State.planned, unsure.lane, clock.now()
    world.asked.append(("mail.hand_over_letters", ()))
    assert methods(world, person) == ["CANCEL"]


def test_a_lost_worker_does_not_hold_the_cancellation_up_for_ever(world, evening):
    event, person = evening
    say(world, event, person, seats.take_seat)
    slow = claim(world)
    say(world, event, person, seats.give_up)
    hand_over_one(world)
    with world.inside():
        session().get_one(Message, slow.id).lease_until = clock.now() - timedelta(minutes=1)
    with world.app.app_context():
        assert hand_over.sweep() == 1
    make_due(world)
    assert methods(world, person) == ["CANCEL"]


def test_what_is_claimed_before_and_written_after_the_cancellation_has_no_point(world, evening):
    event, person = evening
    say(world, event, person, seats.take_seat)
    slow = claim(world)
    say(world, event, person, seats.give_up)
    fact = finish(world, slow)
    assert fact.fate is Fate.refused
    assert "changed their answer" in fact.why
    assert methods(world, person) == ["CANCEL"]


def test_a_called_off_event_waits_for_the_update_before_it(world, evening):
    event, person = evening
    say(world, event, person, seats.take_seat)
    slow = claim(world)
    with world.inside():
        actions.call_off(event.id, "The river is high.")
    hand_over_one(world)
    assert [state for _, state, _ in states(world)] == [State.claimed, State.planned]
    settle(world, slow, Fate.accepted)
    make_due(world)
    assert methods(world, person) == ["CANCEL"]


def test_the_letters_of_others_and_of_other_events_are_not_waited_for(world, make, evening):
    event, person = evening
    other = make.event()
    say(world, other, person, seats.take_seat)
    assert claim(world).line == IN_HAND
    say(world, event, person, seats.take_seat)
    world.letters()
    say(world, event, person, seats.give_up)
    assert methods(world, person) == ["REQUEST", "CANCEL"]
