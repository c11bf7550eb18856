"""People come in from a spreadsheet and a list goes out, in a browser, with and without scripts."""

import csv
import io
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import candidate, recruiter
from tests.journeys.letters import letter, link
from tests.rig import browser
from tests.rig.browser import DESK, PHONE, OpenPage
from tests.rig.server import Site

RAY = "ray@example.org"
ROWS = (
    ("E-Mail", "Vorname", "Nachname", "Land", "Geschlecht", "Interests"),
    ("Mei@Example.org", "Mei", "山田", "Japan", "f", "Engineering"),
    ("zoe@example.org", "Zoë", "Müller", "DE", "f", "Design|Welding"),
    ("not an address", "No", "Body", "PT", "", ""),
)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("scripts", [True, False])
def test_a_spreadsheet_in_and_out(site: Site, open_page: OpenPage, tmp_path: Path, scripts: bool) -> None:
    desk = open_page(site.address, width=DESK, scripts=scripts)
    recruiter.come_in(site, desk, RAY, "Ray Admin", role="admin")
    recruiter.offer_interests(desk, "Engineering", "Design")
    desk.goto("/admin/spreadsheet")
    _inspect(desk, scripts)
    desk.get_by_role("link", name="Bring people in").first.click()
    candidate.heading(desk, "Bring people in")
    _inspect(desk, scripts)
    file = tmp_path / "fair.csv"
    file.write_bytes("\r\n".join(";".join(row) for row in ROWS).encode("utf-8-sig"))
    desk.locator('[name="upload"]').set_input_files(file)
    recruiter.press(desk, "Look at this file")
    candidate.heading(desk, "What do the columns mean?")
    recruiter.said(desk, "Left out.")
    _inspect(desk, scripts)
    recruiter.fill(desk, origin="They met us at the river fair.", source="River fair")
    desk.get_by_label("Write one invitation").check()
    desk.get_by_label("Add interests and places").check()
    recruiter.press(desk, "Look through every row")
    candidate.heading(desk, "fair.csv")
    _wait_for(desk, "Nothing is imported yet")
    recruiter.said(desk, "We do not have Welding")
    _inspect(desk, scripts)
    recruiter.press(desk, "Import 2 rows")
    _wait_for(desk, "Take all of it back")
    _inspect(desk, scripts)

    guest = open_page(site.address, width=PHONE)
    invitation = letter(site, "Mei@example.org", "stay in touch")
    guest.goto(link(site, invitation, "/invitation/"))
    candidate.heading(guest, "No, thank you")
    _inspect(guest, scripts)
    recruiter.press(guest, "Erase it, and never write again")
    candidate.heading(guest, "You are forgotten")

    desk.goto("/admin/spreadsheet/exports/new?everybody=1&status=all")
    _inspect(desk, scripts)
    recruiter.fill(desk, reason="To print badges for the fair.")
    recruiter.press(desk, "Write the file")
    _wait_for(desk, "Fetch the file")
    _inspect(desk, scripts)
    with desk.expect_download() as waiting:
        recruiter.press(desk, "Fetch the file")
    rows = list(csv.DictReader(io.StringIO(Path(waiting.value.path()).read_text("utf-8-sig"))))
    told = [(row["Name"], row["Country"], row["Interests"]) for row in rows]
    assert told == [("Zoë Müller", "DE", "Design; Welding")]

    desk.goto("/admin/spreadsheet")
    _inspect(desk, scripts)
    desk.get_by_role("link", name="fair.csv").click()
    desk.get_by_text("Take all of it back", exact=True).first.click()
    desk.get_by_role("button", name="Take all of it back").last.click()
    _wait_for(desk, "1 person was removed")

    desk.goto("/admin/sources")
    recruiter.fill(desk, name="River fair 2027")
    recruiter.press(desk, "Make the link")
    recruiter.said(desk, "is there to copy")
    _inspect(desk, scripts)


def _wait_for(page: Page, words: str) -> None:
    """Work goes on behind the page; without scripts one looks again."""
    for _ in range(60):
        if page.get_by_text(words).first.is_visible():
            return
        page.wait_for_timeout(500)
        page.reload()
    expect(page.get_by_text(words).first).to_be_visible()


def _inspect(page: Page, scripts: bool) -> None:
    """Look closely once; the rules of accessibility are asked with scripts."""
    if scripts:
        browser.inspect(page)
