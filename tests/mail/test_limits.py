"""How many mails strangers may cause, also when they all ask at once."""

import pytest

from portal.core.addresses import parse
from portal.mail import limits
from tests.mail.post_room import at_once, later
from tests.world import World


def ask(world: World, address: str, requester: str, **more: bool) -> bool:
    with world.inside():
        return limits.take_leave(parse(address), requester, world.settings, **more)


def limited(world: World, **numbers: int) -> World:
    world.settings = world.settings.model_copy(update=numbers)
    return world


@pytest.fixture
def strict(world: World) -> World:
    """Small limits; the world's own come back afterwards."""
    before = world.settings
    yield limited(
        world,
        mailbox_hourly_limit=4,
        mailbox_daily_limit=6,
        domain_hourly_limit=10,
        requester_hourly_limit=7,
    )
    world.settings = before


def test_fifty_at_once_for_one_mailbox(strict: World) -> None:
    deeds = [
        lambda number=number: ask(strict, f"ada+{number % 3}@example.org", f"10.0.0.{number}")
        for number in range(50)
    ]
    assert at_once(deeds).count(True) == 4


def test_fifty_at_once_for_one_domain(strict: World) -> None:
    deeds = [
        lambda number=number: ask(strict, f"person{number}@example.org", f"10.0.0.{number}")
        for number in range(50)
    ]
    assert at_once(deeds).count(True) == 10
    assert ask(strict, "ada@example.com", "10.0.1.1") is True, "another domain is another matter"


def test_fifty_at_once_from_one_requester(strict: World) -> None:
    deeds = [
        lambda number=number: ask(strict, f"ada@domain{number}.example", "10.0.0.1") for number in range(50)
    ]
    assert at_once(deeds).count(True) == 7


def test_a_mailbox_opens_again_after_an_hour_and_closes_for_the_day(strict: World) -> None:
    def asks(number: int) -> list[bool]:
        return [ask(strict, "ada@example.org", f"10.0.{number}.{one}") for one in range(5)]

    assert asks(1) == [True] * 4 + [False]
    with later(minutes=61):
        assert asks(2) == [True] * 2 + [False] * 3
    with later(hours=25, minutes=5):
        assert asks(3) == [True] * 4 + [False]


def test_what_was_refused_keeps_no_mailbox_closed(strict: World) -> None:
    for number in range(60):
        ask(strict, "ada@example.org", f"10.0.{number}.1")
    with later(minutes=61):
        assert ask(strict, "ada@example.org", "10.0.99.1") is True


def test_what_others_asked_for_does_not_hold_up_a_known_browser(strict: World) -> None:
    for number in range(20):
        ask(strict, "ada@example.org", f"10.0.{number}.1")
    assert ask(strict, "ada@example.org", "10.0.99.1") is False
    assert ask(strict, "ada@example.org", "10.0.99.1", is_known_browser=True) is True
    own = [ask(strict, "ada@example.org", "10.0.98.1", is_known_browser=True) for _ in range(9)]
    assert own == [True] * 7 + [False] * 2


def test_who_was_forgotten_was_never_counted(strict: World) -> None:
    for number in range(5):
        ask(strict, "ada@example.org", f"10.0.{number}.1")
    with strict.inside():
        limits.forget(parse("ada@example.org"))
    assert ask(strict, "ada@example.org", "10.0.9.1") is True


def test_all_counting_ends_after_two_days(strict: World) -> None:
    ask(strict, "ada@example.org", "10.0.0.1")
    with later(days=2, minutes=1), strict.inside() as current:
        limits.remove_old()
        assert current.query(limits.MailAsk).count() == 0
