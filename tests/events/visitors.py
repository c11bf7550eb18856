"""What somebody does who is no member: asks, reads the mail, and confirms."""

import re
from datetime import timedelta
from typing import Any

from werkzeug.test import TestResponse

from portal.core import clock, doorbell
from portal.members import consent_texts
from tests.world import Browser, World

READ = timedelta(seconds=30)


def shown(world: World, version: str = "") -> str:
    """The mark of a form that was opened half a minute ago."""
    moment, before = clock.now(), clock.now
    with world.inside():
        clock.now = lambda: moment - READ  # type: ignore[assignment]
        try:
            return doorbell.stamp(version or consent_texts.current().version)
        finally:
            clock.now = before


def ask(world: World, browser: Browser, slug: str, address: str, **fields: Any) -> TestResponse:
    """Send the form for a seat."""
    form = {"address": address, "name": "Noor Guest", "shown": shown(world), **fields}
    return browser.post(f"/events/{slug}/rsvp", **form)


def confirm_link(world: World, address: str) -> str:
    """The path of the link in the newest mail."""
    found = [re.search(r"/seat/confirm/[\w-]+", letter.text) for letter in world.letters(address)]
    return next(one[0] for one in found if one)


def code(world: World, address: str) -> str:
    """The six digits in the newest mail."""
    found = re.search(r"^\s*(\d{6})$", world.letters(address)[0].text, re.MULTILINE)
    assert found
    return found[1]


def come(world: World, browser: Browser, slug: str, address: str, **fields: Any) -> str:
    """Ask and confirm; returns the path of one's own page."""
    assert ask(world, browser, slug, address, **fields).status_code == 302
    answer = browser.post(confirm_link(world, address))
    assert answer.status_code == 302, answer.text
    assert answer.location.startswith("/seat/")
    return str(answer.location)
