"""What a candidate does in a browser."""

from playwright.sync_api import Page, expect

from tests.journeys.letters import code, letter, link
from tests.rig.server import Site

READING = 1_700
"""Milliseconds: nobody reads the form quicker, and the portal knows it."""
CONFIRM = "Confirm that you want to join"


def heading(page: Page, words: str) -> None:
    """The page is the one with that heading."""
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def ask_to_join(page: Page, name: str, address: str) -> None:
    """Fill in the form and send it."""
    page.goto("/")
    page.get_by_role("link", name="Join").first.click()
    heading(page, "Join the talent network")
    page.get_by_label("Your mail address").fill(address)
    page.get_by_label("Your name", exact=True).fill(name)
    page.get_by_role("checkbox").check()
    page.wait_for_timeout(READING)
    page.get_by_role("button", name="Join", exact=True).click()
    heading(page, "Check your mail")


def confirm_by_link(site: Site, page: Page, address: str) -> None:
    """Open the link of the mail in the browser that asked, and press its button."""
    page.goto(link(site, letter(site, address, CONFIRM), "/join/confirm/"))
    heading(page, "Come in")
    page.get_by_role("button", name="Yes, let me in").click()
    heading(page, "What you follow")


def confirm_by_code(site: Site, page: Page, address: str) -> None:
    """Type the digits of the mail where one asked."""
    page.get_by_label("The six digits").fill(code(letter(site, address, CONFIRM)))
    page.get_by_role("button", name="Let me in").click()
    heading(page, "What you follow")


def join(site: Site, page: Page, name: str, address: str, follows: str = "") -> None:
    """Join, type the code, answer what is asked, and keep the contact choices as they are."""
    ask_to_join(page, name, address)
    confirm_by_code(site, page, address)
    if follows:
        page.get_by_label(follows).check()
    page.get_by_role("button", name="Save and go on").click()
    heading(page, "Your profile")
    page.get_by_role("link", name="Skip this one").click()
    heading(page, "Your mail from us")
    page.get_by_role("button", name="Save my choices").click()
    heading(page, "My page")


def answer_questions(page: Page, follows: str, place: str) -> None:
    """Answer the three questions after joining; ends on one's own page."""
    page.get_by_label(follows).check()
    page.get_by_label(place).check()
    page.get_by_label("I would work remotely").check()
    page.get_by_role("button", name="Save and go on").click()
    heading(page, "Your profile")
    page.get_by_label("What shall we call you?").fill("Amé")
    page.get_by_role("button", name="Save and go on").click()
    heading(page, "Your mail from us")
    choose(page, newsletter="quarterly", events="each")
    heading(page, "My page")


def choose(page: Page, **topics: str) -> None:
    """Say how often a topic may come, and save."""
    for topic, cadence in topics.items():
        page.locator(f'input[name="{topic}"][value="{cadence}"]').check()
    page.get_by_role("button", name="Save my choices").click()


def chosen(page: Page, topic: str) -> str:
    """How often a topic comes, as the page shows it."""
    return page.locator(f'input[name="{topic}"]:checked').get_attribute("value") or ""


def take_a_seat(page: Page, event: str) -> None:
    """Find the event on its list and say yes."""
    page.get_by_role("link", name="Events").first.click()
    heading(page, "Events")
    page.get_by_role("link", name=event).first.click()
    heading(page, event)
    page.get_by_role("button", name="Take a seat").click()
    expect(page.get_by_text("You have a seat").first).to_be_visible()


def read_a_story(page: Page, story: str) -> None:
    """Find the story on its list and open it."""
    page.get_by_role("link", name="Stories").first.click()
    heading(page, "Stories")
    page.get_by_role("link", name=story).first.click()
    heading(page, story)
