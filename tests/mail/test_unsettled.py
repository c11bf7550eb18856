"""What nobody knows stays open until an event or a person settles it, and is never sent again by itself."""

import pytest

from portal.core import clock
from portal.mail import steering, unsettled
from portal.mail.models import Aftermath, Mailing, MailingState, Settlement, State, Verdict
from tests.mail.post_room import at_once, later
from tests.mail.steered import Steered


def with_a_lost_batch(steered: Steered, people: int = 20) -> int:
    """A mailing of which one request of ten went out and was never answered."""
    steered.room.people(people)
    number = steered.room.plan()
    steered.provider.misbehave("record_then_close", nth=1)
    steered.room.send(number)
    steered.provider.behave_on()
    with later(minutes=2):
        steered.tick()
    assert steered.room.balance(number).unknown == 10
    return number


def settle(steered: Steered, number: int, verdict: Verdict, count: int, **which: object) -> int:
    by = steered.world.make.staff("recruiter").id
    with steered.world.inside() as current:
        return unsettled.settle(current.get_one(Mailing, number), verdict, by, count, **which)  # type: ignore[arg-type]


def test_it_is_not_finished_while_something_is_open_and_nothing_is_sent_again(steered: Steered) -> None:
    number = with_a_lost_batch(steered)
    for minutes in (5, 60, 60 * 24):
        with later(minutes=minutes):
            steered.tick()
    assert steered.state(number) is MailingState.sending
    assert len(steered.got_it()) == len(set(steered.got_it())) == 20
    with steered.world.inside():
        [(found, open_ones)] = unsettled.mailings()
        assert (found.id, open_ones) == (number, 10)


@pytest.mark.parametrize(
    ("verdict", "accepted", "failed", "mails"),
    [(Verdict.accepted, 20, 0, 20), (Verdict.given_up, 10, 10, 20), (Verdict.again, 20, 0, 30)],
)
def test_a_person_settles_all_of_them(
    steered: Steered, verdict: Verdict, accepted: int, failed: int, mails: int
) -> None:
    number = with_a_lost_batch(steered)
    assert settle(steered, number, verdict, 10) == 10
    steered.world.run_jobs()
    balance = steered.room.balance(number)
    assert (balance.accepted, balance.failed, balance.unknown) == (accepted, failed, 0)
    assert balance.adds_up
    assert steered.state(number) is MailingState.finished
    assert len(steered.got_it()) == mails
    with steered.world.inside() as current:
        rows = current.query(Settlement).all()
        assert len(rows) == 10
        assert {row.verdict for row in rows} == {verdict}
        assert unsettled.mailings() == []


def test_one_of_them_and_one_request_of_several(steered: Steered) -> None:
    steered.room.people(30)
    number = steered.room.plan()
    steered.provider.misbehave("record_then_close")
    steered.room.send(number)
    with steered.world.inside():
        requests = unsettled.requests(number)
    assert [one.open for one in requests] == [10, 10, 10]
    assert all(one.attempted_at is not None and one.batch and one.why for one in requests)
    with steered.world.inside():
        person = unsettled.people(number, requests[0].batch)[0]
    assert settle(steered, number, Verdict.accepted, 1, batch=requests[0].batch, message_id=person.id) == 1
    assert settle(steered, number, Verdict.given_up, 10, batch=requests[1].batch) == 10
    balance = steered.room.balance(number)
    assert (balance.accepted, balance.failed, balance.unknown) == (1, 10, 19)
    with pytest.raises(unsettled.Settled):
        settle(steered, number, Verdict.accepted, 10, batch=requests[0].batch)
    with pytest.raises(unsettled.Settled):
        settle(steered, number, Verdict.accepted, 1, batch="no such request")


def test_neighbours_of_whom_the_provider_spoke_are_evidence(steered: Steered) -> None:
    steered.room.people(10)
    number = steered.room.plan()
    steered.room.send(number)
    steered.change_rows(number, {"aftermath": Aftermath.delivered, "aftermath_at": clock.now()}, 6)
    steered.change_rows(number, {"state": State.unknown, "why": "no answer", "aftermath": None}, 4)
    with steered.world.inside():
        [request] = unsettled.requests(number)
    assert (request.open, request.others, request.arrived, request.spoken_of) == (4, 6, 2, 2)


def test_two_people_settle_the_same_once(steered: Steered) -> None:
    number = with_a_lost_batch(steered)

    def again() -> bool:
        try:
            settle(steered, number, Verdict.again, 10)
        except unsettled.Settled:
            return False
        return True

    assert sorted(at_once([again] * 3)) == [False, False, True]
    steered.world.run_jobs()
    assert len(steered.got_it()) == 30


def test_whoever_was_forgotten_meanwhile_is_not_planned_again(steered: Steered) -> None:
    number = with_a_lost_batch(steered)
    [first, *_] = [row for row in steered.room.rows(number) if row.state is State.unknown]
    with steered.world.inside() as current:
        row = current.merge(first)
        row.member_id, row.address, row.address_key = None, "", f"forgotten:{row.id}"
    settle(steered, number, Verdict.again, 10)
    steered.world.run_jobs()
    balance = steered.room.balance(number)
    assert (balance.accepted, balance.skipped_by_reason) == (19, {"forgotten": 1})
    assert balance.adds_up


def test_of_a_cancelled_mailing_nobody_is_planned_again(steered: Steered) -> None:
    number = with_a_lost_batch(steered)
    steered.room.change(number, steering.cancel)
    with pytest.raises(unsettled.TooLate):
        settle(steered, number, Verdict.again, 10)
    assert settle(steered, number, Verdict.accepted, 10) == 10
    assert steered.state(number) is MailingState.cancelled


@pytest.mark.parametrize(
    ("verdict", "state", "mails"),
    [(Verdict.accepted, "accepted", 1), (Verdict.again, "accepted", 2), (Verdict.given_up, "failed", 1)],
)
def test_a_single_letter_that_nobody_knows_about_waits_for_a_person(
    steered: Steered, verdict: Verdict, state: str, mails: int
) -> None:
    [person] = steered.room.people(1)
    steered.room.letter(person)
    steered.provider.misbehave("record_then_close", nth=1)
    steered.room.hand_over()
    steered.provider.behave_on()
    for _ in range(2):
        steered.tick()
        steered.room.hand_over()
    assert len(steered.got_it()) == 1
    by = steered.world.make.staff("recruiter").id
    with steered.world.inside():
        [letter] = unsettled.letters()
        assert unsettled.letter_count() == 1
        unsettled.settle_letter(letter.id, verdict, by)
    with steered.world.inside(), pytest.raises(unsettled.Settled):
        unsettled.settle_letter(letter.id, Verdict.accepted, by)
    steered.world.run_jobs()
    assert steered.room.only().state.value == state
    assert len(steered.got_it()) == mails
    with steered.world.inside():
        assert unsettled.letter_count() == 0
