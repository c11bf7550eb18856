"""Forget me means it: afterwards nothing in the house says that this person was ever there."""

import re
import time

import pytest

from tests.journeys import candidate, recruiter, traces
from tests.journeys.letters import letter
from tests.rig import browser
from tests.rig.browser import PHONE, OpenPage
from tests.rig.server import Site
from tests.world import World

ADDRESS, NAME = "Zsofia.Quibble@example.org", "Zsófia Quibblethwaite"
SIGNS = [sign.encode() for sign in ("quibble", "Quibble", "QUIBBLE", "zsofia", "Zsofia", "Zsófia")]


@pytest.mark.timeout(180)
def test_nothing_of_a_forgotten_person_is_left(site: Site, backstage: World, open_page: OpenPage) -> None:
    make = backstage.make
    interest, place = make.interest("Engineering"), make.place("Lisbon")
    make.event(title="Soup by the river")
    page = open_page(site.address, width=PHONE)
    candidate.ask_to_join(page, NAME, ADDRESS)
    candidate.confirm_by_link(site, page, ADDRESS)
    candidate.answer_questions(page, interest.name, place.name)
    candidate.take_a_seat(page, "Soup by the river")
    letter(site, ADDRESS, "You have a seat")
    letter(site, ADDRESS, "elcome")
    assert found(site, backstage), "the search itself finds nothing"

    page.goto("/me/data")
    page.get_by_label("Type the word forget").fill("forgive")
    recruiter.press(page, "Forget me now")
    recruiter.said(page, "That is not the word")
    page.get_by_label("Type the word forget").fill("forget")
    recruiter.press(page, "Forget me now")
    candidate.heading(page, "You are forgotten")
    browser.inspect(page, looks=((PHONE, "light"),))
    receipt = page.url
    assert re.search(r"/forgotten/[A-Za-z0-9_-]+$", receipt)
    page.goto("/me")
    candidate.heading(page, "Mail me my link")

    deadline = time.monotonic() + 10
    while (left := found(site, backstage)) and time.monotonic() < deadline:
        time.sleep(0.5)
    assert left == []
    assert NAME not in open_page(site.address).goto(receipt).text()
    assert site.letters(ADDRESS) == []

    # Whoever was forgotten is a stranger like any other, and may come again.
    candidate.ask_to_join(open_page(site.address), "Somebody New", ADDRESS)
    letter(site, ADDRESS, candidate.CONFIRM)


def found(site: Site, backstage: World) -> list[str]:
    """Where any sign of the person stands."""
    places = [(f"table {name}", "\n".join(rows).encode()) for name, rows in traces.tables(backstage).items()]
    places += [*traces.files(site), *traces.queue(site)]
    return [f"{sign.decode()} in {name}" for name, content in places for sign in SIGNS if sign in content]
