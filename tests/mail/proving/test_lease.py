"""A worker that sleeps past its claim: it does not post, and what it knows for certain still counts."""

import signal
import time

import pytest

from tests.mail.proving.ground import Ground


def test_who_wakes_after_the_claim_ran_out_does_not_post(ground: Ground) -> None:
    ground.people(40)
    mailing = ground.plan()
    fault = {"point": "after_claim", "nth": 2, "how": signal.SIGSTOP}
    sleeper = ground.worker(mailing, fault=fault, lease=6, margin=1)
    ground.wait_until_stopped(sleeper)
    time.sleep(6.1)
    other = ground.worker(mailing, job="stay", lease=6, margin=1)
    ground.wait_for(lambda: ground.balance(mailing).unknown == 10)
    assert ground.check(mailing).balance.accepted >= 10
    ground.wait_for(lambda: ground.balance(mailing).accepted == 30)
    sleeper.signal(signal.SIGCONT)
    assert sleeper.ended() == 0
    balance = ground.balance(mailing)
    assert balance.unknown == 0
    assert balance.planned + balance.accepted == 40, "what it certainly did not send may go again"
    assert other.stop() == 0
    ground.finish(mailing)
    assert ground.check(mailing).balance.accepted == 40
    assert ground.repeated() == {}, "it did not post"


@pytest.mark.nightly
def test_an_answer_that_was_slept_through_still_counts(ground: Ground) -> None:
    ground.people(40)
    mailing = ground.plan()
    fault = {"point": "after_post", "nth": 2, "how": signal.SIGSTOP}
    sleeper = ground.worker(mailing, fault=fault, lease=6, margin=1)
    ground.wait_until_stopped(sleeper)
    time.sleep(6.1)
    other = ground.worker(mailing, job="stay", lease=6, margin=1)
    ground.wait_for(lambda: ground.balance(mailing).unknown == 10)
    ground.wait_for(lambda: ground.balance(mailing).accepted == 30)
    assert len(ground.check(mailing).taken) == 10
    sleeper.signal(signal.SIGCONT)
    assert sleeper.ended() == 0
    assert other.stop() == 0
    found = ground.check(mailing)
    assert (found.balance.accepted, found.balance.unknown) == (40, 0)
    assert ground.repeated() == {}
