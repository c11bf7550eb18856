"""Every page that a stranger, a member and the people who work here can reach, looked at one after another.

The two databases share the work: each sees every page, one on a light phone and a dark desk, the other the other way.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select
from werkzeug.exceptions import HTTPException

from portal.core.db import session
from portal.demo import fill
from portal.demo.offers import MEMBER_ADDRESS
from portal.staff.actions import code_now
from portal.staff.models import Role, Staff
from tests.journeys import candidate, recruiter
from tests.journeys.letters import code, letter
from tests.rig import browser
from tests.rig.browser import DESK, PHONE, OpenPage, Scheme
from tests.rig.server import Site
from tests.world import World

HREF = re.compile(r'<a\b[^>]*?\bhref="([^"]+)"')
LOOKS: dict[bool, tuple[tuple[int, Scheme], ...]] = {
    True: ((PHONE, "light"), (DESK, "dark")),
    False: ((PHONE, "dark"), (DESK, "light")),
}
NO_PAGES = {"events.calendar", "stories.feed", "stories.picture", "members.download", "home.logo", "static"}


@dataclass
class Walk:
    """Follows the site's own links from page to page."""

    site: Site
    app: Flask
    looks: tuple[tuple[int, Scheme], ...]
    examples: int
    """How many pages of a kind are looked at: two stories, two events ..."""
    seen: set[str] = field(default_factory=set)
    kinds: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def go(self, page: Page, *starts: str) -> None:
        """Look at every kind of page that can be reached from there."""
        todo = [self.site.address + start for start in starts]
        while todo:
            address = todo.pop(0)
            kind = self.kind(address)
            if address in self.seen or not kind or self.kinds[kind] >= self.examples:
                continue
            self.seen.add(address)
            self.kinds[kind] += 1
            answer = page.goto(address)
            assert answer is not None
            if answer.status != 200:
                self.faults.append(f"{address} answered {answer.status}")
                continue
            try:
                browser.inspect(page, looks=self.looks)
            except AssertionError as found:
                self.faults.append(str(found))
            todo += links(address, answer.text())

    def kind(self, address: str) -> str:
        """The endpoint of one of our pages and the names in its query; "" for anything else."""
        parts = urlsplit(address)
        if not address.startswith(self.site.address):
            return ""
        try:
            endpoint, _values = self.app.url_map.bind(parts.netloc).match(parts.path, method="GET")
        except HTTPException as problem:
            return f"links that lead nowhere: {problem.code}"
        names = sorted({name for name, _value in parse_qsl(parts.query)})
        return "" if endpoint in NO_PAGES else " ".join([endpoint, *names])


def links(address: str, html: str) -> Iterator[str]:
    """Where the links of a page lead."""
    for found in HREF.findall(html):
        yield urldefrag(urljoin(address, unescape(found)))[0]


@pytest.mark.timeout(300)
def test_every_page_is_sound_and_open_to_everybody(site: Site, backstage: World, open_page: OpenPage) -> None:
    with backstage.app.app_context():
        fill.fill(backstage.settings, lambda step: None)
    looks = LOOKS[site.embedded]

    stranger, member, staff = (Walk(site, backstage.app, looks, examples) for examples in (2, 1, 1))
    stranger.go(open_page(site.address), "/", "/join", "/sign-in", "/admin/sign-in")
    mine = open_page(site.address)
    mine.goto("/sign-in")
    mine.get_by_label("Your mail address").fill(MEMBER_ADDRESS)
    recruiter.press(mine, "Send the link")
    mine.get_by_label("The six digits").fill(code(letter(site, MEMBER_ADDRESS, "sign-in")))
    recruiter.press(mine, "Let me in")
    candidate.heading(mine, "My page")
    member.go(mine, "/me", "/events", "/stories", "/me/address")
    desk = open_page(site.address)
    enter(site, backstage, desk)
    staff.kinds.update(dict.fromkeys(stranger.kinds, staff.examples))
    staff.go(desk, "/admin")
    faults = stranger.faults + member.faults + staff.faults
    assert faults == [], "\n".join(faults)
    walked = stranger.kinds.keys() | member.kinds.keys() | staff.kinds.keys()
    assert len(walked) > 60, sorted(walked)


def enter(site: Site, backstage: World, page: Page) -> None:
    """Sign in as the admin of the community."""
    with backstage.inside():
        admin = session().scalar(select(Staff).where(Staff.role == Role.admin))
        assert admin is not None
        shown_by_the_app = code_now(admin)
    page.goto("/admin/sign-in")
    recruiter.fill(page, address=admin.address)
    recruiter.press(page, "Mail me a link")
    recruiter.fill(page, code=code(letter(site, admin.address, "Sign in")))
    recruiter.press(page, "Go on")
    recruiter.fill(page, code=shown_by_the_app)
    recruiter.press(page, "Sign in")
    candidate.heading(page, "Today")
