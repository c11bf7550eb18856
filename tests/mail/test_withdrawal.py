"""No hand-over after the commit of an unsubscribe, whatever the moment at which it comes (N23, N24)."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import ColumnElement, String, case, func, literal, select

from portal.core import clock, tokens
from portal.core.db import session, transaction
from portal.mail import bulk, gate
from portal.mail.gate import Hurdle
from portal.mail.models import Mailing, MailingState, Message, State, Stream, Variant
from portal.members import actions as members
from portal.members.models import Member
from portal.preferences import actions as preferences
from portal.preferences.models import Cadence, Topic
from tests.mail.signed import mailing, now, reader, sent
from tests.world import World


@pytest.fixture
def issue(world: World) -> Mailing:
    """A mailing on its way."""
    made = mailing(world, state=MailingState.sending, intended=1)
    world.make.stored(Variant(mailing_id=made.id, mask=0, subject="Ice", html="<p>Ice</p>", text="Ice"))
    return made


def planned(world: World, person: Member, issue: Mailing | None, **fields: Any) -> Message:
    return sent(world, person, issue, state=State.planned, handed_over_at=None, attempt=0, **fields)


def is_postgresql(world: World) -> bool:
    return world.settings.database_url.get_secret_value().startswith("postgresql")


def one_click(world: World, message: Message) -> None:
    with world.app.app_context():
        address = f"/u/{tokens.seal('unsubscribe', message.id)}"
    answer = world.app.test_client(use_cookies=False).post(address, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200


def send(world: World, issue: Mailing) -> None:
    with world.app.app_context():
        bulk.send_mailing(issue.id, senders=1)


def test_an_unsubscribe_during_the_claims_look_is_not_missed(
    world: World, issue: Mailing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On PostgreSQL the claim's statement sees the moment it began at, here a second before it comes to the row."""
    person = reader(world)
    message = planned(world, person, issue)
    if is_postgresql(world):

        def slowly(row: Any) -> ColumnElement[str]:
            slept = select(func.pg_sleep(1.2)).where(row.member_id == person.id).scalar_subquery()
            return case((slept.is_(None), literal("", String)), else_=literal("", String))

        monkeypatch.setattr(
            gate, "_hurdles", [*gate._hurdles, Hurdle({}, frozenset({Stream.marketing}), slowly)]
        )
        quick = list(gate._hurdles[:-1])
        sender = threading.Thread(target=send, args=(world, issue))
        sender.start()
        time.sleep(0.4)
        monkeypatch.setattr(gate, "_hurdles", quick)
        one_click(world, message)
        assert now(world, message).state is State.skipped
        sender.join()
    else:
        one_click(world, message)
        send(world, issue)
    after = now(world, message)
    assert (after.state, after.why, after.attempt) == (State.skipped, "not_chosen", 0)
    assert world.letters() == []


def test_an_unsubscribe_waits_for_a_claim_that_came_first(world: World, issue: Mailing) -> None:
    person = reader(world)
    message = planned(world, person, issue)
    order: list[str] = []
    holding, go_on = threading.Event(), threading.Event()

    def claim() -> None:
        with world.app.app_context(), transaction() as current:
            row = current.scalar(select(Message).where(Message.id == message.id).with_for_update())
            row.state, row.attempt = State.claimed, 1
            current.flush()
            holding.set()
            go_on.wait(10)
            time.sleep(0.3)
            order.append("claimed")

    def unsubscribe() -> None:
        one_click(world, message)
        order.append("unsubscribed")

    threads = [threading.Thread(target=claim), threading.Thread(target=unsubscribe)]
    threads[0].start()
    assert holding.wait(10)
    threads[1].start()
    go_on.set()
    for one in threads:
        one.join()
    assert order == ["claimed", "unsubscribed"]
    assert now(world, message).state is State.claimed


def test_at_random_nobody_is_handed_over_after_their_unsubscribe(world: World) -> None:
    """Twenty people unsubscribe at the moment their mail leaves; whoever is skipped got nothing, once is most."""
    issue = mailing(world, state=MailingState.sending, intended=20)
    world.make.stored(Variant(mailing_id=issue.id, mask=0, subject="Ice", html="<p>Ice</p>", text="Ice"))
    people = [reader(world) for _ in range(20)]
    messages = [planned(world, person, issue) for person in people]
    threads = [threading.Thread(target=one_click, args=(world, message)) for message in messages]
    threads.insert(7, threading.Thread(target=send, args=(world, issue)))
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    send(world, issue)
    got = [one.address for one in world.letters()]
    for person, message in zip(people, messages, strict=True):
        state = now(world, message).state
        assert state in {State.skipped, State.accepted}
        assert got.count(person.address) == (1 if state is State.accepted else 0)


DEEDS: dict[str, Callable[[Member], object]] = {
    "not_chosen": lambda member: preferences.leave_topic(member, Topic.newsletter, "test"),
    "left": lambda member: members.leave(member, "test"),
    "paused": lambda member: members.pause(member, clock.now() + timedelta(days=30), "test"),
}


@pytest.mark.parametrize("reason", DEEDS)
def test_whatever_takes_consent_back_takes_what_is_planned_back(
    world: World, issue: Mailing, reason: str
) -> None:
    person, other = reader(world), reader(world)
    mine, theirs = planned(world, person, issue), planned(world, other, issue)
    seat = planned(world, person, None, stream=Stream.event, line=1, topic="")
    sign_in = planned(world, person, None, stream=Stream.account, line=0, lane=0, topic="")
    later = planned(world, person, mailing(world, "newsletter:2"), due_at=clock.now() + timedelta(days=2))
    with world.inside():
        DEEDS[reason](session().get(Member, person.id))
    assert (now(world, mine).state, now(world, mine).why) == (State.skipped, reason)
    for untouched in (theirs, seat, sign_in, later):
        assert now(world, untouched).state is State.planned


def test_asking_for_more_takes_nothing_back(world: World, issue: Mailing) -> None:
    person = reader(world)
    message = planned(world, person, issue)
    with world.inside():
        preferences.choose(session().get(Member, person.id), {Topic.roles: Cadence.each}, "test")
    assert now(world, message).state is State.planned
