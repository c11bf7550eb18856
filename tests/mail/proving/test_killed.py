"""Workers that are killed: nobody is mailed twice, nobody is lost, and what cannot be known is said to be so."""

import random
import signal
import time

import pytest

from tests.mail.proving.faults import POINTS
from tests.mail.proving.ground import Ground

PEOPLE = 60
ROUNDS = 10
NIGHTLY_ROUNDS = 100

IN_DOUBT = {
    "before_claim_commit": 0,
    "after_claim": 10,
    "before_post": 10,
    "unread": 10,
    "recorded": 10,
    "after_post": 10,
    "before_save_commit": 10,
    "after_save_commit": 0,
}
"""How many people nobody can be sure about when one batch of ten was struck at that point."""

REACHED = {"recorded", "after_post", "before_save_commit"}
"""Where the provider has the mails already."""


@pytest.mark.parametrize("point", POINTS)
def test_killed_at(ground: Ground, point: str) -> None:
    people = ground.people(PEOPLE)
    mailing = ground.plan()
    worker = ground.worker(mailing, fault={"point": point, "nth": 3})
    assert worker.ended() == -signal.SIGKILL
    assert ground.check(mailing).balance.planned > 0
    ground.finish(mailing)
    found = ground.check(mailing, names={one.id: one.name for one in people})
    assert found.balance.planned == found.balance.claimed == 0
    assert found.balance.unknown == IN_DOUBT[point]
    assert len(found.taken) == (10 if point in REACHED else 0)
    assert found.balance.accepted == PEOPLE - IN_DOUBT[point]
    assert ground.repeated() == {}


def _round(ground: Ground, seed: int) -> None:
    """A mailing whose workers are killed twice or more, at named points or at any moment."""
    chance = random.Random(seed)
    people = ground.people(PEOPLE)
    mailing = ground.plan()
    in_doubt = 0
    for _ in range(chance.randint(2, 3)):
        senders = chance.choice((1, 1, 3))
        if chance.random() < 0.6:
            fault = {"point": chance.choice(POINTS), "nth": chance.randint(1, 4)}
            ground.worker(mailing, fault=fault, senders=senders, capacity=chance.choice((3, 7, 10))).ended()
        else:
            ground.provider.misbehave("slow", ms=chance.randint(1, 40), times=4)
            worker = ground.worker(mailing, senders=senders, capacity=chance.choice((3, 7, 10)))
            with ground.watched(mailing, pause=0.02):
                time.sleep(chance.uniform(0.05, 0.4))
            worker.signal(signal.SIGKILL)
            worker.ended()
        in_doubt += senders * 10
        ground.check(mailing)
    ground.provider.behave_on()
    ground.finish(mailing)
    found = ground.check(mailing, names={one.id: one.name for one in people})
    balance = found.balance
    assert balance.planned == balance.claimed == balance.failed == balance.skipped == 0
    assert balance.accepted + balance.unknown == PEOPLE
    assert balance.unknown <= in_doubt
    assert ground.repeated() == {}


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_killed_again_and_again(ground: Ground, seed: int) -> None:
    _round(ground, seed)


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(ROUNDS, ROUNDS + NIGHTLY_ROUNDS))
def test_killed_all_night(ground: Ground, seed: int) -> None:
    _round(ground, seed)
