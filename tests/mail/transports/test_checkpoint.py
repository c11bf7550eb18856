"""The checkpoint before every request: what is certain is told before anything else leaves, and a held worker stops."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from portal.mail.transports.choose import Transport
from portal.mail.transports.outbox import Outbox
from portal.mail.transports.result import HELD, Fact, Fate
from tests.mail.transports.cast import batch, fates, people, person, with_fate
from tests.mail.transports.servers import Postbox, Running
from tests.stub.fixtures import Provider


class Guard:
    """Notes what it is told and how many requests the provider had seen by then; shuts after `most` passages."""

    def __init__(self, seen: Callable[[], int], most: int = 10**6) -> None:
        self.seen, self.most = seen, most
        self.told: list[dict[str, Fate]] = []
        self.requests: list[int] = []

    def __call__(self, facts: Mapping[str, Fact]) -> bool:
        self.told.append({message: fact.fate for message, fact in facts.items()})
        self.requests.append(self.seen())
        return len(self.told) <= self.most


@pytest.fixture
def sendgrid(provider: Provider, way_out: Callable[..., Transport]) -> Transport:
    return way_out(provider.mail_url, connect_seconds=10, read_seconds=60)


@pytest.fixture
def seen(provider: Provider) -> Callable[[], int]:
    return lambda: provider.counts()["requests"]


def test_every_request_passes_it_and_what_came_before_is_told(sendgrid, provider, seen):
    provider.misbehave("400_nofield", address="ada5@example.org")
    guard = Guard(seen)
    result = sendgrid.send(batch([*people(16), person(99, "nonsense")]), guard)
    assert guard.requests == list(range(provider.counts()["requests"]))
    assert guard.told[0] == {"m99": Fate.refused}
    told: dict[str, Fate] = {}
    for one in guard.told:
        assert not set(one) & set(told), "nothing is told twice"
        told |= one
    assert told.items() <= fates(result).items()
    assert with_fate(result, Fate.refused) == {"m5", "m99"}
    assert set(fates(result)) - set(told) <= with_fate(result, Fate.accepted) | {"m5"}


def test_a_worker_that_was_held_up_sends_nothing(sendgrid, provider, seen):
    result = sendgrid.send(batch(people(1000)), Guard(seen, most=0))
    assert provider.counts()["requests"] == 0
    assert set(result.facts.values()) == {Fact(Fate.again, HELD)}
    assert (result.pause, result.retry_after) == ("", 0.0)


def test_a_worker_held_up_between_two_requests_keeps_what_it_knows(sendgrid, provider, seen):
    provider.misbehave("413", more_than=500)
    result = sendgrid.send(batch(people(1000)), Guard(seen, most=2))
    assert provider.counts()["requests"] == 2
    assert len(with_fate(result, Fate.accepted)) == len(provider.addresses()) == 500
    assert len(with_fate(result, Fate.again)) == 500


def test_a_mailbox_at_a_time_over_smtp(way_out):
    postbox = Postbox()
    server = Running(postbox)
    server.start()
    try:
        way = way_out(f"smtp://127.0.0.1:{server.port}?tls=none", connect_seconds=10, read_seconds=20)
        guard = Guard(lambda: len(postbox.mails), most=3)
        result = way.send(batch(people(5)), guard)
    finally:
        server.end()
    assert guard.requests == [0, 1, 2, 3]
    assert guard.told == [{}, {"m0": Fate.accepted}, {"m1": Fate.accepted}, {"m2": Fate.accepted}]
    assert len(postbox.mails) == 3
    assert with_fate(result, Fate.again) == {"m3", "m4"}


def test_the_outbox_asks_too(tmp_path: Path):
    folder = tmp_path / "outbox"
    result = Outbox(folder).send(batch(people(2)), lambda _facts: False)
    assert with_fate(result, Fate.again) == {"m0", "m1"}
    assert list(folder.rglob("*.eml")) == []
