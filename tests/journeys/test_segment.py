"""A recruiter builds a segment, with scripts and without, sees what each line leaves, and asks why."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import recruiter
from tests.journeys.candidate import heading
from tests.rig import browser
from tests.rig.browser import DESK, OpenPage
from tests.rig.server import Site
from tests.world import World


@pytest.mark.timeout(240)
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_segment_is_built_counted_saved_and_explained(
    scripts: bool, site: Site, backstage: World, open_page: OpenPage
) -> None:
    make = backstage.make
    data, design = make.interest("Data"), make.interest("Design")
    make.place("Lisbon")
    make.member("Ada Lovelace", interests=(data,), is_remote=True)
    make.member("Bo Diddley", interests=(data, design))
    make.member("Cy Twombly", interests=(design,))
    page = open_page(site.address, width=DESK, scripts=scripts)
    recruiter.come_in(site, page, "rae@example.org", "Rae")

    page.goto("/admin/segments/lists")
    recruiter.fill(page, **{"tag-name": "Religion"})
    recruiter.press(page, "Make the tag")
    expect(page.get_by_text("choose by how people found us").first).to_be_visible()
    recruiter.fill(page, **{"tag-name": "Speaker"})
    recruiter.press(page, "Make the tag")
    recruiter.said(page, "The tag “Speaker” is there.")

    page.goto("/admin/members?interest=data")
    page.get_by_role("link", name="Save these filters as a segment").click()
    heading(page, "New segment")
    recruiter.said(page, "leaves 2 people")
    add(page, "r", "remote")
    recruiter.said(page, "leaves 1 person")
    add(page, "r", "group")
    add(page, "r-2", "tag")
    page.get_by_label("Speaker").check()
    if not scripts:
        recruiter.press(page, "Count without saving")
    recruiter.said(page, "Nobody fits today")
    browser.inspect(page)
    page.get_by_role("button", name="Remove this group").click()
    recruiter.said(page, "leaves 1 person")
    recruiter.fill(page, name="Far away with data")
    recruiter.press(page, "Save the segment")

    heading(page, "Far away with data")
    recruiter.said(page, "People who follow Data, and who are open to remote work.")
    browser.inspect(page)
    page.get_by_role("link", name="why Ada Lovelace").click()
    heading(page, "Why Ada Lovelace")
    recruiter.said(page, "Because you are in the network, follow Data and are open to remote work.")
    browser.inspect(page)
    page.goto("/admin/segments/lists")
    browser.inspect(page)


def add(page: Page, path: str, kind: str) -> None:
    """Add a line or a group, and wait until it is there."""
    page.locator(f'[name="{path}.add"]').select_option(kind)
    before = page.locator(".rule-line, .rule-group").count()
    page.locator(f'button[value="add:{path}"]').click()
    expect(page.locator(".rule-line, .rule-group")).to_have_count(before + 1)
