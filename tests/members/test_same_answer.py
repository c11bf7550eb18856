"""Nobody learns from a page, its headers or its work whether an address is a member's."""

import re
from collections.abc import Callable

import pytest

from portal.core.limits import limiter
from portal.mail.actions import suppress
from portal.mail.models import Stream
from portal.members.models import Status
from tests.members.cast import form
from tests.world import World

VALUES = r"__\[POSTCOMPILE.*?\]|\(\?(, \?)*\)|%\(\w+\)s|\?"
KINDS = ("unknown", "asked", "active", "left", "suppressed", "limited", "limited member", "staff")


def person_of_kind(world: World, kind: str, address: str) -> None:
    if kind in {"asked", "active", "left"}:
        world.make.member(address=address, status=Status(kind))
    if kind in {"suppressed", "limited member"}:
        world.make.member(address=address)
    if kind == "suppressed":
        with world.inside():
            for stream in Stream:
                suppress(address, stream, "bounced")
    if kind == "staff":
        world.make.staff("admin", address=address)
    if kind.startswith("limited"):
        for _ in range(6):
            world.browser().post("/sign-in", address=address)


def observed(world: World, kind: str, send: Callable[[World, str], list[str]]) -> tuple[list[str], list[str]]:
    address = f"{kind.replace(' ', '')}x@example.org"
    person_of_kind(world, kind, address)
    world.asked.clear()
    with world.app.app_context():
        limiter.reset()
    with world.statements() as statements:
        seen = send(world, address)
    # A savepoint that is undone takes the place of one that is kept.
    shape = [re.sub(r"\s+", " ", re.sub(VALUES, "*", one)) for one in statements if "SAVEPOINT" not in one]
    seen = [text.replace(address, "ADDRESS") for text in seen]
    return seen, [*shape, str(len(world.asked))]


def sign_in(world: World, address: str) -> list[str]:
    return _post(world, "/sign-in", {"address": address}, "/sign-in/check-your-mail")


def join(world: World, address: str) -> list[str]:
    browser = world.browser()
    return _post(world, "/join", form(browser, address), "/join/check-your-mail")


def sign_in_and_type_codes(world: World, address: str) -> list[str]:
    return _codes(world, address, "/sign-in")


def join_and_type_codes(world: World, address: str) -> list[str]:
    return _codes(world, address, "/join")


def join_and_ask_again(world: World, address: str) -> list[str]:
    browser = world.browser()
    browser.post("/join", data=form(browser, address))
    return _seen(browser.post("/join/check-your-mail/again", follow=True))


def _post(world: World, url: str, fields: dict[str, str], then: str) -> list[str]:
    browser = world.browser()
    return _seen(browser.post(url, data=fields)) + _seen(browser.get(then))


def _codes(world: World, address: str, url: str) -> list[str]:
    browser = world.browser()
    fields = form(browser, address) if url == "/join" else {"address": address}
    browser.post(url, data=fields)
    seen: list[str] = []
    for number in range(7):
        seen += _seen(browser.post(f"{url}/check-your-mail", code=f"00000{number}", follow=True))
    return seen


def _seen(answer: object) -> list[str]:
    """Status, headers and body, without what is random for everybody."""
    body = re.sub(r'name="csrf_token" value="[^"]+"', "", answer.text)  # type: ignore[attr-defined]
    headers = {
        name: re.sub(r"=[^;]+|Expires=[^;]+", "=", value) if name == "Set-Cookie" else value
        for name, value in answer.headers.items()  # type: ignore[attr-defined]
        if name not in {"X-Request-Id", "Content-Length", "Retry-After"}
        and not name.startswith("X-RateLimit")
    }
    return [str(answer.status_code), str(sorted(headers.items())), body]  # type: ignore[attr-defined]


@pytest.mark.parametrize("send", [sign_in, join, join_and_ask_again], ids=lambda send: send.__name__)
def test_the_answer_and_the_work_are_the_same(world: World, send: Callable[[World, str], list[str]]) -> None:
    expected = observed(world, "unknown", send)
    for kind in KINDS[1:]:
        seen = observed(world, kind, send)
        assert seen[0] == expected[0], kind
        assert seen[1] == expected[1], kind


@pytest.mark.parametrize(
    "send", [sign_in_and_type_codes, join_and_type_codes], ids=lambda send: send.__name__
)
def test_typing_codes_tells_nothing_either(world: World, send: Callable[[World, str], list[str]]) -> None:
    expected, _ = observed(world, "unknown", send)
    for kind in KINDS[1:]:
        assert observed(world, kind, send)[0] == expected, kind
