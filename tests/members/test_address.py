"""Being written to elsewhere."""

import re
from datetime import timedelta

import time_machine
from sqlalchemy import select

from portal.core import clock
from portal.members.models import Member, Status
from tests.members.cast import code_in, is_signed_in, join, link_in
from tests.world import Browser, World

NEW = "new@example.net"


def address_of(world: World, person: Member) -> str:
    with world.inside() as current:
        return str(current.get(Member, person.id).address)


def move(world: World, browser: Browser, to: str = NEW) -> None:
    browser.post("/me/address", address=to)
    browser.post(link_in(world.letters(to)[0], "/address/"))


def test_the_new_address_confirms_and_the_old_one_hears_of_it(world: World, member: Browser) -> None:
    old = member.person.address  # type: ignore[union-attr]
    assert member.post("/me/address", address=NEW).status_code == 302
    assert address_of(world, member.person) == old
    [letter] = world.letters(NEW)
    assert "Ada" not in letter.text
    assert member.post(link_in(letter, "/address/")).location == "/me/address"
    assert address_of(world, member.person) == NEW
    [told] = world.letters(old)
    assert "n...@example.net" in told.text
    assert NEW not in told.text + told.html


def test_the_code_does_it_too(world: World, member: Browser) -> None:
    member.post("/me/address", address=NEW)
    page = member.get("/me/address").text
    assert NEW in page
    code = code_in(world.letters(NEW)[0])
    wrong = "111111" if code != "111111" else "222222"
    assert "not the code" in member.post("/me/address/code", code=wrong, follow=True).text
    assert "new address from now on" in member.post("/me/address/code", code=code, follow=True).text
    assert address_of(world, member.person) == NEW


def test_another_browser_needs_the_code_and_is_not_signed_in(
    world: World, member: Browser, stranger: Browser
) -> None:
    member.post("/me/address", address=NEW)
    letter = world.letters(NEW)[0]
    link = link_in(letter, "/address/")
    assert stranger.get(link).status_code == 200
    assert stranger.post(link).status_code == 422
    assert stranger.post(link, code=code_in(letter)).location == "/sign-in"
    assert address_of(world, member.person) == NEW
    assert not is_signed_in(stranger)


def test_other_browsers_are_signed_out(world: World, member: Browser) -> None:
    other = world.browser(member.person)
    move(world, member)
    assert is_signed_in(member)
    assert not is_signed_in(other)


def test_the_old_address_undoes_it_for_three_days(world: World, member: Browser, stranger: Browser) -> None:
    old = member.person.address  # type: ignore[union-attr]
    move(world, member)
    undo = link_in(world.letters(old)[0], "/address/undo/")
    assert stranger.get(undo).status_code == 200
    assert address_of(world, member.person) == NEW
    stranger.post(undo)
    assert address_of(world, member.person) == old
    assert not is_signed_in(member)
    assert "undone" in stranger.get(undo).text


def test_undoing_beats_a_second_change(world: World, member: Browser, stranger: Browser) -> None:
    old = member.person.address  # type: ignore[union-attr]
    move(world, member)
    move(world, member, "third@example.net")
    stranger.post(link_in(world.letters(old)[0], "/address/undo/"))
    assert address_of(world, member.person) == old
    stranger.post(link_in(world.letters(NEW)[0], "/address/undo/"))
    assert address_of(world, member.person) == old


def test_after_three_days_it_stays(world: World, member: Browser, stranger: Browser) -> None:
    old = member.person.address  # type: ignore[union-attr]
    move(world, member)
    undo = link_in(world.letters(old)[0], "/address/undo/")
    with time_machine.travel(clock.now() + timedelta(days=4), tick=True):
        assert stranger.get(undo).status_code == 410
        stranger.post(undo)
    assert address_of(world, member.person) == NEW


def test_a_taken_address_shows_nothing_and_its_owner_hears(world: World, member: Browser) -> None:
    pages = []
    for address in (NEW, "owner@example.net"):
        if address != NEW:
            world.make.member(address=address)
        answer = member.post("/me/address", address=address, follow=True)
        page = re.sub(r'name="csrf_token" value="[^"]+"', "", answer.text.replace(address, "X"))
        pages.append((answer.status_code, page))
        data = member.get("/me/data.json").text
        assert "Confirm your new" not in data
    assert pages[0] == pages[1]
    [letter] = world.letters("owner@example.net")
    assert letter.subject == "Somebody wanted to use your address"
    assert "/address/" not in letter.text


def test_two_want_the_same_address_and_the_first_gets_it(world: World) -> None:
    first, second = (world.browser(world.make.member()) for _ in range(2))
    for browser in (first, second):
        browser.post("/me/address", address=NEW)
    links = [link_in(letter, "/address/") for letter in world.letters(NEW)]
    second.post(links[0])
    answer = first.post(links[1])
    assert answer.status_code == 422
    assert "another membership" in answer.text
    with world.inside() as current:
        keys = list(current.scalars(select(Member.address_key)))
    assert keys.count(NEW) == 1


def test_somebody_who_only_asked_is_no_obstacle(world: World, member: Browser, stranger: Browser) -> None:
    join(stranger, NEW)
    world.letters()
    member.post("/me/address", address=NEW)
    member.post(link_in(world.letters(NEW)[0], "/address/"))
    assert address_of(world, member.person) == NEW
    with world.inside() as current:
        assert current.scalars(select(Member.status)).all() == [Status.active]


def test_ones_own_address_is_said_to_be_ones_own(member: Browser) -> None:
    answer = member.post("/me/address", address=member.person.address.upper())  # type: ignore[union-attr]
    assert answer.status_code == 422
    assert "have already" in answer.text
