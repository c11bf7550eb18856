"""Send, see the seconds run down without a script, take it back, send again, and let it go."""

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from portal.core import clock
from portal.core.db import db
from portal.newsletters.models import Block, BlockKind, Newsletter
from portal.staff.models import Staff
from tests.rig import browser, databases, redis, server
from tests.rig.browser import PHONE, OpenPage
from tests.rig.server import Site
from tests.world import SECRET_KEY, World

UNDO = 15


@pytest.mark.nightly
@pytest.mark.timeout(300)
@pytest.mark.parametrize("kind", databases.KINDS)
def test_what_is_taken_back_never_leaves_and_what_is_not_does(kind: str, open_page: OpenPage) -> None:
    is_embedded = kind == "sqlite"
    address = "" if is_embedded else redis.url()
    if address:
        redis.empty(address)
    with (
        databases.fresh_database(kind) as url,
        server.running(
            url, redis_url=address, embedded=is_embedded, secret_key=SECRET_KEY, undo_seconds=str(UNDO)
        ) as site,
    ):
        world = World(url, Path(site.folder), base_url=site.address)
        people = [world.make.member(f"Reader {number}") for number in range(3)]
        writer = world.make.staff("recruiter", name="Inês Carvalho")
        page = signed_in(world, site, open_page, writer)
        issue = a_draft(world, writer)
        press_send(page, issue, len(people))
        first = seconds_left(page)
        deadline = time.monotonic() + 12
        while seconds_left(page) >= first and time.monotonic() < deadline:
            time.sleep(0.5)
        assert 0 < seconds_left(page) < first, "the page goes on counting without a script"
        browser.inspect(page, looks=((PHONE, "dark"),))
        page.get_by_role("button", name="Take it back").click()
        expect(page.get_by_text("Taken back. Nobody got anything.")).to_be_visible()
        time.sleep(UNDO)
        assert site.letters() == []

        press_send(page, issue, len(people))
        page.get_by_text("Done", exact=True).wait_for(timeout=100_000)
        assert sorted(one.address for one in site.letters()) == sorted(one.address for one in people)
        with world.app.app_context():
            db.engine.dispose()


def signed_in(world: World, site: Site, open_page: OpenPage, person: Staff) -> Page:
    cookie = world.browser(person).client.get_cookie(world.app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    page = open_page(site.address, width=PHONE, scripts=False)
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": site.address}])
    return page


def a_draft(world: World, writer: Staff) -> str:
    moment = clock.now()
    issue = world.make.stored(
        Newsletter(
            slug="winter-2027",
            title="Winter 2027",
            year=2027,
            quarter=1,
            subject="What ice does",
            preheader="A quarter of small repairs",
            sender_id=writer.id,
            created_at=moment,
            changed_at=moment,
        )
    )
    text = "Hello {{ name | there }},\n\nice is rude."
    world.make.stored(Block(newsletter_id=issue.id, position=1, kind=BlockKind.text, text=text))
    return f"/admin/newsletters/{issue.id}"


def press_send(page: Page, issue: str, number: int) -> None:
    page.goto(f"{issue}/confirmation")
    page.locator('[name="number"]').fill(str(number))
    page.get_by_role("button", name=f"Send to {number} ").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Sending")


def seconds_left(page: Page) -> int:
    found = re.search(r"It leaves in (\d+) second", page.locator("main").inner_text())
    return int(found[1]) if found else 0
