"""Many at once: of fifty presses one counts, and a race of two leaves one of each."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from sqlalchemy import func, select

from portal.core.sessions import BrowserSession
from portal.mail.models import MailAsk, Message
from portal.members.models import Consent, Member
from tests.members.cast import code_in, form, join, link_in
from tests.world import Browser, World


def at_once(deeds: Sequence[Callable[[], Any]]) -> list[Any]:
    """Begin them all at the same moment."""
    gate = Barrier(len(deeds))

    def run(deed: Callable[[], Any]) -> Any:
        gate.wait()
        return deed()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def twin(browser: Browser) -> Browser:
    """The same browser once more: another tab."""
    copy = browser.world.browser()
    for name in ("session", "browser", "known"):
        if (cookie := browser.client.get_cookie(name)) is not None:
            copy.client.set_cookie(name, cookie.value, domain="localhost")
    return copy


def presses(browser: Browser, count: int, url: str, **fields: str) -> list[int]:
    tabs = [twin(browser) for _ in range(count)]
    return at_once(
        [
            lambda tab=tab: tab.client.post(url, data={"csrf_token": tab.csrf, **fields}).status_code
            for tab in tabs
        ]
    )


def number_of(world: World, table: Any, *which: Any) -> int:
    with world.inside() as current:
        return current.scalar(select(func.count()).select_from(table).where(*which)) or 0


def test_fifty_presses_of_a_confirmation_are_one(world: World, stranger: Browser) -> None:
    join(stranger)
    link = link_in(world.letters()[0], "/join/confirm")
    answers = presses(stranger, 50, link)
    assert sorted(set(answers)) == [200, 302]
    assert answers.count(302) == 1
    assert number_of(world, BrowserSession) == 1
    assert number_of(world, Consent, Consent.how == "mail link", Consent.about == "network") == 1
    assert number_of(world, Message, Message.letter == "members/welcome") == 1


def test_fifty_presses_of_a_sign_in_are_one_session(world: World, stranger: Browser) -> None:
    person = world.make.member()
    stranger.post("/sign-in", address=person.address)
    answers = presses(stranger, 50, link_in(world.letters()[0], "/sign-in/"))
    assert answers.count(302) == 1
    assert number_of(world, BrowserSession) == 1


def test_fifty_right_codes_are_one_session(world: World, stranger: Browser) -> None:
    person = world.make.member()
    stranger.post("/sign-in", address=person.address)
    presses(stranger, 20, "/sign-in/check-your-mail", code=code_in(world.letters()[0]))
    assert number_of(world, BrowserSession) == 1


def test_joining_twenty_times_at_once_is_one_person(world: World) -> None:
    browsers = [world.browser() for _ in range(20)]
    forms = [form(browser) for browser in browsers]
    at_once(
        [
            lambda browser=browser, fields=fields: browser.client.post(
                "/join", data={"csrf_token": browser.csrf, **fields}
            )
            for browser, fields in zip(browsers, forms, strict=True)
        ]
    )
    assert number_of(world, Member) == 1
    assert number_of(world, Message) == world.settings.mailbox_hourly_limit
    assert len(world.letters()) == 1, "only the newest mail is worth sending"


def test_a_burst_from_many_networks_keeps_to_the_limit(world: World) -> None:
    world.make.member(address="victim@example.org")
    browsers = [world.browser() for _ in range(40)]
    at_once(
        [
            lambda browser=browser, number=number: browser.client.post(
                "/sign-in",
                data={"csrf_token": browser.csrf, "address": f"victim+{number % 3}@example.org"},
                environ_base={"REMOTE_ADDR": f"10.1.{number}.7"},
            )
            for number, browser in enumerate(browsers)
        ]
    )
    assert number_of(world, Message) == world.settings.mailbox_hourly_limit
    assert number_of(world, MailAsk) == 40


def test_two_requests_to_forget_leave_one_receipt(world: World) -> None:
    person = world.make.member()
    browser = world.browser(person)
    answers = presses(browser, 5, "/me/data/forget", word="forget")
    assert all(answer in {302, 303} for answer in answers)
    assert number_of(world, Member) == 0
