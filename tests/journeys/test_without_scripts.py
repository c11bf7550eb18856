"""A candidate whose browser runs no scripts has everything the others have."""

import pytest
from playwright.sync_api import expect

from tests.journeys import candidate
from tests.journeys.letters import letter, link
from tests.rig import browser
from tests.rig.browser import PHONE, OpenPage
from tests.rig.server import Site
from tests.world import World

ADDRESS = "noor@example.org"


@pytest.mark.timeout(180)
def test_a_candidate_without_scripts_joins_chooses_comes_reads_and_leaves(
    site: Site, backstage: World, open_page: OpenPage
) -> None:
    make = backstage.make
    interest, _place = make.interest("Engineering"), make.place("Lisbon")
    host = make.staff("teammate", name="Rui Host")
    make.story(host, title="The night the gauge drowned")
    make.event(host, title="Soup by the river", capacity=1)
    page = open_page(site.address, width=PHONE, scripts=False)
    candidate.ask_to_join(page, "نور الدين", ADDRESS)
    browser.inspect(page)
    candidate.confirm_by_link(site, page, ADDRESS)
    candidate.answer_questions(page, interest.name, "Lisbon")
    browser.inspect(page)
    candidate.take_a_seat(page, "Soup by the river")
    assert "Soup by the river" in letter(site, ADDRESS, "Soup").text
    page.get_by_role("button", name="Give my seat back").click()
    expect(page.get_by_role("button", name="Take a seat")).to_be_visible()
    candidate.read_a_story(page, "The night the gauge drowned")

    page.goto("/me/contact")
    page.get_by_label("3 months").check()
    page.get_by_role("button", name="Pause my mails").click()
    expect(page.get_by_text("We are quiet until").first).to_be_visible()
    page.get_by_role("button", name="Resume now").click()
    page.get_by_role("button", name="Write less often").click()
    assert candidate.chosen(page, "newsletter") == "yearly"
    page.locator("summary", has_text="Stop everything").click()
    page.get_by_role("button", name="Stop everything").click()
    expect(page.get_by_text("You get no mail from us")).to_be_visible()
    page.get_by_role("button", name="Come back").click()
    expect(page.get_by_role("heading", name="What may we write about")).to_be_visible()

    page.goto("/me/data")
    page.get_by_role("button", name="Sign out here").click()
    page.goto("/sign-in")
    page.get_by_label("Your mail address").fill(ADDRESS)
    page.get_by_role("button", name="Send the link").click()
    candidate.heading(page, "Check your mail")
    page.goto(link(site, letter(site, ADDRESS, "sign-in"), "/sign-in/"))
    page.get_by_role("button", name="Sign me in").click()
    candidate.heading(page, "My page")
