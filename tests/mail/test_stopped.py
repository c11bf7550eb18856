"""Addresses that are stopped: a member sees and lifts a bounce, staff see them and can do nothing."""

from collections.abc import Iterator
from typing import Any

import pytest

from portal.core import clock
from portal.mail import actions
from portal.mail.models import Stream, Suppression
from portal.members.models import Member
from portal.preferences.models import Topic
from tests.mail.signed import KEY, NOW, believe, event, mailing, post, reader, sent, suppressed
from tests.world import Browser, World

MARKETING, EVENT = Stream.marketing.value, Stream.event.value


@pytest.fixture(autouse=True)
def _keys(world: World) -> Iterator[None]:
    believe(world, KEY)
    yield
    world.app.extensions["portal"] = world.settings


def bounced(world: World, person: Member, **fields: Any) -> None:
    message = sent(world, person, mailing(world, f"newsletter:{clock.now().timestamp()}"))
    post(world, event(world, message, "bounce", type="bounce", **fields))


def test_a_member_sees_a_bounce_with_its_words_and_lifts_it(world: World) -> None:
    person = reader(world, address="ada@example.org")
    bounced(world, person, reason="550 5.1.1 <b>ada@example.org</b> is not here")
    browser = world.browser(person)
    page = browser.get("/me/mail").text
    assert "Our mail does not reach your mailbox" in page
    assert "550 5.1.1 (an address) is not here" in page
    answer = browser.post("/me/mail/lift", follow=True)
    assert "We try your mailbox again" in answer.text
    assert "does not reach" not in answer.text
    assert suppressed(world) == set()
    assert "all stays as it is" in browser.post("/me/mail/lift", follow=True).text


def test_lifting_a_bounce_lifts_no_complaint_and_nobody_elses(world: World) -> None:
    person, other = reader(world), reader(world)
    bounced(world, person)
    bounced(world, other)
    with world.inside():
        actions.suppress(person.address_key, Stream.marketing, "complained")
    world.browser(person).post("/me/mail/lift")
    assert suppressed(world) == {
        (person.address_key, MARKETING, "complained"),
        (other.address_key, MARKETING, "bounced"),
        (other.address_key, EVENT, "bounced"),
    }


def test_lifting_it_among_the_choices_of_mail_does_the_same(world: World) -> None:
    person = reader(world)
    bounced(world, person)
    with world.inside():
        actions.suppress(person.address_key, Stream.marketing, "complained")
    world.browser(person).post("/me/contact", do="lift")
    assert suppressed(world) == {(person.address_key, MARKETING, "complained")}


def test_a_bounce_from_before_it_was_lifted_counts_no_more_and_a_new_one_does(world: World) -> None:
    person = reader(world)
    bounced(world, person)
    world.browser(person).post("/me/mail/lift")
    old = sent(world, person, mailing(world, "newsletter:old"))
    post(world, event(world, old, "bounce", -100, type="bounce"))
    assert suppressed(world) == set()
    new = sent(world, person, mailing(world, "newsletter:new"))
    later = int(clock.now().timestamp()) - NOW + 5
    post(world, event(world, new, "bounce", later, type="bounce"))
    assert (person.address_key, MARKETING, "bounced") in suppressed(world)


def test_asking_for_mail_again_lifts_ones_own_wish_and_no_bounce(world: World) -> None:
    person = reader(world)
    bounced(world, person)
    with world.inside():
        actions.suppress(person.address_key, Stream.marketing, "unsubscribed")
    choices = {topic.value: "never" for topic in Topic}
    world.browser(person).post("/me/contact", do="save", **(choices | {"newsletter": "yearly"}))
    assert {reason for _, _, reason in suppressed(world)} == {"bounced"}


def test_nobody_lifts_it_by_opening_a_page_and_no_stranger_at_all(world: World, stranger: Browser) -> None:
    person = reader(world)
    bounced(world, person)
    before = suppressed(world)
    browser = world.browser(person)
    assert browser.get("/me/mail/lift").status_code == 405
    assert browser.post_without_token("/me/mail/lift").status_code == 400
    assert stranger.post("/me/mail/lift").status_code == 302
    assert suppressed(world) == before


@pytest.mark.parametrize("role", ["admin", "recruiter"])
def test_staff_see_who_is_stopped_and_cannot_change_it(world: World, as_staff: Any, role: str) -> None:
    person = reader(world, address="ada@example.org")
    bounced(world, person, reason="550 <script>alert(1)</script> no such user")
    staff = as_staff(role)
    page = staff.get("/admin/mail").text
    assert "ada@example.org" in page
    assert "The mailbox does not exist" in page
    assert "<script>alert" not in page
    assert 'action="/admin/mail' not in page.replace('method="get" action="/admin/mail"', "")
    assert staff.post("/admin/mail").status_code == 405
    assert staff.post("/me/mail/lift").status_code == 403
    assert suppressed(world) != set()


@pytest.mark.parametrize("role", ["teammate", "viewer"])
def test_addresses_are_not_for_every_role(as_staff: Any, role: str) -> None:
    assert as_staff(role).get("/admin/mail").status_code == 403
    assert as_staff(role).get("/admin/mail/events").status_code == 403


def test_the_list_is_searched_narrowed_and_paged(world: World, as_staff: Any) -> None:
    moment = clock.now()
    with world.inside() as current:
        current.add_all(
            Suppression(
                address_key=f"p{number:03d}@example.org",
                stream=Stream.marketing,
                reason="bounced" if number % 2 else "complained",
                words="",
                at=moment,
            )
            for number in range(120)
        )
    staff = as_staff("recruiter")
    first = staff.get("/admin/mail").text
    assert "p119@" in first
    assert "p000@" not in first
    older = first.split('href="/admin/mail?page=')[1].split('"')[0]
    assert "p060@" in staff.get(f"/admin/mail?page={older}").text
    found = staff.get("/admin/mail?q=P007@&why=bounced").text
    assert "p007@" in found
    assert "p119@" not in found
    assert "No such address is stopped" in staff.get("/admin/mail?q=%25").text, "it is searched for literally"
    assert "No such address is stopped" in staff.get("/admin/mail?q=p007&why=complained").text
    assert staff.get("/admin/mail?why=nonsense").status_code == 422
    assert staff.get("/admin/mail?page=made-up").status_code == 200
    with world.statements() as seen:
        staff.get("/admin/mail")
    assert len(seen) <= 6


def test_what_could_not_be_read_stands_there_harmless(world: World, as_staff: Any) -> None:
    staff = as_staff("recruiter")
    assert "Nothing is set aside" in staff.get("/admin/mail/events").text
    post(world, {"event": "<img src=x onerror=alert(1)>", "timestamp": NOW, "email": "ada@example.org"})
    page = staff.get("/admin/mail/events").text
    assert "We do not know this kind of event." in page
    assert "<img src=x" not in page
    assert "ada@example.org" not in page


def test_without_a_key_the_page_says_that_nothing_can_be_told(world: World, as_staff: Any) -> None:
    world.app.extensions["portal"] = world.settings
    assert "Nothing can be told to us yet" in as_staff("admin").get("/admin/mail/events").text
