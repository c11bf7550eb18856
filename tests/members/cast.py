"""What every test of the front gate does: fill the form, read the mail, press or type."""

import html
import re
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.core import tokens
from portal.members.models import Consent, Member
from tests.world import Browser, World

FIELD = re.compile(r'name="shown"[^>]*value="([^"]+)"')


def join(browser: Browser, address: str = "ada@example.org", **fields: Any) -> TestResponse:
    """Open the form, wait as long as a person, and send it."""
    url = fields.pop("url", "/join")
    return browser.post("/join", data={**form(browser, address, url), **fields})


def form(
    browser: Browser, address: str = "ada@example.org", url: str = "/join", age: float = 20
) -> dict[str, str]:
    """A filled-in form that has been open for `age` seconds."""
    from_page = stamped(browser, url)
    with browser.world.app.test_request_context():
        moment, *facts = tokens.read("form", from_page)  # type: ignore[misc]
        shown = tokens.sign("form", [int(moment - age * 10), *facts])
    return {
        "address": address,
        "name": "Ada Example",
        "call_name": "",
        "agree": "y",
        "source": "",
        "shown": shown,
    }


def stamped(browser: Browser, url: str = "/join") -> str:
    """The mark in the form as the page shows it now."""
    found = FIELD.search(browser.get(url).text)
    assert found
    return html.unescape(found[1])


def link_in(letter: Any, path: str = "/") -> str:
    """The one link of a letter that a person follows, as a path."""
    paths = [link.removeprefix("http://portal.test") for link in letter.links]
    return next(one for one in paths if one.startswith(path))


def code_in(letter: Any) -> str:
    """The six digits of a letter."""
    found = re.search(r"^\s*(\d{6})$", letter.text, re.MULTILINE)
    assert found, letter.text
    return found[1]


def member_at(world: World, address: str = "ada@example.org") -> Member | None:
    """The member with that address key."""
    with world.inside() as current:
        return current.scalar(select(Member).where(Member.address_key == address))


def consents(world: World, person: Member) -> list[Consent]:
    """Their lines in the ledger."""
    with world.inside() as current:
        return list(
            current.scalars(select(Consent).where(Consent.person == person.ledger_key).order_by(Consent.id))
        )


def is_signed_in(browser: Browser) -> bool:
    """Whether this browser gets at the member's own page."""
    return browser.get("/me/profile").status_code == 200


DAY = timedelta(days=1)
