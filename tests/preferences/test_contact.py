"""/me/contact and /p/<token>: what mail I get, how often, and that the page says what is stored."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from portal.core import clock, words
from portal.mail import actions as mail
from portal.mail.models import Stream, Suppression
from portal.members.models import Member, Status
from portal.preferences import promise, queries
from portal.preferences.models import Cadence, LeavingReason, Reason, Topic
from tests.preferences.scene import choices, consents, link, mail_to
from tests.world import Browser, World

ALL_NEVER = {topic.value: "never" for topic in Topic}


def ticked(text: str) -> dict[str, str]:
    """The choice that stands ticked in each group of the page."""
    found = {}
    for tag in re.findall(r'<input type="radio"[^>]*>', text):
        if " checked" in tag:
            found[re.search(r'name="([^"]+)"', tag)[1]] = re.search(r'value="([^"]*)"', tag)[1]  # type: ignore[index]
    return found


def stored(world: World, person: Member) -> Member:
    with world.inside() as current:
        found = current.get(Member, person.id)
        current.expunge_all()
        return found


def doors(world: World, browser: Browser) -> list[tuple[Browser, str]]:
    """My page, signed in; and the link from a mail, in a browser that knows nobody."""
    return [
        (browser, "/me/contact"),
        (world.browser(), link(world, mail_to(world, browser.person), "preferences")),
    ]  # type: ignore[arg-type]


def test_both_doors_save_topics_and_show_what_is_stored(world: World, member: Browser) -> None:
    for number, (browser, address) in enumerate(doors(world, member)):
        cadence = ("monthly", "quarterly")[number]
        page = browser.post(
            address,
            follow=True,
            do="save",
            newsletter="yearly",
            events=cadence,
            roles="each",
            notes="never",
            greetings="never",
        )
        assert page.status_code == 200
        assert "Saved." in page.text
        assert "Last changed by you on" in page.text
        shown = ticked(page.text)
        assert (shown["newsletter"], shown["events"], shown["roles"]) == ("yearly", cadence, "each")
        assert choices(world, member.person)[Topic.events].value == cadence  # type: ignore[arg-type]
    lines = [(one.about, one.value, one.how) for one in consents(world, member.person)]  # type: ignore[arg-type]
    assert ("topic:roles", "each", "contact page") in lines
    assert ("topic:events", "quarterly", "mail link") in lines
    assert len(lines) == 4, "only what changed is written down"


def test_the_link_from_a_mail_shows_nothing_personal_and_opening_it_changes_nothing(
    world: World, member: Browser
) -> None:
    person = member.person
    address = link(world, mail_to(world, person), "preferences")  # type: ignore[arg-type]
    before = choices(world, person)  # type: ignore[arg-type]
    stranger = world.browser()
    for method in ("GET", "HEAD", "OPTIONS"):
        assert stranger.client.open(address, method=method).status_code == 200
    page = stranger.get(address)
    for personal in (person.name, person.address, person.public_id):  # type: ignore[union-attr]
        assert personal not in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert (choices(world, person), consents(world, person)) == (before, [])  # type: ignore[arg-type]
    assert stranger.get("/me/contact").status_code == 302, "the link signs nobody in"


def test_a_link_from_a_mail_is_over_when_the_mailbox_is_not_theirs_any_more(
    world: World, member: Browser
) -> None:
    address = link(
        world,
        mail_to(world, member.person, address="old@example.org", address_key="old@example.org"),
        "preferences",
    )  # type: ignore[arg-type]
    erased = link(world, mail_to(world, None, number=2), "preferences")
    for gone in (address, erased):
        page = world.browser().get(gone)
        assert page.status_code == 410
        assert "Mail me my link" in page.text
        assert world.browser().post(gone, do="leave").status_code == 410
    assert stored(world, member.person).status is Status.active  # type: ignore[arg-type]


def test_a_forged_link_is_nothing(world: World, member: Browser) -> None:
    address = link(world, mail_to(world, member.person), "preferences")  # type: ignore[arg-type]
    for forged in (address[:-1] + ("A" if address[-1] != "A" else "B"), "/p/x", "/p/" + "A" * 32):
        assert world.browser().get(forged).status_code == 404


def test_both_doors_refuse_a_form_from_elsewhere(world: World, member: Browser) -> None:
    for browser, address in doors(world, member):
        assert browser.post_without_token(address, do="leave").status_code == 400
    assert consents(world, member.person) == []  # type: ignore[arg-type]


@pytest.mark.parametrize("months", [1, 3, 6, 12])
def test_a_pause_shows_the_day_it_ends_and_can_end_now(world: World, member: Browser, months: int) -> None:
    page = member.get("/me/contact")
    shown = re.search(rf"{months} months?<small>until ([^<]+)</small>", page.text)
    assert shown
    page = member.post("/me/contact", follow=True, do="pause", months=str(months))
    assert f"We are quiet until {shown[1]}" in page.text
    person = stored(world, member.person)  # type: ignore[arg-type]
    assert words.day(person.paused_until, world.settings.zone) == shown[1]  # type: ignore[arg-type]
    assert abs(person.paused_until - clock.now() - timedelta(days=30.44 * months)) < timedelta(days=3)  # type: ignore[operator]
    page = member.post("/me/contact", follow=True, do="resume")
    assert "You get about" in page.text
    assert stored(world, member.person).paused_until is None  # type: ignore[arg-type]
    assert [one.about for one in consents(world, member.person)] == ["pause", "pause"]  # type: ignore[arg-type]


@pytest.mark.parametrize("months", ["2", "0", "-1", "", "twelve", "1 OR 1=1"])
def test_a_pause_that_is_not_offered_is_refused_in_words(world: World, member: Browser, months: str) -> None:
    page = member.post("/me/contact", do="pause", months=months)
    assert page.status_code == 422
    assert "error-summary" in page.text
    assert stored(world, member.person).paused_until is None  # type: ignore[arg-type]


@pytest.mark.parametrize("cadence", ["yearly", "nonsense", "", "\u0000"[:0] + "<b>"])
def test_a_topic_does_not_come_as_often_as_one_likes(world: World, member: Browser, cadence: str) -> None:
    page = member.post("/me/contact", do="save", events=cadence)
    assert page.status_code == 422
    assert choices(world, member.person)[Topic.events] is Cadence.each  # type: ignore[arg-type]


def test_less_often_takes_each_topic_one_step_down_and_stops_none(world: World, member: Browser) -> None:
    for _ in range(6):
        member.post("/me/contact", do="less")
    held = choices(world, member.person)  # type: ignore[arg-type]
    assert held[Topic.newsletter] is Cadence.yearly
    assert held[Topic.events] is Cadence.quarterly
    assert "Write less often" not in member.get("/me/contact").text


def test_leaving_and_coming_back(world: World, member: Browser) -> None:
    for browser, address in doors(world, member):
        page = browser.post(address, follow=True, do="leave")
        assert "You get no mail from us" in page.text
        assert "Would you tell us why?" in page.text
        assert stored(world, member.person).status is Status.left  # type: ignore[arg-type]
        assert set(choices(world, member.person).values()) == {Cadence.never}  # type: ignore[arg-type]
        page = browser.post(address, follow=True, do="save", **(ALL_NEVER | {"roles": "each"}))
        assert "You can come back first" in page.text
        page = browser.post(address, follow=True, do="back")
        assert "You get about 4 mails a quarter" in page.text
        held = choices(world, member.person)  # type: ignore[arg-type]
        assert {topic for topic, cadence in held.items() if cadence is not Cadence.never} == {
            Topic.newsletter,
            Topic.events,
        }
    given = [one for one in consents(world, member.person) if one.about == "network" and one.is_given]  # type: ignore[arg-type]
    assert all(one.text_version for one in given)


def test_one_tap_says_why_and_forgetting_takes_the_words_away(world: World, member: Browser) -> None:
    page = member.post("/me/contact", follow=True, do="save", newsletter="never")
    assert "Would you tell us why?" in page.text
    for text in ("First words.", "Second <b>words</b>."):
        assert (
            member.post(
                "/me/contact", do="reason", about="newsletter", reason="too_many", text=text
            ).status_code
            == 302
        )
    with world.inside() as current:
        (row,) = current.scalars(select(LeavingReason)).all()
        assert (row.reason, row.text) == (Reason.too_many, "Second <b>words</b>.")
    assert member.post("/me/contact", do="reason", about="newsletter", reason="because").status_code == 422
    assert member.post("/me/contact", do="reason", reason="other", text="x" * 1001).status_code == 422


def test_measuring_is_unknown_until_the_person_says_something(world: World, member: Browser) -> None:
    page = member.get("/me/contact")
    assert "measuring" not in ticked(page.text), "nothing is ticked for them"
    assert stored(world, member.person).may_measure is None  # type: ignore[arg-type]
    assert member.post("/me/contact", do="measure").status_code == 422
    for answer, is_given in (("yes", True), ("no", False)):
        page = member.post("/me/contact", follow=True, do="measure", measuring=answer)
        assert ticked(page.text)["measuring"] == answer
        assert stored(world, member.person).may_measure is is_given  # type: ignore[arg-type]
    lines = consents(world, member.person)  # type: ignore[arg-type]
    assert [(one.about, one.is_given) for one in lines] == [("measuring", True), ("measuring", False)]
    assert all(one.text_version.startswith("measuring-") for one in lines)


def test_asking_for_mail_again_lifts_what_stopped_it_at_their_wish(world: World, member: Browser) -> None:
    key = member.person.address_key  # type: ignore[union-attr]
    with world.inside():
        mail.suppress(key, Stream.marketing, "complained")
        mail.suppress(key, Stream.marketing, "bounced")
    page = member.get("/me/contact")
    assert "Our mail does not reach your mailbox" in page.text
    member.post("/me/contact", do="save", roles="each")
    with world.inside() as current:
        assert [one.reason for one in current.scalars(select(Suppression))] == ["bounced"]
    page = member.post("/me/contact", follow=True, do="lift")
    assert "You get about" in page.text
    with world.inside() as current:
        assert current.scalars(select(Suppression)).all() == []


def test_fields_of_the_member_cannot_be_set_along(world: World, member: Browser) -> None:
    member.post(
        "/me/contact",
        do="save",
        roles="each",
        status="left",
        may_measure="1",
        paused_until="2030-01-01",
        interest_mask="255",
        address="x@example.org",
    )
    person = stored(world, member.person)  # type: ignore[arg-type]
    assert (person.status, person.may_measure, person.paused_until, person.interest_mask) == (
        Status.active,
        None,
        None,
        0,
    )


def test_an_unknown_button_is_refused(member: Browser) -> None:
    for deed in ("", "stop", "delete"):
        assert member.post("/me/contact", do=deed).status_code == 422


def test_the_promise_is_counted_by_the_server_for_what_is_not_saved_yet(stranger: Browser) -> None:
    answer = stranger.get("/contact-promise?newsletter=quarterly&events=each&roles=nonsense&notes=monthly")
    assert answer.text == "You get about 4 mails a quarter."
    assert answer.headers["Cache-Control"].startswith("public")
    assert "Set-Cookie" not in answer.headers
    assert stranger.get("/contact-promise").text.startswith("You get no mail")
    assert stranger.get("/contact-promise?newsletter=yearly").text == "You get about 1 to 3 mails a year."


def test_fewer_never_stops_and_never_adds() -> None:
    for topic in Topic:
        for cadence in topic.cadences:
            rarer = promise.fewer(topic, cadence)
            assert rarer in topic.cadences
            assert (rarer is Cadence.never) == (cadence is Cadence.never)
            assert promise.mails_a_quarter({topic: rarer}) <= promise.mails_a_quarter({topic: cadence})


def test_a_new_member_gets_what_they_said_yes_to_and_no_more(world: World) -> None:
    person = world.make.member(topics={})
    with world.inside() as current:
        found = current.get(Member, person.id)
        from_words = queries.default_choices(found)
    assert from_words == {Topic.newsletter: Cadence.quarterly, Topic.events: Cadence.each}


def test_the_next_newsletter_comes_with_the_next_season_and_not_before_it_is_due() -> None:
    autumn = date(2026, 11, 22)
    assert promise.next_newsletter(autumn, None) == date(2027, 1, 1)
    assert promise.next_newsletter(autumn, datetime(2026, 12, 1, tzinfo=UTC)) == date(2027, 1, 1)
    assert promise.next_newsletter(autumn, datetime(2027, 1, 16, tzinfo=UTC)) == date(2027, 1, 16)
