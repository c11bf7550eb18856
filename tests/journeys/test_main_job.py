"""The whole job from end to end: people join, a recruiter writes to them, each gets a letter of their own."""

import json
import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from portal.core import clock, tokens
from portal.core.db import session
from portal.mail.models import Message
from portal.mail.transports.outbox import Letter
from portal.members.models import Member
from tests.journeys import candidate, recruiter
from tests.journeys.letters import code, letter, link
from tests.rig import browser
from tests.rig.browser import DESK, PHONE, OpenPage
from tests.rig.server import Site
from tests.world import World

INES, AME, KAI, MEI, ZOE = (f"{name}@example.org" for name in ("ines", "ame", "kai", "mei", "zoe"))
STORY, EVENT, ROLE = "The night the gauge drowned", "Soup by the river", "Welder for wet places"
SUBJECT = "What ice does"


@pytest.mark.timeout(300)
def test_from_joining_to_the_letter_and_out_again(
    site: Site, backstage: World, open_page: OpenPage, tmp_path: Path
) -> None:
    desk = open_page(site.address, width=DESK)
    secret = recruiter.come_in(site, desk, INES, "Inês Carvalho")
    recruiter.sign_in_again(site, desk, INES, secret)
    browser.inspect(desk, looks=((DESK, "light"),))
    recruiter.offer_interests(desk, "Engineering", "Design")
    recruiter.offer_place(desk, "Lisbon", "PT", "Europe/Lisbon")
    recruiter.tell_a_story(desk, tmp_path, STORY, "Engineering")
    recruiter.plan_an_event(desk, EVENT, "Lisbon")
    recruiter.open_a_role(desk, ROLE)

    phone = open_page(site.address, width=PHONE)
    amelie_joins(site, phone)
    kai_joins_with_the_code(site, open_page)
    candidate.join(site, open_page(site.address), "Mei 山田", MEI, follows="Engineering")
    zoe = open_page(site.address, scripts=False)
    candidate.join(site, zoe, "Zoë", ZOE)
    zoe.goto("/me/contact")
    candidate.choose(zoe, newsletter="never")

    issue = write_the_letter(desk)
    preview_and_test(site, desk, issue)
    recruiter.send(desk, issue, 3)
    it_adds_up(site, desk, 1, accepted=3)
    names = {AME: "Amé", KAI: "Kai O'Neill", MEI: "Mei 山田"}
    sent = {one.address: one for one in site.letters() if one.subject.startswith(SUBJECT)}
    assert sent.keys() == names.keys()
    for address, one in sent.items():
        assert one.subject == f"{SUBJECT}, {names[address]}"
        assert f"Hello {names[address]}," in one.text
        assert ("Only for builders" in one.text) == ("Only for builders" in one.html) == (address != KAI)
        its_links_belong_to(site, backstage, one)
    assert [one.subject for one in site.letters(ZOE) if one.subject.startswith(SUBJECT)] == []

    kai_hears_less(site, open_page, sent[KAI])
    mei_leaves_by_one_click(sent[MEI])
    a_quarter_passes(backstage)
    another = recruiter.begin_newsletter(desk, "A second letter", "More of it")
    recruiter.open_with(desk, another, "Hello {{ name | there }},\n\nthere is more.")
    recruiter.send(desk, another, 1)
    it_adds_up(site, desk, 2, accepted=1)
    assert [one.address for one in site.letters() if one.subject == "More of it"] == [AME]


def amelie_joins(site: Site, phone: Page) -> None:
    """From a phone: the link in the same browser, the questions, a seat and a story."""
    candidate.ask_to_join(phone, "Amélie 山田 Łukasz", AME)
    browser.inspect(phone, looks=((PHONE, "light"),))
    candidate.confirm_by_link(site, phone, AME)
    browser.inspect(phone, looks=((PHONE, "dark"),))
    candidate.answer_questions(phone, "Engineering", "Lisbon")
    phone.goto("/me/contact")
    assert candidate.chosen(phone, "newsletter") == "quarterly"
    expect(phone.get_by_text("Last changed by you on")).to_be_visible()
    candidate.take_a_seat(phone, EVENT)
    seat = letter(site, AME, EVENT)
    assert [one.filename for one in seat.attachments if one.filename.endswith(".ics")]
    candidate.read_a_story(phone, STORY)
    welcome = letter(site, AME, "elcome")
    assert "Amé" in welcome.text or "Amélie" in welcome.text
    phone.goto(link(site, letter(site, AME, candidate.CONFIRM), "/join/confirm/"))
    candidate.heading(phone, "You are in")


def kai_joins_with_the_code(site: Site, open_page: OpenPage) -> None:
    """Asks in one browser, opens the mail in another, and has to show the digits there."""
    candidate.ask_to_join(open_page(site.address), "Kai O'Neill", KAI)
    other = open_page(site.address, scheme="dark")
    asked = letter(site, KAI, candidate.CONFIRM)
    other.goto(link(site, asked, "/join/confirm/"))
    other.get_by_label("The six digits").fill("000000" if code(asked) != "000000" else "111111")
    recruiter.press(other, "Yes, let me in")
    recruiter.said(other, "That is not the code")
    other.get_by_label("The six digits").fill(code(asked))
    recruiter.press(other, "Yes, let me in")
    candidate.heading(other, "What you follow")
    other.get_by_label("Design").check()
    recruiter.press(other, "Save and go on")
    candidate.heading(other, "Your profile")


def write_the_letter(desk: Page) -> str:
    """One of each block, one of them for a segment only; returns the address of the issue."""
    recruiter.describe_segment(desk, "Builders", "Engineering")
    issue = recruiter.begin_newsletter(desk, "Winter by the river", SUBJECT + ", {{ name | you }}")
    recruiter.open_with(desk, issue, "Dear Applicant,\n\nhello.")
    recruiter.said(desk, "could be to anybody")
    recruiter.open_with(desk, issue, "Hello {{ name | there }},\n\nit **froze**.")
    recruiter.add_block(desk, issue, "Text", segment="Builders", text="Only for builders.")
    recruiter.add_block(desk, issue, "Story", thing=STORY)
    recruiter.add_block(desk, issue, "Event", thing=EVENT)
    recruiter.add_block(desk, issue, "Role", thing=ROLE)
    recruiter.add_block(desk, issue, "Button", text="See all events", url="/events")
    candidate.heading(desk, "Winter by the river")
    browser.inspect(desk, looks=((DESK, "light"),))
    return issue.partition("#")[0]


def preview_and_test(site: Site, desk: Page, issue: str) -> None:
    """See it as one member and as another, and send it to oneself."""
    desk.goto(f"{issue}/preview")
    for typed, name, is_builder in (("ame", "Amélie", True), ("kai", "Kai", False)):
        recruiter.fill(desk, q=typed)
        recruiter.press(desk, "Find")
        desk.get_by_role("link", name=name).click()
        shown = desk.frame_locator("iframe.letter").locator("body")
        expect(shown).to_contain_text(STORY)
        assert ("Only for builders" in shown.inner_text()) == is_builder
    desk.get_by_role("link", name="Plain text").click()
    expect(desk.locator("pre.letter-text")).to_contain_text("Hello Kai O'Neill,")
    desk.get_by_role("button", name="Send me a test").click()
    test = letter(site, INES, "TEST")
    assert "Hello Kai O'Neill," in test.text
    assert EVENT in test.html


def a_quarter_passes(backstage: World) -> None:
    """Nobody gets two quarterly letters on a day; so the first one was a while ago."""
    with backstage.inside() as current:
        current.execute(
            update(Message)
            .where(Message.handed_over_at.is_not(None))
            .values(handed_over_at=clock.now() - timedelta(days=92))
        )


def it_adds_up(site: Site, desk: Page, mailing: int, accepted: int) -> None:
    """The page and the command say the same."""
    rows = recruiter.balance(desk)
    assert rows.pop("Meant for") == sum(rows.values())
    assert rows["Handed over"] == accepted
    told = json.loads(site.command("mailing", "balance", str(mailing), "--json"))
    assert told["adds_up"]
    assert told["is_finished"]
    assert (told["accepted"], told["unknown"], told["failed"]) == (accepted, 0, 0)


def its_links_belong_to(site: Site, backstage: World, one: Letter) -> None:
    """Every link of ours works, and the personal ones name the letter of this person."""
    everywhere = [one.text, one.html, one.headers["List-Unsubscribe"]]
    for part in everywhere:
        found = re.findall(re.escape(site.address) + r"/([up])/([A-Za-z0-9_-]+)", part)
        assert found
        with backstage.inside():
            for kind, token in found:
                purpose = "unsubscribe" if kind == "u" else "preferences"
                message = session().get(Message, tokens.unseal(purpose, token))
                assert message is not None
                assert message.address == one.address
                member = session().scalar(select(Member).where(Member.address_key == one.address))
                assert member is not None
                assert message.member_id == member.id
    ours = [each for each in one.links if each.startswith(site.address)]
    assert len(ours) == len(one.links)
    pictures = re.findall(r'src="(http[^"]+)"', one.html)
    assert pictures
    for address in [*ours, *pictures]:
        with urlopen(address, timeout=15) as answer:
            assert answer.status == 200
    assert one.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def kai_hears_less(site: Site, open_page: OpenPage, mail: Letter) -> None:
    """From the mail, in a browser that knows nothing of him."""
    page = open_page(site.address, width=PHONE)
    page.goto(link(site, mail, "/p/"))
    candidate.heading(page, "What we write to you")
    assert "Kai" not in page.content()
    assert KAI not in page.content()
    assert candidate.chosen(page, "newsletter") == "quarterly"
    candidate.choose(page, newsletter="never", events="each")
    assert candidate.chosen(page, "newsletter") == "never"
    expect(page.get_by_text("Last changed by you on")).to_be_visible()
    browser.inspect(page, looks=((PHONE, "light"),))


def mei_leaves_by_one_click(mail: Letter) -> None:
    """Her mail program asks, twice, without cookies, as RFC 8058 describes."""
    address = mail.headers["List-Unsubscribe"].strip("<>")
    assert urlsplit(address).path.startswith("/u/")
    for _ in range(2):
        with urlopen(
            Request(address, data=b"List-Unsubscribe=One-Click", method="POST"), timeout=15
        ) as answer:
            assert answer.status == 200
            assert answer.url == address
            assert "Set-Cookie" not in answer.headers
