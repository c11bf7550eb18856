"""Joining: asking, the mail, confirming."""

from datetime import timedelta

import pytest
import time_machine

from portal.core import clock
from portal.members.models import Status
from tests.members.cast import code_in, consents, form, is_signed_in, join, link_in, member_at, stamped
from tests.world import Browser, World


def test_a_stranger_joins_with_one_press_in_the_same_browser(world: World, stranger: Browser) -> None:
    answer = join(stranger, name="Ада Лавлейс", call_name="Ада", url="/join?source=fair-2026")
    assert answer.status_code == 302
    assert answer.location == "/join/check-your-mail"
    assert "ada@example.org" in stranger.get(answer.location).text
    person = member_at(world)
    assert person is not None
    assert person.status is Status.asked
    [letter] = world.letters("ada@example.org")
    assert stranger.get(link_in(letter, "/join/confirm")).status_code == 200
    answer = stranger.post(link_in(letter, "/join/confirm"))
    assert answer.status_code == 302
    assert answer.location == "/me/interests?welcome=1"
    person = member_at(world)
    assert person is not None
    assert person.status is Status.active
    assert (person.name, person.called) == ("Ада Лавлейс", "Ада")
    assert is_signed_in(stranger)
    assert [(line.about, line.is_given, line.how, line.text_version) for line in consents(world, person)][
        :2
    ] == [
        ("network", True, "join form", "2026-11"),
        ("network", True, "mail link", "2026-11"),
    ]


def test_the_source_of_a_tagged_link_is_remembered(world: World, stranger: Browser) -> None:
    page = stranger.get("/join?source=Fair-2026<x>").text
    assert 'value="fair-2026x"' in page
    join(stranger, source="fair-2026x")
    assert member_at(world).source == "fair-2026x"  # type: ignore[union-attr]


def test_the_code_opens_where_it_was_asked_for(world: World, stranger: Browser) -> None:
    join(stranger)
    [letter] = world.letters()
    code = code_in(letter)
    answer = stranger.post("/join/check-your-mail", code=f" {code[:3]} {code[3:]} ")
    assert answer.location == "/me/interests?welcome=1"
    assert member_at(world).is_active  # type: ignore[union-attr]


def test_another_browser_has_to_type_the_code(world: World, stranger: Browser) -> None:
    join(stranger)
    [letter] = world.letters()
    link, phone = link_in(letter, "/join/confirm"), world.browser()
    page = phone.get(link).text
    assert "another browser" in page
    assert "a...@example.org" in page
    assert "ada@example.org" not in page
    assert phone.post(link).status_code == 422
    assert not member_at(world).is_active  # type: ignore[union-attr]
    answer = phone.post(link, code="000000" if code_in(letter) != "000000" else "111111", follow=True)
    assert "That is not the code" in answer.text
    assert phone.post(link, code=code_in(letter)).location == "/me/interests?welcome=1"
    assert is_signed_in(phone)
    assert not is_signed_in(stranger)


def test_five_wrong_codes_end_the_mail(world: World, stranger: Browser) -> None:
    join(stranger)
    [letter] = world.letters()
    wrong = "123456" if code_in(letter) != "123456" else "654321"
    for _ in range(5):
        assert stranger.post("/join/check-your-mail", code=wrong).status_code == 302
    stranger.post("/join/check-your-mail", code=code_in(letter))
    assert not member_at(world).is_active  # type: ignore[union-attr]
    assert stranger.get(link_in(letter, "/join/confirm")).status_code == 410


def test_opening_the_link_changes_nothing(world: World, stranger: Browser) -> None:
    join(stranger)
    [letter] = world.letters()
    scanner = world.browser()
    for link in letter.links:
        path = link.removeprefix("http://portal.test")
        for method in (scanner.client.get, scanner.client.head, scanner.client.options):
            assert method(path).status_code in {200, 302, 404}
    assert not member_at(world).is_active  # type: ignore[union-attr]
    assert stranger.post(link_in(letter, "/join/confirm")).status_code == 302


def test_a_used_link_says_that_it_worked(world: World, stranger: Browser) -> None:
    join(stranger)
    [letter] = world.letters()
    link = link_in(letter, "/join/confirm")
    stranger.post(link)
    again = stranger.get(link)
    assert again.status_code == 200
    assert "You are in" in again.text
    assert stranger.post(link).status_code == 200
    assert len([one for one in consents(world, member_at(world)) if one.about == "network"]) == 2  # type: ignore[arg-type]


def test_an_old_link_says_so_and_a_new_one_can_be_had(world: World, stranger: Browser) -> None:
    join(stranger)
    [letter] = world.letters()
    link = link_in(letter, "/join/confirm")
    with time_machine.travel(clock.now() + timedelta(days=8), tick=True):
        over = stranger.get(link)
        assert over.status_code == 410
        assert "Send me a new one" in over.text
        assert stranger.post(link).status_code == 410
        answer = stranger.post(f"{link}/again", follow=True)
        assert "a...@example.org" in answer.text
        new = world.letters()[0]
        assert new.subject == letter.subject
        assert stranger.post(link_in(new, "/join/confirm")).status_code == 302
    assert member_at(world).is_active  # type: ignore[union-attr]


@pytest.mark.parametrize("token", ["x", "a" * 5000, "%00", "ünï", "..%2f", "%F0%9F%8C%B1", "a b", "-" * 32])
@pytest.mark.parametrize("path", ["/join/confirm", "/sign-in", "/address", "/address/undo", "/forgotten"])
def test_a_link_we_never_wrote_leads_nowhere_in_words(stranger: Browser, path: str, token: str) -> None:
    for answer in (stranger.get(f"{path}/{token}"), stranger.post(f"{path}/{token}")):
        assert answer.status_code in {400, 404, 405}


def test_asking_again_replaces_the_mail_before(world: World, stranger: Browser) -> None:
    join(stranger)
    [first] = world.letters()
    join(stranger, name="Ada Second")
    second = world.letters()[0]
    assert stranger.get(link_in(first, "/join/confirm")).status_code == 404
    stranger.post(link_in(second, "/join/confirm"))
    person = member_at(world)
    assert person is not None
    assert person.name == "Ada Second"
    assert len(world.letters("ada@example.org")) == 3


def test_the_first_mail_holds_no_typed_text(world: World, stranger: Browser) -> None:
    join(stranger, name="Buy-gold-now", call_name="Visit-evil", source="tag-typed")
    [letter] = world.letters()
    for typed in ("Buy-gold", "Visit-evil", "tag-typed"):
        assert typed.encode() not in letter.source
        assert typed not in letter.html + letter.text + letter.subject


def test_the_mail_can_be_asked_for_again(world: World, stranger: Browser) -> None:
    join(stranger)
    assert len(world.letters("ada@example.org")) == 1
    answer = stranger.post("/join/check-your-mail/again", follow=True)
    assert "asked for another mail" in answer.text
    assert len(world.letters("ada@example.org")) == 2


def test_the_box_is_not_ticked_and_needed(stranger: Browser) -> None:
    page = stranger.get("/join").text
    assert 'name="agree"' in page
    assert "checked" not in page
    fields = form(stranger)
    del fields["agree"]
    answer = stranger.post("/join", data=fields)
    assert answer.status_code == 422
    assert "with your yes" in answer.text
    assert 'value="Ada Example"' in answer.text


@pytest.mark.parametrize(
    "typed",
    ["", "ada", "ada@", "ada@exa mple.org", "mıke@example.org", "ada@example.org\r\nBcc: b@x.org", "a" * 400],
)
def test_what_is_not_an_address_comes_back_with_words(world: World, stranger: Browser, typed: str) -> None:
    answer = join(stranger, typed)
    assert answer.status_code == 422
    assert 'id="address-error"' in answer.text
    assert not world.letters()


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "{{ 7*7 }}", "نور", "\u202eevil", "A" * 120])
def test_any_name_is_kept_as_it_was_written(world: World, stranger: Browser, name: str) -> None:
    join(stranger, name=name)
    stranger.post(link_in(world.letters()[0], "/join/confirm"))
    person = member_at(world)
    assert person is not None
    assert person.name == name.replace("\u202e", "")
    assert "<script>alert" not in stranger.get("/me/profile").text
    assert world.letters()[0].subject.startswith("Welcome")


def test_a_program_gets_the_same_page_and_no_mail(world: World, stranger: Browser) -> None:
    answer = join(stranger, nickname_of_gate="x")
    assert (answer.status_code, answer.location) == (302, "/join/check-your-mail")
    assert not world.letters()
    assert member_at(world) is None
    # A person who fell into the trap is not lost: the next page sends the mail.
    stranger.post("/join/check-your-mail/again")
    assert len(world.letters()) == 1


def test_who_is_too_fast_presses_once_more(world: World, stranger: Browser) -> None:
    fields = form(stranger, age=0)
    answer = stranger.post("/join", data=fields)
    assert answer.status_code == 422
    assert "once more" in answer.text
    assert 'value="Ada Example"' in answer.text
    assert "checked" in answer.text
    with time_machine.travel(clock.now() + timedelta(seconds=3), tick=True):
        assert stranger.post("/join", data=form(stranger, age=3)).status_code == 302


@pytest.mark.parametrize("mark", ["", "garbage", "old"])
def test_a_form_without_a_good_mark_is_shown_again(world: World, stranger: Browser, mark: str) -> None:
    fields = form(stranger, age=90_000) if mark == "old" else {**form(stranger), "shown": mark}
    answer = stranger.post("/join", data=fields)
    assert answer.status_code == 422
    assert "once more" in answer.text
    assert stamped(stranger)
    assert not world.letters()


def test_extra_fields_change_nothing(world: World, stranger: Browser) -> None:
    hostile = dict.fromkeys(
        ("status", "confirmed_at", "may_measure", "id", "public_id", "interest_mask"), "1"
    )
    join(stranger, **{**hostile, "status": "active"})
    person = member_at(world)
    assert person is not None
    assert (person.status, person.confirmed_at, person.may_measure, person.interest_mask) == (
        Status.asked,
        None,
        None,
        0,
    )


def test_welcome_says_what_comes_and_when_and_from_whom(world: World, stranger: Browser) -> None:
    join(stranger, call_name="Ada")
    stranger.post(link_in(world.letters()[0], "/join/confirm"))
    [welcome, _confirm] = world.letters()
    assert welcome.subject == "Welcome, Ada"
    assert "quarter" in welcome.text
    assert "The talent team" in welcome.text
    assert "Reply-To" in welcome.headers
    assert "/me/data" in welcome.text


def test_who_never_confirms_is_removed(world: World, stranger: Browser) -> None:
    join(stranger)
    [letter] = world.letters()
    with time_machine.travel(clock.now() + timedelta(days=13), tick=True):
        world.asked.append(("members.remove_unconfirmed", ()))
        world.run_jobs()
        assert member_at(world) is not None
    with time_machine.travel(clock.now() + timedelta(days=15), tick=True):
        world.asked.append(("members.remove_unconfirmed", ()))
        world.run_jobs()
        assert member_at(world) is None
        assert stranger.get(link_in(letter, "/join/confirm")).status_code == 404
