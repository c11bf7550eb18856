"""What people do with a mail: wait for it, open its link, read its code."""

import re
import time

from portal.mail.transports.outbox import Letter
from tests.rig.server import Site

CODE = re.compile(r"^\s*(\d{6})$", re.MULTILINE)


def letter(site: Site, to: str, about: str, patience: float = 20) -> Letter:
    """The newest mail to that address whose subject holds those words; waits until it is there."""
    deadline = time.monotonic() + patience
    while True:
        for one in site.letters(to):
            if about in one.subject:
                return one
        if time.monotonic() > deadline:
            there = [f"{one.address}: {one.subject}" for one in site.letters()]
            raise AssertionError(f"no mail to {to} about {about!r}, only {there}\n{site.log()[-4000:]}")
        time.sleep(0.1)


def link(site: Site, one: Letter, path: str) -> str:
    """The link of a mail that leads to that part of the site."""
    return next(each for each in one.links if each.startswith(site.address + path))


def code(one: Letter) -> str:
    """The six digits of a mail."""
    found = CODE.search(one.text)
    assert found, one.text
    return found[1]
