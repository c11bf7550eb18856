"""One membership per mailbox: keys of addresses."""

import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from portal.core.addresses import Address, NotAnAddress, parse
from portal.members.models import Member
from tests.members.cast import join, member_at
from tests.world import Browser, World

LOCAL = st.text(string.ascii_letters + string.digits + "!#$%&'*+-/=?^_`{|}~.", min_size=1, max_size=64)
DOMAIN = st.lists(
    st.text(string.ascii_letters + "äöüéß中文яж", min_size=1, max_size=12), min_size=1, max_size=3
)


def read(typed: str) -> Address | None:
    try:
        return parse(typed)
    except NotAnAddress:
        return None


@given(LOCAL, DOMAIN)
def test_reading_a_key_again_gives_the_same_key(local: str, domain: list[str]) -> None:
    found = read(f"{local}@{'.'.join(domain)}.com")
    assume(found is not None)
    assert found is not None
    assert parse(found.text).key == found.key == parse(found.key).key
    assert found.key.isascii()
    assert found.key == found.key.lower()
    assert len(found.key) <= 254


@given(LOCAL, LOCAL)
def test_two_mailboxes_never_become_one(first: str, second: str) -> None:
    one, two = read(f"{first}@example.com"), read(f"{second}@example.com")
    assume(one is not None and two is not None)
    assert one is not None
    assert two is not None
    assert (one.key == two.key) == (first.lower() == second.lower())


@given(st.text(max_size=400))
def test_whatever_is_typed_is_read_or_refused_in_words(typed: str) -> None:
    found = read(typed)
    if found is not None:
        assert found.text.isascii()
        assert not set(found.text) & set("\r\n\x00 ,;<>")


@pytest.mark.parametrize("typed", ["mıke@example.org", "ſam@example.org", "ｍike@example.org"])
def test_letters_that_only_look_like_ours_are_refused(typed: str) -> None:
    assert read(typed) is None


@pytest.mark.parametrize(
    ("first", "second"),
    [("Ada@Example.ORG", "ada@example.org"), ("ada@bücher.example.org", "ada@xn--bcher-kva.example.org")],
)
def test_the_same_mailbox_joins_once(world: World, stranger: Browser, first: str, second: str) -> None:
    join(stranger, first)
    join(stranger, second)
    assert member_at(world, parse(second).key) is not None
    with world.inside() as current:
        assert current.query(Member).count() == 1


def test_a_tag_is_another_membership_of_the_same_mailbox() -> None:
    plain, tagged = parse("ada@example.org"), parse("ada+jobs@example.org")
    assert plain.key != tagged.key
    assert plain.mailbox == tagged.mailbox
