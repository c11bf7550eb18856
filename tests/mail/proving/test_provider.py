"""A provider that misbehaves in every way it can, while a whole mailing goes out: nobody twice, nobody lost."""

import random
import time

import pytest

from portal.mail import rests
from tests.mail.post_room import later
from tests.mail.proving.ground import Ground

CERTAIN = ["413", "429", "400_nofield", "400_field"]
"""Answers after which the mailing goes on by itself, and everybody gets their mail or a reason."""

PAUSES = ["401", "403", "400_common"]
UNCLEAR = [
    *("hang_before_read", "close_before_read", "hang_after_record", "record_then_rst", "record_then_close"),
    *("rst_mid_body", "stall_mid_body", "202_cut_body", "garbage", "500", "502", "503", "200", "301", "404"),
]
DAILY = {"hang_before_read", "record_then_rst", "202_cut_body", "garbage", "502"}


@pytest.mark.parametrize(
    "mode", [one if one in DAILY else pytest.param(one, marks=pytest.mark.nightly) for one in UNCLEAR]
)
def test_an_unclear_answer_leaves_ten_people_open_and_the_rest_is_mailed(ground: Ground, mode: str) -> None:
    ground.people(40)
    mailing = ground.plan()
    ground.provider.misbehave(mode, nth=2)
    assert ground.worker(mailing, read_seconds=0.4).ended() == 0
    found = ground.check(mailing)
    assert (found.balance.accepted, found.balance.unknown) == (30, 10)
    assert not found.balance.is_finished
    ground.finish(mailing)
    assert ground.check(mailing).balance == found.balance
    assert ground.repeated() == {}


@pytest.mark.parametrize("recorded", [True, False])
@pytest.mark.parametrize("mode", ["500", "502", "503"])
def test_a_server_error_may_have_recorded_them_or_not(ground: Ground, mode: str, recorded: bool) -> None:
    ground.people(30)
    mailing = ground.plan()
    ground.provider.misbehave(mode, nth=1, recorded=recorded)
    assert ground.worker(mailing).ended() == 0
    found = ground.check(mailing)
    assert found.balance.unknown == 10
    assert len(found.taken) == (10 if recorded else 0)
    assert ground.repeated() == {}


@pytest.mark.parametrize("mode", PAUSES)
def test_a_closed_door_holds_the_mailing_and_nobody_is_lost(ground: Ground, mode: str) -> None:
    ground.people(40)
    mailing = ground.plan()
    ground.provider.misbehave(mode, nth=2, field="subject", message="Not like this")
    assert ground.worker(mailing).ended() == 0
    found = ground.check(mailing)
    assert (found.balance.accepted, found.balance.planned) == (10, 30)
    assert ground.mailing(mailing).state.value == "paused"
    assert ground.worker(mailing).ended() == 0
    assert ground.check(mailing).balance == found.balance


@pytest.mark.parametrize("seed", range(4))
def test_one_trouble_after_the_other(ground: Ground, seed: int) -> None:
    chance = random.Random(seed)
    people = ground.people(120)
    mailing = ground.plan()
    bad = {people[chance.randrange(120)].address for _ in range(3)}
    modes = [chance.choice(CERTAIN[:2] + UNCLEAR) for _ in range(6)]
    for address in bad:
        ground.provider.misbehave(chance.choice(["400_field", "400_nofield"]), address=address)
    for place, mode in enumerate(modes):
        ground.provider.misbehave(mode, nth=2 + 3 * place, reset="+1")
    workers = [ground.worker(mailing, senders=2, read_seconds=0.4) for _ in range(2)]
    assert [worker.ended() for worker in workers] == [0, 0]
    for minutes in (2, 10, 30, 60, 120):
        with later(minutes=minutes):
            ground.world.app.extensions.pop("portal_mail_desk", None)
            ground.send(mailing)
    found = ground.check(mailing)
    balance = found.balance
    assert balance.planned == balance.claimed == 0
    assert balance.failed <= len(bad)
    assert balance.accepted + balance.failed + balance.unknown == 120
    assert ground.repeated() == {}


def test_a_provider_that_is_gone_for_a_while_costs_nobody_their_mail(ground: Ground) -> None:
    ground.people(120)
    mailing = ground.plan()
    ground.provider.misbehave("slow", ms=50)
    worker = ground.worker(mailing, job="stay")
    ground.wait_for(lambda: ground.balance(mailing).accepted > 0)
    ground.provider.stop()
    try:
        time.sleep(1.5)
        balance = ground.balance(mailing)
    finally:
        ground.provider.start()
    assert balance.planned > 0
    assert balance.claimed == 0, "what could not leave is back where it was"
    assert worker.stop() == 0
    ground.finish(mailing)
    with later(minutes=15):
        ground.send(mailing)
    found = ground.check(mailing)
    assert found.balance.planned == 0
    assert found.balance.accepted + found.balance.unknown == 120
    assert found.balance.unknown <= 30, "what was under way when it went"
    assert ground.repeated() == {}


def test_too_fast_makes_the_workers_of_all_processes_rest_together(ground: Ground) -> None:
    ground.people(120)
    mailing = ground.plan()
    ground.provider.misbehave("slow", ms=30, times=2)
    ground.provider.misbehave("429", times=1, reset="+3")
    ground.provider.misbehave("slow", ms=30)
    workers = [ground.worker(mailing, senders=2, capacity=5) for _ in range(3)]
    ground.wait_for(lambda: _is_resting(ground))
    time.sleep(0.3)
    requests = ground.provider.counts()["requests"]
    time.sleep(1)
    assert _is_resting(ground)
    assert ground.provider.counts()["requests"] == requests, "nobody asks meanwhile"
    assert requests <= 3 + 6
    assert [worker.ended() for worker in workers] == [0, 0, 0]
    with later(minutes=1):
        ground.world.app.extensions.pop("portal_mail_desk", None)
        ground.send(mailing)
    assert ground.check(mailing).balance.accepted == 120
    assert ground.repeated() == {}


def _is_resting(ground: Ground) -> bool:
    with ground.world.inside():
        return rests.left() > 0
