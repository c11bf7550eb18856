"""An evening from the list of events to the tap at the door, and one that was called off."""

import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from portal.core import clock
from portal.core.db import session
from portal.events import seats, the_day
from portal.events.details import Question, QuestionKind
from portal.events.models import Event, EventInterest, Format, Rsvp
from portal.members.models import Member
from portal.staff.actions import code_now
from portal.staff.models import Staff
from tests.journeys import candidate, recruiter
from tests.journeys.letters import code, letter, link
from tests.rig import browser
from tests.rig.browser import DESK, PHONE, OpenPage
from tests.rig.server import Site
from tests.world import World

NOOR, MEI = "noor@example.org", "mei@example.org"
SOUP = "Soup by the river"


def enter(site: Site, backstage: World, page: Page, person: Staff) -> None:
    """Sign in as somebody who works here."""
    page.goto("/admin/sign-in")
    recruiter.fill(page, address=person.address)
    recruiter.press(page, "Mail me a link")
    recruiter.fill(page, code=code(letter(site, person.address, "Sign in")))
    recruiter.press(page, "Go on")
    with backstage.inside():
        shown_by_the_app = code_now(session().get_one(Staff, person.id))
    recruiter.fill(page, code=shown_by_the_app)
    recruiter.press(page, "Sign in")
    candidate.heading(page, "Today")


def evening(backstage: World, host: Staff, **fields: Any) -> Event:
    """An evening about design in Lisbon, with a question, and another one elsewhere."""
    make = backstage.make
    design, place = make.interest("Design"), make.place("Lisbon")
    values = {"title": SOUP, "place_id": place.id, "venue": "The boathouse, Rua do Cais 4", "in_days": 10}
    event: Event = make.event(host, **(values | fields))
    make.stored(EventInterest(event_id=event.id, interest_id=design.id))
    make.stored(
        Question(
            event_id=event.id, position=1, words="Soup or bread?", kind=QuestionKind.one,
            options="Soup\nBread", is_required=True,
        )
    )  # fmt: skip
    make.event(host, title="An hour online", format=Format.online, capacity_online=50, in_days=3)
    make.event(host, title="Last year's regatta", in_days=-40, outcome="We lost, and **laughed**.")
    return event


def ask_for_a_seat(site: Site, page: Page, name: str, address: str) -> None:
    """Find the evening on the list, and ask for a seat without joining anything."""
    page.goto("/events")
    candidate.heading(page, "Events")
    page.get_by_label("About", exact=True).select_option(label="Design")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("link", name="An hour online")).to_have_count(0)
    page.get_by_role("link", name=SOUP).first.click()
    candidate.heading(page, SOUP)
    page.get_by_role("link", name="Take a seat").click()
    candidate.heading(page, f"Come to {SOUP}")
    page.get_by_label("Your mail address").fill(address)
    page.get_by_label("Your name", exact=True).fill(name)
    page.get_by_label("Something you need").fill("A step-free way in")
    page.wait_for_timeout(candidate.READING)
    page.get_by_role("button", name="Take a seat").click()
    expect(page.get_by_text("Please answer this one.").first).to_be_visible()
    page.get_by_label("Bread").check()
    page.wait_for_timeout(candidate.READING)
    page.get_by_role("button", name="Take a seat").click()
    candidate.heading(page, "Check your mail")


def begin(backstage: World, event: Event) -> None:
    """It begins in half an hour."""
    with backstage.inside():
        starts = clock.now() + timedelta(minutes=30)
        session().execute(
            update(Event)
            .where(Event.id == event.id)
            .values(starts_at=starts, ends_at=starts + timedelta(hours=2))
        )


@pytest.mark.timeout(240)
def test_a_stranger_comes_checks_in_at_the_wall_and_the_host_sees_it(
    site: Site, backstage: World, open_page: OpenPage
) -> None:
    host = backstage.make.staff("teammate", name="Rui Host", title="Engineer")
    backstage.make.story(host, title="The night the gauge drowned")
    event = evening(backstage, host)
    people = [backstage.make.member("Mei Yamada", MEI), backstage.make.member("Zoë Ng", "zoe@example.org")]
    with backstage.inside():
        for person in people:
            seats.take_seat(session().get_one(Member, person.id), event.id)

    phone = open_page(site.address, width=PHONE)
    phone.goto("/events")
    browser.inspect(phone)
    ask_for_a_seat(site, phone, "نور الدين", NOOR)
    browser.inspect(phone)
    phone.goto(link(site, letter(site, NOOR, "Confirm your seat"), "/seat/confirm/"))
    candidate.heading(phone, f"Your seat at {SOUP}")
    browser.inspect(phone)
    phone.get_by_role("button", name="Yes, I want to come").click()
    candidate.heading(phone, f"{SOUP}: your answer")
    expect(phone.get_by_text("You have a seat").first).to_be_visible()
    assert phone.get_by_label("Bread").is_checked()
    phone.get_by_label("Show my name").check()
    phone.get_by_role("button", name="Save for the hosts").click()
    browser.inspect(phone)
    assert phone.locator("#is_shown").is_checked()
    assert letter(site, NOOR, "You have a seat").attachments

    begin(backstage, event)
    with backstage.inside():
        on_the_wall = the_day.code(session().get_one(Event, event.id))
    phone.goto(f"/events/{event.slug}/here?code={on_the_wall}")
    phone.get_by_label("The mail address").fill(NOOR)
    browser.inspect(phone)
    phone.get_by_role("button", name="I am here").click()
    expect(phone.get_by_text("Good that you are here")).to_be_visible()

    door = open_page(site.address, width=PHONE)
    enter(site, backstage, door, host)
    door.goto(f"/admin/events/{event.id}/door")
    candidate.heading(door, f"At the door: {SOUP}")
    expect(door.get_by_text("Who is here (1)")).to_be_visible()
    browser.inspect(door)
    door.get_by_label("Find a name").fill("zoe")
    door.get_by_role("button", name="Find").click()
    expect(door.get_by_role("button", name="Mei Yamada")).to_have_count(0)
    door.get_by_role("button", name=re.compile("Zoë Ng")).click()
    expect(door.get_by_text("Zoë Ng is here")).to_be_visible()
    browser.inspect(door)
    door.get_by_role("button", name="Undo").first.click()
    expect(door.get_by_text("Taken back.")).to_be_visible()
    door.get_by_role("button", name=re.compile("Zoë Ng")).click()
    door.get_by_text("Somebody without a seat").click()
    door.get_by_role("button", name="Let them in").click()
    expect(door.get_by_text("Who is here (3)")).to_be_visible()
    door.goto(f"/admin/events/{event.id}/guests")
    expect(door.get_by_text("A step-free way in")).to_be_visible()
    browser.inspect(door)
    door.goto(f"/admin/events/{event.id}/wall")
    expect(door.get_by_text(on_the_wall)).to_be_visible()
    browser.inspect(door)


@pytest.mark.timeout(240)
def test_without_scripts_a_stranger_comes_and_gives_back_and_a_host_taps(
    site: Site, backstage: World, open_page: OpenPage
) -> None:
    host = backstage.make.staff("teammate", name="Rui Host")
    event = evening(backstage, host)
    page = open_page(site.address, width=PHONE, scripts=False)
    ask_for_a_seat(site, page, "Noor", NOOR)
    page.get_by_label("The six digits").fill(code(letter(site, NOOR, "Confirm your seat")))
    page.get_by_role("button", name="I want to come").click()
    candidate.heading(page, f"{SOUP}: your answer")
    page.get_by_role("button", name="Give my seat back").click()
    expect(page.get_by_text("You are not coming")).to_be_visible()
    browser.inspect(page)
    page.get_by_role("button", name="Take a seat after all").click()
    expect(page.get_by_text("You have a seat").first).to_be_visible()

    begin(backstage, event)
    door = open_page(site.address, width=PHONE, scripts=False)
    enter(site, backstage, door, host)
    door.goto(f"/admin/events/{event.id}/door")
    door.get_by_role("button", name=re.compile("Noor")).click()
    expect(door.get_by_text("Noor is here")).to_be_visible()
    with backstage.inside():
        assert session().scalar(select(Rsvp.attended)) is True
    page.locator("summary", has_text="Forget me now").click()
    page.get_by_role("button", name="Forget me now").click()
    candidate.heading(page, "You are forgotten")


@pytest.mark.timeout(240)
def test_a_recruiter_asks_moves_and_calls_off_and_everybody_hears_of_it(
    site: Site, backstage: World, open_page: OpenPage
) -> None:
    make = backstage.make
    boss, host = make.staff("recruiter", name="Ines Prado"), make.staff("teammate", name="Rui Host")
    event = evening(backstage, host, capacity=1)
    people = [make.member("Mei Yamada", MEI), make.member("Kai Waits", "kai@example.org")]
    with backstage.inside():
        for person in people:
            seats.take_seat(session().get_one(Member, person.id), event.id)
    desk = open_page(site.address, width=DESK)
    enter(site, backstage, desk, boss)
    desk.goto(f"/admin/events/{event.id}/edit")
    browser.inspect(desk)
    desk.get_by_role("link", name="Questions").click()
    candidate.heading(desk, "What guests are asked")
    browser.inspect(desk)
    desk.locator('[name="second-words"]').fill("What brings you?")
    desk.get_by_role("button", name="Save").click()
    recruiter.said(desk, "Guests are asked this from now on.")
    desk.goto(f"/admin/events/{event.id}/team")
    browser.inspect(desk)

    desk.goto(f"/admin/events/{event.id}/edit")
    desk.locator('[name="venue"]').fill("The old mill, Rua do Moinho 1")
    desk.get_by_role("button", name="Save", exact=True).click()
    recruiter.said(desk, "This tells 2 people by mail")
    browser.inspect(desk)
    desk.get_by_role("button", name="Save, and tell 2 people").click()
    recruiter.said(desk, "2 guests are being told what changed.")
    assert "The old mill" in letter(site, MEI, "place").text

    desk.get_by_role("link", name="Call off").click()
    browser.inspect(desk)
    recruiter.fill(desk, why="The river is too high.", typed="2")
    recruiter.press(desk, "Call it off and tell everybody")
    recruiter.said(desk, "2 people are being told")
    for address in (MEI, "kai@example.org"):
        assert "The river is too high." in letter(site, address, "Called off").text
    guest = open_page(site.address, width=PHONE)
    guest.goto(f"/events/{event.slug}")
    expect(guest.get_by_text("The river is too high.")).to_be_visible()
    browser.inspect(guest)
