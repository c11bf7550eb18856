"""A mail scanner opens every link, with GET and HEAD and with a browser that runs scripts: nothing changes."""

import re
from collections.abc import Iterable
from html import unescape
from urllib.error import HTTPError
from urllib.parse import urldefrag, urljoin, urlsplit
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import BrowserContext, Page

from portal.core import clock
from portal.newsletters.models import Block, BlockKind, Newsletter
from portal.segments.models import Segment
from tests.journeys import candidate, recruiter, traces
from tests.journeys.letters import code, letter, link
from tests.rig.browser import OpenPage
from tests.rig.server import Site
from tests.world import World

HREF = re.compile(r'<a\b[^>]*?\bhref="([^"]+)"')
LINGER = 1_000


@pytest.mark.timeout(240)
def test_opening_every_link_changes_nothing(site: Site, backstage: World, open_page: OpenPage) -> None:
    reader = letters_of_every_kind(backstage)
    asks, signs_in = open_page(site.address), open_page(site.address)
    candidate.ask_to_join(asks, "Ada Asks", "asks@example.org")
    signs_in.goto("/sign-in")
    signs_in.get_by_label("Your mail address").fill(reader)
    recruiter.press(signs_in, "Send the link")
    confirm, sign_in = letter(site, "asks@example.org", ""), letter(site, reader, "sign-in")
    site.command("staff", "invite", "new@example.org")
    invitation = letter(site, "new@example.org", "")

    in_mails = {urldefrag(each)[0] for one in site.letters() for each in one.links}
    in_mails |= {one.headers["List-Unsubscribe"].strip("<>") for one in site.letters()
                 if "List-Unsubscribe" in one.headers}  # fmt: skip
    assert {urlsplit(each).path.split("/")[1] for each in in_mails} >= {
        "join",
        "sign-in",
        "admin",
        "u",
        "p",
        "events",
    }
    before = traces.tables(backstage)
    assert sum(map(len, before.values())) > 40

    open_plainly(site, in_mails)
    public = walk(site, ["/", "/join", "/sign-in", "/admin/sign-in", "/stories/feed.xml"])
    open_plainly(site, public)
    open_with_scripts(signs_in.context.browser.new_context(), in_mails | public)

    after = traces.tables(backstage)
    assert before.keys() == after.keys()
    assert {name: after[name] for name in before if before[name] != after[name]} == {}

    asks.goto(link(site, confirm, "/join/confirm/"))
    recruiter.press(asks, "Yes, let me in")
    candidate.heading(asks, "What you follow")
    signs_in.goto(link(site, sign_in, "/sign-in/"))
    recruiter.press(signs_in, "Sign me in")
    candidate.heading(signs_in, "My page")
    staff = open_page(site.address)
    staff.goto(link(site, invitation, "/admin/sign-in/"))
    if staff.get_by_role("button", name="Go on").count() == 0:
        pytest.fail("an invitation has no way in")
    recruiter.press(staff, "Go on")
    candidate.heading(staff, "Connect an authenticator app")
    quarter = letter(site, reader, "What ice does")
    signs_in.goto(link(site, quarter, "/u/"))
    recruiter.press(signs_in, "Stop this kind of mail")
    candidate.heading(signs_in, "Stop these mails")
    signs_in.goto("/me/contact")
    assert candidate.chosen(signs_in, "newsletter") == "never"
    assert code(sign_in)


def letters_of_every_kind(backstage: World) -> str:
    """A seat, a place in the waitlist, a newsletter, a change of address; returns the address of who got them."""
    make = backstage.make
    interest, sender = make.interest("Engineering"), make.staff("recruiter", name="Inês Carvalho")
    reader, other = make.member("Rui Reader", interests=(interest,)), make.member("Olga Other")
    story, event, role = make.story(sender), make.event(sender, capacity=1), make.role(sender)
    moment = clock.now()
    segment = make.stored(
        Segment(slug="builders", name="Builders", rule={"is": "interest", "any_of": [interest.slug]},
                created_at=moment, changed_at=moment)
    )  # fmt: skip
    issue = make.stored(
        Newsletter(slug="winter-2027", title="Winter 2027", year=2027, quarter=1, subject="What ice does",
                   preheader="Small repairs", sender_id=sender.id, created_at=moment, changed_at=moment)
    )  # fmt: skip
    blocks = [
        {"kind": BlockKind.text, "text": "Hello {{ name | there }},"},
        {"kind": BlockKind.text, "text": "For builders.", "segment_id": segment.id},
        {"kind": BlockKind.story, "story_id": story.id},
        {"kind": BlockKind.event, "event_id": event.id},
        {"kind": BlockKind.role, "role_id": role.id},
        {"kind": BlockKind.button, "text": "See all", "url": "/events"},
    ]
    make.stored(*(Block(newsletter_id=issue.id, position=n, **values) for n, values in enumerate(blocks, 1)))
    at_desk = backstage.browser(sender)
    assert at_desk.post(f"/admin/newsletters/{issue.id}/confirmation", number="2").status_code == 302
    for person in (reader, other):
        theirs = backstage.browser(person)
        assert theirs.post(f"/events/{event.slug}/rsvp", answer="yes").status_code == 302
    assert theirs.post("/me/address", address="olga.new@example.org").status_code == 302
    subjects = {one.subject for one in backstage.letters()}
    assert len(subjects) >= 4, subjects
    return reader.address


def open_plainly(site: Site, addresses: Iterable[str]) -> None:
    """GET and HEAD each."""
    for address in sorted(addresses):
        if address.startswith(site.address):
            assert {visit(address, "GET")[0], visit(address, "HEAD")[0]} <= {200, 404, 410}, address


def visit(address: str, method: str = "GET") -> tuple[int, str]:
    """What a plain program gets."""
    try:
        with urlopen(Request(address, method=method), timeout=15) as answer:
            return answer.status, answer.read().decode(errors="replace")
    except HTTPError as problem:
        return problem.code, ""


def walk(site: Site, paths: list[str]) -> set[str]:
    """Every address of ours that the public pages lead to."""
    seen: set[str] = set()
    todo = [site.address + path for path in paths]
    while todo:
        address = todo.pop()
        if address in seen or len(seen) > 150:
            continue
        seen.add(address)
        status, text = visit(address)
        assert status in {200, 404}, address
        found = {urldefrag(urljoin(address, unescape(each)))[0] for each in HREF.findall(text)}
        todo += [each for each in found if each.startswith(site.address) and each not in seen]
    return seen


def open_with_scripts(context: BrowserContext, addresses: Iterable[str]) -> None:
    """Open each in a tab of its own and stay a while, so that whatever a page does by itself is done."""
    tabs: list[Page] = []
    for address in sorted(addresses):
        if urlsplit(address).path.endswith((".ics", ".xml", ".json")):
            continue  # these are downloads, and nothing runs in them
        tab = context.new_page()
        tab.goto(address, wait_until="load", timeout=20_000)
        tabs.append(tab)
        if len(tabs) == 8:
            linger(tabs)
    linger(tabs)
    context.close()


def linger(tabs: list[Page]) -> None:
    """Wait a second on what is open, then close it."""
    if tabs:
        tabs[-1].wait_for_timeout(LINGER)
    while tabs:
        tabs.pop().close()
