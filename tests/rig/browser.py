"""Chromium for the journeys: phone and desk, light and dark, with and without scripts, and the page inspector."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Request, Response, sync_playwright

from tests.rig import pages

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE, DESK = 390, 1280
HEIGHTS = {PHONE: 844, DESK: 900}
Scheme = Literal["light", "dark"]
LOOKS: tuple[tuple[int, Scheme], ...] = ((PHONE, "light"), (PHONE, "dark"), (DESK, "light"), (DESK, "dark"))
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE_OPTIONS = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "tag", "values": TAGS},
    "rules": {"target-size": {"enabled": True}},
}
AXE_RUN = "options => axe.run(document, options).then(results => results.violations)"
RESULTS = Path(__file__).resolve().parents[2] / "test-results"
FAILED = pytest.StashKey[bool]()
OpenPage = Callable[..., Page]


@dataclass
class Watch:
    """What happened in a page since it was opened."""

    scripts: bool
    answers: dict[str, Response] = field(default_factory=dict)
    outside: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


_watches: dict[Page, Watch] = {}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Remember that a test failed, for whoever cleans up after it."""
    report: Any = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium, started once for this worker; `HEADED=1` shows it."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        pytest.fail("Chromium was not found: tests/rig/install says what to install")
    with sync_playwright() as playwright:
        headless = not os.environ.get("HEADED")
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS, headless=headless)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[OpenPage]:
    """Open a page of a visitor of its own, with cookies of its own.

    Takes `at` (the address paths start from), `width`, `scheme`, `scripts` and `zone`. Fails in the end when
    the page asked for anything off the site or complained (script errors, refused by the policy, broken files).
    A failed test leaves pictures of its pages in `test-results/`.
    """
    opened: list[Page] = []

    def open_one(
        at: str,
        width: int = DESK,
        scheme: Scheme = "light",
        scripts: bool = True,
        zone: str = "Europe/Lisbon",
    ) -> Page:
        context = chromium.new_context(
            base_url=at,
            viewport={"width": width, "height": HEIGHTS[width]},
            color_scheme=scheme,
            java_script_enabled=scripts,
            timezone_id=zone,
            locale="en-GB",
            reduced_motion="reduce",
            has_touch=width == PHONE,
        )
        page = context.new_page()
        page.set_default_timeout(15_000)
        _watch(page, at, scripts)
        opened.append(page)
        return page

    yield open_one
    found = [words for page in opened for words in _watches[page].outside + _watches[page].complaints]
    if found or request.node.stash.get(FAILED, False):
        RESULTS.mkdir(exist_ok=True)
        name = re.sub(r"[^a-z0-9]+", "-", request.node.nodeid.lower()).strip("-")[-120:]
        for number, page in enumerate(opened, 1):
            page.screenshot(path=RESULTS / f"{name}-{number}.png", full_page=True)
    for page in opened:
        del _watches[page]
        page.context.close()
    assert not found, "In the browser:\n  " + "\n  ".join(found)


def inspect(page: Page, looks: tuple[tuple[int, Scheme], ...] = LOOKS) -> None:
    """Fail when anything is wrong with the page as it was sent, or as it looks in any of the looks."""
    page.wait_for_load_state("load")
    found: list[str] = []
    answer = _watches[page].answers.get(_plain(page.url))
    if answer is not None and "html" in answer.headers.get("content-type", ""):
        found += pages.faults(answer.text())
    before = page.viewport_size
    for width, scheme in looks:
        page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
        page.emulate_media(color_scheme=scheme)
        found += [f"at {width} px, {scheme}: {fault}" for fault in _look(page)]
    if before is not None:
        page.set_viewport_size(before)
    assert not found, f"{page.url} has faults:\n  " + "\n  ".join(dict.fromkeys(found))


def _look(page: Page) -> Iterator[str]:
    """What accessibility rules say, and whether anything sticks out to the side."""
    width, room = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    if width > room:
        yield f"the page is {width - room} px too wide"
    if not _watches[page].scripts:
        return  # the accessibility rules are themselves a script
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE_SCRIPT)
    for violation in page.evaluate(AXE_RUN, AXE_OPTIONS):
        for node in violation["nodes"]:
            why = "; ".join(each["message"] for each in node["any"] + node["all"] + node["none"])
            yield f"{violation['id']}: {', '.join(map(str, node['target']))} - {why}"


def _plain(address: str) -> str:
    return address.partition("#")[0]


def _watch(page: Page, at: str, scripts: bool) -> None:
    """Note what the page asks for and what it complains about."""
    watch = _watches[page] = Watch(scripts)
    own = urlsplit(at).netloc

    def asked(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc != own:
            watch.outside.append(f"{page.url} asked for {request.url}")

    def answered(response: Response) -> None:
        try:
            is_page = response.request.is_navigation_request() and response.frame == page.main_frame
        except Error:  # the frame is gone already
            return
        if is_page:
            watch.answers[_plain(response.url)] = response
        elif response.status >= 400:
            watch.complaints.append(f"{page.url} got {response.status} for {response.url}")

    def said(message: ConsoleMessage) -> None:
        # Chromium also writes down pages that answer 404 or 422 on purpose.
        if message.type == "error" and "Failed to load resource" not in message.text:
            watch.complaints.append(f"{page.url} complained: {message.text}")

    page.on("request", asked)
    page.on("response", answered)
    page.on("console", said)
    page.on("pageerror", lambda error: watch.complaints.append(f"{page.url} broke: {error}"))
