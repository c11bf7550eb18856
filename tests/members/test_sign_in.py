"""Signing in and out: links, codes, sessions, and where one lands."""

from datetime import timedelta

import pytest
import time_machine

from portal.core import clock, tokens
from portal.members.models import Member, Status
from tests.members.cast import code_in, is_signed_in, join, link_in
from tests.world import Browser, World


def ask(browser: Browser, address: str, **fields: str) -> str:
    answer = browser.post("/sign-in", address=address, **fields)
    assert answer.status_code == 302
    return str(answer.location)


def test_a_member_signs_in_with_one_press(world: World, stranger: Browser) -> None:
    person = world.make.member()
    assert ask(stranger, person.address) == "/sign-in/check-your-mail"
    [letter] = world.letters(person.address)
    link = link_in(letter, "/sign-in/")
    page = stranger.get(link).text
    assert "m...@example.org" in page
    assert not is_signed_in(stranger)
    assert stranger.post(link).status_code == 302
    assert is_signed_in(stranger)


def test_a_member_signs_in_with_the_code(world: World, stranger: Browser) -> None:
    person = world.make.member()
    ask(stranger, person.address)
    assert stranger.post("/sign-in/check-your-mail", code=code_in(world.letters()[0])).status_code == 302
    assert is_signed_in(stranger)


def test_another_browser_needs_the_code_and_keeps_its_own_session(world: World, stranger: Browser) -> None:
    mallory, victim = world.make.member(address="mallory@example.org"), world.make.member()
    ask(stranger, mallory.address)
    link = link_in(world.letters()[0], "/sign-in/")
    other = world.browser(victim)
    assert "another membership" in other.get(link).text
    assert other.post(link).status_code == 422
    assert other.post_without_token(link).status_code == 400
    assert victim.address in other.get("/me/profile").text


@pytest.mark.parametrize(
    ("status", "subject"),
    [
        (Status.active, "Your sign-in link"),
        (Status.left, "Your sign-in link"),
        (Status.asked, "Confirm that you want to join Perennial"),
        (None, "No membership under this address"),
    ],
)
def test_each_gets_the_mail_that_fits(
    world: World, stranger: Browser, status: Status | None, subject: str
) -> None:
    if status is not None:
        world.make.member(address="ada@example.org", status=status)
    ask(stranger, "ada@example.org")
    [letter] = world.letters("ada@example.org")
    assert letter.subject == subject


def test_staff_have_no_membership_by_being_staff(world: World, stranger: Browser) -> None:
    rae = world.make.staff("admin")
    ask(stranger, rae.address)
    [letter] = world.letters(rae.address)
    assert letter.subject == "No membership under this address"


def test_somebody_who_left_sees_their_data_and_stays_left(world: World, stranger: Browser) -> None:
    person = world.make.member(status=Status.left)
    ask(stranger, person.address)
    stranger.post(link_in(world.letters()[0], "/sign-in/"))
    assert stranger.get("/me/data").status_code == 200
    with world.inside() as current:
        assert current.get(Member, person.id).status is Status.left


def test_a_sign_in_link_is_over_after_ten_minutes(world: World, stranger: Browser) -> None:
    person = world.make.member()
    ask(stranger, person.address)
    [letter] = world.letters()
    with time_machine.travel(clock.now() + timedelta(minutes=11), tick=True):
        assert stranger.get(link_in(letter, "/sign-in/")).status_code == 410
        assert stranger.post(link_in(letter, "/sign-in/")).status_code == 410
        page = stranger.post("/sign-in/check-your-mail", code=code_in(letter), follow=True).text
        assert "its time is over" in page
        assert not is_signed_in(stranger)


def test_a_sign_in_link_works_once(world: World, stranger: Browser) -> None:
    person = world.make.member()
    ask(stranger, person.address)
    link = link_in(world.letters()[0], "/sign-in/")
    stranger.post(link)
    stranger.post("/sign-out")
    assert not is_signed_in(stranger)
    again = stranger.post(link)
    assert again.status_code == 200
    assert "This link has done its work" in again.text
    assert not is_signed_in(stranger)


def test_a_newer_mail_ends_the_one_before(world: World, stranger: Browser) -> None:
    person = world.make.member()
    ask(stranger, person.address)
    [first] = world.letters()
    ask(stranger, person.address)
    assert stranger.get(link_in(first, "/sign-in/")).status_code == 404


PURPOSES = ("confirm", "sign-in", "new-address", "undo-address", "staff-sign-in")
PLACES = {
    "/join/confirm/": "confirm",
    "/sign-in/": "sign-in",
    "/address/": "new-address",
    "/address/undo/": "undo-address",
}


@pytest.mark.parametrize("purpose", PURPOSES)
@pytest.mark.parametrize("place", PLACES)
def test_a_token_opens_only_what_it_is_for(world: World, stranger: Browser, place: str, purpose: str) -> None:
    if PLACES[place] == purpose:
        return
    person = world.make.member()
    with world.inside():
        text = tokens.issue(purpose, f"member:{person.id}", timedelta(hours=1)).link_text
        bulk = [tokens.seal(kind, person.id) for kind in ("unsubscribe", "preferences")]
    for one in (text, *bulk):
        assert stranger.post(place + one).status_code == 404
    assert not is_signed_in(stranger)


def test_a_stolen_cookie_is_dead_after_signing_out(world: World, member: Browser) -> None:
    kept = member.client.get_cookie("session").value  # type: ignore[union-attr]
    thief = world.browser()
    thief.client.set_cookie("session", kept, domain="localhost")
    assert is_signed_in(thief)
    member.post("/sign-out")
    thief.client.set_cookie("session", kept, domain="localhost")
    assert not is_signed_in(thief)


def test_signing_in_gives_a_new_session(world: World, stranger: Browser) -> None:
    person = world.make.member()
    ask(stranger, person.address)
    with stranger.client.session_transaction() as cookie:
        cookie["key"], cookie["planted"] = "planted", "planted"
    stranger.post(link_in(world.letters()[0], "/sign-in/"))
    with stranger.client.session_transaction() as cookie:
        assert cookie["key"] != "planted"
        assert "planted" not in cookie


@pytest.mark.parametrize("hours", [80, 24 * 31])
def test_a_session_ends_when_idle_and_in_any_case(world: World, member: Browser, hours: int) -> None:
    assert is_signed_in(member)
    with time_machine.travel(clock.now() + timedelta(hours=hours), tick=True):
        assert not is_signed_in(member)


def test_a_long_session_with_visits_ends_after_its_days(world: World, member: Browser) -> None:
    began = clock.now()
    for days in range(2, 40, 2):
        with time_machine.travel(began + timedelta(days=days), tick=True):
            assert is_signed_in(member) == (days < 30)


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil", "javascript:alert(1)", "/\t/evil.example",
     " //evil.example", "///evil.example", "http:evil.example", "//x@evil.example", "/%09//evil.example\n"],
)  # fmt: skip
def test_nobody_is_led_off_the_site(world: World, stranger: Browser, target: str) -> None:
    person = world.make.member()
    ask(stranger, person.address, next=target)
    answer = stranger.post(link_in(world.letters()[0], "/sign-in/"))
    assert answer.location == "/me"
    assert stranger.get("/sign-in", query_string={"next": target}).location == "/me"


def test_one_lands_where_one_was_heading(world: World, stranger: Browser) -> None:
    person = world.make.member()
    door = stranger.get("/me/data")
    assert door.location == "/sign-in?next=/me/data"
    assert 'name="next" value="/me/data"' in stranger.get(door.location).text
    ask(stranger, person.address, next="/me/data")
    assert stranger.post(link_in(world.letters()[0], "/sign-in/")).location == "/me/data"


def test_links_in_mails_ignore_the_host_header(world: World, stranger: Browser) -> None:
    person = world.make.member()
    headers = {
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
        "Forwarded": "host=evil.example",
    }
    stranger.client.post(
        "/sign-in", data={"csrf_token": stranger.csrf, "address": person.address}, headers=headers
    )
    [letter] = world.letters()
    assert all(link.startswith("http://portal.test/") for link in letter.links)


def test_a_victims_mailbox_is_not_flooded_and_they_still_get_in(world: World, stranger: Browser) -> None:
    person = world.make.member(address="victim@example.org")
    own = world.browser()
    ask(own, person.address)
    own.post(link_in(world.letters()[0], "/sign-in/"))
    own.post("/sign-out")
    variants = ("victim@example.org", "VICTIM@example.org", "victim+a@example.org", "victim+b@EXAMPLE.org")
    for number in range(40):
        address = variants[number % 4]
        environ = {"REMOTE_ADDR": f"10.0.{number}.1"}
        attacker = world.browser()
        attacker.client.post(
            "/sign-in", data={"csrf_token": attacker.csrf, "address": address}, environ_base=environ
        )
    written = len(world.letters("victim"))
    assert written <= world.settings.mailbox_hourly_limit
    ask(own, person.address)
    newest = world.letters(person.address)[0]
    assert len(world.letters("victim")) == written + 1
    assert own.post(link_in(newest, "/sign-in/")).status_code == 302


def test_joining_as_a_member_sends_a_sign_in_link(world: World, stranger: Browser) -> None:
    person = world.make.member(name="Real Name")
    join(stranger, person.address, name="Somebody Else")
    [letter] = world.letters(person.address)
    assert letter.subject == "You are in already"
    assert stranger.post("/join/check-your-mail", code=code_in(letter)).status_code == 302
    assert is_signed_in(stranger)
    assert "Real Name" in stranger.get("/me/profile").text


def test_joining_after_leaving_brings_back(world: World, stranger: Browser) -> None:
    person = world.make.member(name="Real Name", status=Status.left, left_at=clock.now())
    join(stranger, person.address, name="Somebody Else")
    [letter] = world.letters(person.address)
    assert letter.subject == "Confirm that you want to come back to Perennial"
    stranger.post(link_in(letter, "/join/confirm"))
    with world.inside() as current:
        found = current.get(Member, person.id)
        assert (found.status, found.name, found.left_at) == (Status.active, "Real Name", None)
    assert world.letters(person.address)[0].subject == "Welcome back, Real Name"
