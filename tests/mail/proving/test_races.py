"""Several workers, and people who change their minds meanwhile: each person once, and nobody after they left."""

import json
import random
import time
from datetime import timedelta
from pathlib import Path

import pytest

from portal.core import clock, tokens
from portal.core.addresses import parse
from portal.mail import actions, steering
from portal.members import actions as members
from portal.members import forgetting
from portal.members.models import Member
from tests.mail.proving.ground import Ground


@pytest.mark.parametrize("count", [2, 4])
def test_workers_who_race_mail_everybody_once(ground: Ground, count: int) -> None:
    people = ground.people(150)
    mailing = ground.plan()
    with ground.watched(mailing, pause=0.02):
        workers = [ground.worker(mailing, senders=2, capacity=3 + 2 * number) for number in range(count)]
        assert [worker.ended() for worker in workers] == [0] * count
    found = ground.check(mailing, names={one.id: one.name for one in people})
    assert (found.balance.accepted, found.balance.is_finished) == (150, True)
    assert ground.repeated() == {}


def test_everybody_who_can_change_their_mind_does_so_while_it_is_being_sent(
    ground: Ground, tmp_path: Path
) -> None:
    people = ground.people(120)
    mailing = ground.plan()
    rows = {row.member_id: row.id for row in ground.rows(mailing)}
    claims = tmp_path / "claims"
    ground.provider.misbehave("slow", ms=15)
    chance = random.Random(7)
    gone: dict[str, float] = {}
    moved: dict[str, tuple[str, float]] = {}
    changing = chance.sample(people, 48)
    with ground.watched(mailing, pause=0.03):
        workers = [
            ground.worker(mailing, senders=2, capacity=5, claims=str(claims), job="send") for _ in range(2)
        ]
        for number, person in enumerate(changing):
            _change(ground, number % 4, person, rows[person.id], gone, moved)
            time.sleep(0.002)
        assert [worker.ended() for worker in workers] == [0, 0]
    found = ground.check(mailing)
    assert found.balance.is_finished
    assert found.balance.accepted + found.balance.skipped == 120
    assert ground.repeated() == {}
    claimed = [json.loads(line) for line in claims.read_text().splitlines()]
    for address, when in gone.items():
        late = [one for one in claimed if address in one["people"] and one["began"] > when]
        assert late == [], f"{address} was claimed after they had left"
    for old, (new, when) in moved.items():
        assert not [one for one in claimed if old in one["people"] and one["began"] > when]
        assert sum(one in (old, new) for one in ground.provider.addresses()) == 1


def _change(
    ground: Ground,
    kind: int,
    person: Member,
    row: int,
    gone: dict[str, float],
    moved: dict[str, tuple[str, float]],
) -> None:
    """Unsubscribe with one click, pause, ask to be forgotten, or move to another address."""
    if kind == 0:
        with ground.world.inside():
            link = tokens.seal("unsubscribe", row)
        answer = ground.world.browser().post_without_token(f"/u/{link}", **{"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
    elif kind == 3:
        with ground.world.inside():
            actions.change_address(person.id, parse(f"new-{person.address}"))
        moved[person.address] = (f"new-{person.address}", time.monotonic())
        return
    else:
        with ground.world.inside() as current:
            member = current.get_one(Member, person.id)
            if kind == 1:
                members.pause(member, clock.now() + timedelta(days=30), "page")
            else:
                forgetting.forget(member, ground.world.settings)
    gone[person.address] = time.monotonic()


def test_pausing_and_resuming_fifty_times_loses_and_repeats_nobody(ground: Ground) -> None:
    ground.people(200)
    mailing = ground.plan()
    ground.provider.misbehave("slow", ms=5)
    held = 0
    workers = [ground.worker(mailing, job="stay", capacity=2) for _ in range(2)]
    for _ in range(50):
        try:
            ground.change(mailing, steering.pause)
        except steering.NotRunning:
            break
        held += 1
        time.sleep(0.005)
        ground.change(mailing, steering.resume)
    ground.wait_for(lambda: ground.balance(mailing).is_finished)
    assert [worker.stop() for worker in workers] == [0, 0]
    assert ground.check(mailing).balance.accepted == 200
    assert held >= 10, "it was held while it was being sent"
    assert ground.repeated() == {}


def test_after_a_pause_is_stored_no_further_batch_is_claimed(ground: Ground, tmp_path: Path) -> None:
    ground.people(200)
    mailing = ground.plan()
    claims = tmp_path / "claims"
    ground.provider.misbehave("slow", ms=10)
    workers = [ground.worker(mailing, job="stay", capacity=3, claims=str(claims)) for _ in range(2)]
    ground.wait_for(lambda: ground.balance(mailing).accepted > 10)
    ground.change(mailing, steering.pause)
    when = time.monotonic()
    time.sleep(0.5)
    assert [worker.stop() for worker in workers] == [0, 0]
    late = [line for line in claims.read_text().splitlines() if json.loads(line)["began"] > when]
    assert late == []
    found = ground.check(mailing)
    assert found.balance.planned > 0
    assert (found.balance.claimed, found.balance.unknown) == (0, 0)


def test_a_worker_asked_to_end_saves_what_it_has_in_hand_and_takes_no_more(ground: Ground) -> None:
    ground.people(200)
    mailing = ground.plan()
    ground.provider.misbehave("slow", ms=60)
    for _ in range(4):
        before = ground.balance(mailing).accepted
        worker = ground.worker(mailing, job="stay", senders=3, capacity=10)
        ground.wait_for(lambda before=before: ground.balance(mailing).accepted > before)
        assert worker.stop() == 0
        balance = ground.check(mailing).balance
        assert (balance.claimed, balance.unknown) == (0, 0)
    ground.provider.behave_on()
    ground.finish(mailing)
    assert ground.check(mailing).balance.accepted == 200
    assert ground.repeated() == {}
