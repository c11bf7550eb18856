"""What a recruiter does in a browser."""

import re
import time
from datetime import timedelta
from pathlib import Path

import pyotp
from playwright.sync_api import Page, expect

from portal.core import clock
from tests.journeys.candidate import heading
from tests.journeys.letters import code, letter, link
from tests.rig.server import Site
from tests.stories.uploads import photo


def fill(page: Page, **fields: str) -> None:
    """Type into fields by their names."""
    for name, value in fields.items():
        page.locator(f'[name="{name}"]').fill(value)


def press(page: Page, words: str) -> None:
    """Press a button."""
    page.get_by_role("button", name=words, exact=True).click()


def said(page: Page, words: str) -> None:
    """The page says so."""
    expect(page.get_by_text(words).first).to_be_visible()


def come_in(site: Site, page: Page, address: str, name: str, role: str = "recruiter") -> str:
    """Follow the invitation and connect an authenticator app; returns its secret."""
    site.command("staff", "invite", address, "--role", role, "--name", name)
    page.goto("/admin")
    heading(page, "Staff entrance")
    page.goto(link(site, letter(site, address, ""), "/admin/sign-in/"))
    if page.get_by_role("heading", level=1).inner_text() == "Come in":
        press(page, "Go on")
    heading(page, "Connect an authenticator app")
    found = re.search(r"\b((?:[A-Z2-7]{4} ){7}[A-Z2-7]{4})\b", page.locator("main").inner_text())
    secret = (found[1] if found else page.locator("#main input[readonly]").input_value()).replace(" ", "")
    fill(page, code=pyotp.TOTP(secret).now())
    press(page, "Connect and sign in")
    heading(page, "Keep these codes")
    page.get_by_role("link", name="I have kept them").click()
    heading(page, "Today")
    return secret


def sign_in_again(site: Site, page: Page, address: str, secret: str) -> None:
    """Sign out, and in again as on any other day."""
    press(page, "Sign out")
    fill(page, address=address)
    press(page, "Mail me a link")
    heading(page, "Check your mail")
    fill(page, code=code(letter(site, address, "ign in")))
    press(page, "Go on")
    heading(page, "Your authenticator app")
    # The present code was used to connect the app; each works once.
    fill(page, code=pyotp.TOTP(secret).at(int(time.time()) + 30))
    press(page, "Sign in")
    heading(page, "Today")


def offer_interests(page: Page, *names: str) -> None:
    """Write down what people can follow."""
    for name in names:
        page.goto("/admin/interests/add")
        fill(page, name=name, line=f"All about {name.lower()}.")
        press(page, "Add it")


def offer_place(page: Page, name: str, country: str, zone: str) -> None:
    """Write down where people can work or meet."""
    page.goto("/admin/interests/places/add")
    fill(page, name=name, country=country)
    page.locator('[name="zone"]').select_option(zone)
    press(page, "Add it")


def tell_a_story(page: Page, folder: Path, title: str, interest: str) -> None:
    """Write a story with a picture and publish it."""
    picture = folder / "river.jpg"
    picture.write_bytes(photo())
    page.goto("/admin/stories/new")
    fill(
        page,
        title=title,
        summary="Two of us stayed, and the river taught us something.",
        body="It was late.\n\n**And** then it rained.",
        agreed_on=f"{clock.now().date():%Y-%m-%d}",
        picture_alt="Half a river, half a bank",
    )
    page.get_by_label(interest).check()
    page.locator('[name="upload"]').set_input_files(picture)
    press(page, "Keep as a draft")
    heading(page, title)
    press(page, "Publish")
    page.get_by_role("link", name="See it live").click()
    heading(page, title)
    shown = page.get_by_alt_text("Half a river, half a bank")
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100


def plan_an_event(page: Page, title: str, place: str) -> None:
    """Plan an event with two seats and publish it."""
    day = clock.now().date() + timedelta(days=20)
    page.goto("/admin/events/new")
    fill(
        page,
        title=title,
        summary="We walk, we measure, we eat soup.",
        description="Bring **boots**.",
        venue="The boathouse, Rua do Rio 1",
        starts=f"{day:%Y-%m-%d}T18:00",
        ends=f"{day:%Y-%m-%d}T20:00",
        capacity="2",
    )
    page.locator('[name="zone"]').select_option("Europe/Lisbon")
    page.locator('[name="format"]').select_option("in_person")
    page.locator('[name="place"]').select_option(label=place)
    press(page, "Keep as a draft")
    heading(page, title)
    press(page, "Publish")
    said(page, "Published. Members can take seats now.")


def open_a_role(page: Page, title: str) -> None:
    """Write a role, confirm that it is real, and open it."""
    page.goto("/admin/roles/new")
    fill(
        page,
        title=title,
        summary="You weld what the river bends.",
        description="Hot work.",
        apply_url="https://jobs.example.org/welder",
    )
    press(page, "Keep as a draft")
    heading(page, title)
    press(page, "Confirm that it is real")
    press(page, "Open")
    page.get_by_role("link", name="See it live").click()
    heading(page, title)


def describe_segment(page: Page, name: str, interest: str) -> None:
    """Build the rule "follows this interest", count it, and save it."""
    page.goto("/admin/segments/new")
    if page.locator('[name="r-0.is"]').count() == 0:
        page.locator('[name="r.add"]').select_option("interest")
        page.get_by_role("button", name="Add to the rule").click()
    fill(page, name=name, line="For the letter of this quarter.")
    page.get_by_label(interest).check()
    press(page, "Count without saving")
    said(page, "in this segment now")
    press(page, "Save the segment")
    heading(page, name)


def begin_newsletter(page: Page, title: str, subject: str) -> str:
    """Begin an issue; returns the address of its page."""
    page.goto("/admin/newsletters/new")
    fill(page, title=title, subject=subject, preheader="Boots, soup and one open door")
    press(page, "Begin the newsletter")
    heading(page, title)
    return page.url


def add_block(page: Page, issue: str, kind: str, segment: str = "", thing: str = "", **fields: str) -> None:
    """Add a block to the issue, for everybody or for a segment."""
    page.goto(issue)
    page.locator(".block-add").get_by_role("link", name=kind, exact=True).click()
    heading(page, f"Add a {kind.lower()}" if kind != "Event" else "Add an event")
    fill(page, **fields)
    if thing:
        page.locator('[name="thing_id"]').select_option(label=thing)
    if segment:
        page.locator('[name="segment_id"]').select_option(label=f"Only {segment}")
    press(page, f"Save the {kind.lower()}")


def open_with(page: Page, issue: str, text: str) -> None:
    """Write the first text of the letter, which greets already."""
    page.goto(issue)
    page.get_by_role("link", name="Change Text 1").click()
    fill(page, text=text)
    press(page, "Save the text")


def send(page: Page, issue: str, number: int) -> None:
    """Look who gets it, type the number, and watch until all have it."""
    page.goto(f"{issue}/confirmation")
    fill(page, number=str(number))
    page.get_by_role("button", name=f"Send to {number} ").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Sending")
    page.get_by_text("Done", exact=True).wait_for(timeout=60_000)
    said(page, "It adds up")


def balance(page: Page) -> dict[str, int]:
    """The rows of "where everybody stands"."""
    table = page.get_by_role("table", name="The balance of this mailing")
    rows = [row.inner_text().split("\t") for row in table.get_by_role("row").all()[1:]]
    return {name.strip(): int(number.replace(",", "")) for name, number in rows}
