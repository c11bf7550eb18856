"""Links and codes: for one purpose, once, and only if we wrote them."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core import tokens
from portal.core.tokens import OneTimeToken, Outcome
from tests.mail.post_room import at_once, later
from tests.world import World

DAY = timedelta(days=1)


@pytest.fixture
def keys(world: World) -> Iterator[dict[str, list[str]]]:
    """The secret keys, newest first, to be turned over; put back afterwards."""
    before = world.app.extensions["portal"]
    ring = {"keys": list(before.secret_keys)}

    class Ring:
        def __getattr__(self, name: str) -> object:
            return ring["keys"] if name == "secret_keys" else getattr(before, name)

    world.app.extensions["portal"] = Ring()
    yield ring
    world.app.extensions["portal"] = before


def issue(world: World, purpose: str = "confirm", lives: timedelta = DAY) -> OneTimeToken:
    with world.inside():
        return tokens.issue(purpose, "member:1", lives)


def text_of(world: World, token: OneTimeToken) -> tuple[str, str]:
    with world.inside():
        return token.link_text, token.code


def use(world: World, text: str, purpose: str = "confirm") -> Outcome | None:
    with world.inside():
        token = tokens.find(purpose, text)
        return tokens.consume(token) if token is not None else None


def type_in(world: World, token: OneTimeToken, code: str) -> Outcome:
    with world.inside() as current:
        return tokens.consume_by_code(current.get_one(OneTimeToken, token.id), code)


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_a_link_works_once(world: World) -> None:
    link, _ = text_of(world, issue(world))
    assert [use(world, link) for _ in range(3)] == [Outcome.good, Outcome.used, Outcome.used]


def test_a_link_of_one_purpose_is_nothing_for_another(world: World) -> None:
    link, _ = text_of(world, issue(world, "confirm"))
    assert use(world, link, "sign-in") is None
    assert use(world, link, "confirm") is Outcome.good


@pytest.mark.parametrize("purposes", [("message", "unsubscribe"), ("unsubscribe", "preferences"), ("a", "b")])
def test_a_seal_of_one_purpose_is_nothing_for_another(world: World, purposes: tuple[str, str]) -> None:
    with world.inside():
        for own, other in (purposes, purposes[::-1]):
            sealed = tokens.seal(own, 7)
            assert tokens.unseal(own, sealed) == 7
            assert tokens.unseal(other, sealed) is None
            signed = tokens.sign(own, [7, "x"])
            assert tokens.read(own, signed) == [7, "x"]
            assert tokens.read(other, signed) is None


def test_what_is_sealed_for_many_is_what_is_sealed_for_one(world: World) -> None:
    with world.inside():
        for number, message, unsubscribe, preferences in tokens.seal_all([1, 2, 2**40]):
            assert message == tokens.seal("message", number)
            assert unsubscribe == tokens.seal("unsubscribe", number)
            assert preferences == tokens.seal("preferences", number)


def test_fifty_at_once_are_one_good(world: World) -> None:
    link, _ = text_of(world, issue(world))
    assert sorted(at_once([lambda: use(world, link)] * 50)) == [Outcome.good] + [Outcome.used] * 49


def test_fifty_right_codes_at_once_are_one_good(world: World) -> None:
    token = issue(world)
    _, code = text_of(world, token)
    outcomes = at_once([lambda: type_in(world, token, code)] * 50)
    assert outcomes.count(Outcome.good) == 1


def test_five_wrong_codes_end_it_for_code_and_link(world: World) -> None:
    token = issue(world)
    link, code = text_of(world, token)
    wrong = other_than(code)
    assert [type_in(world, token, wrong) for _ in range(6)] == [Outcome.wrong] * 5 + [Outcome.expired]
    assert type_in(world, token, code) is Outcome.expired
    assert use(world, link) is Outcome.expired


def test_four_wrong_codes_leave_one_try(world: World) -> None:
    token = issue(world)
    _, code = text_of(world, token)
    assert {type_in(world, token, other_than(code)) for _ in range(4)} == {Outcome.wrong}
    assert type_in(world, token, f" {code[:3]} {code[3:]} ") is Outcome.good


def test_fifty_wrong_codes_at_once_end_it(world: World) -> None:
    token = issue(world)
    _, code = text_of(world, token)
    outcomes = at_once([lambda: type_in(world, token, other_than(code))] * 50)
    assert set(outcomes) <= {Outcome.wrong, Outcome.expired}
    assert type_in(world, token, code) is Outcome.expired


def test_a_link_ends_with_its_time(world: World) -> None:
    token = issue(world, lives=timedelta(minutes=10))
    link, code = text_of(world, token)
    with later(minutes=9):
        assert token.state is Outcome.good
    with later(minutes=11):
        assert use(world, link) is Outcome.expired
        assert type_in(world, token, code) is Outcome.expired


def test_a_newer_one_ends_the_older(world: World) -> None:
    older, _ = text_of(world, issue(world))
    newer, _ = text_of(world, issue(world))
    assert use(world, older) is None
    assert use(world, newer) is Outcome.good


def test_neither_link_nor_code_stands_in_the_database(world: World) -> None:
    token = issue(world)
    link, code = text_of(world, token)
    with world.inside() as current:
        row = current.connection().exec_driver_sql("SELECT * FROM one_time_tokens").one()
    assert link not in str(row)
    assert code not in [str(value) for value in row]


def test_everything_outlives_a_new_key(world: World, keys: dict[str, list[str]]) -> None:
    token = issue(world)
    link, code = text_of(world, token)
    with world.inside():
        sealed, signed = tokens.seal("unsubscribe", 7), tokens.sign("form", [1, "x"])
        hashed = tokens.keyed_hash("limits", "x")
    keys["keys"] = ["another key of good length, newer than the first", *keys["keys"]]
    with world.inside():
        assert tokens.unseal("unsubscribe", sealed) == 7
        assert tokens.seal("unsubscribe", 7) != sealed
        assert tokens.read("form", signed) == [1, "x"]
        assert tokens.keyed_hash("limits", "x") == hashed
    assert text_of(world, token) == (link, code)
    assert use(world, link) is Outcome.good
    keys["keys"] = keys["keys"][:1]
    with world.inside():
        assert tokens.unseal("unsubscribe", sealed) is None, "a key that was thrown away opens nothing"


def test_junk_is_nothing(world: World) -> None:
    with world.app.app_context():
        genuine = tokens.seal("unsubscribe", 7)

        @given(st.text() | st.text(alphabet=sorted(set(genuine)), min_size=32, max_size=32))
        def unsealed(text: str) -> None:
            assert text == genuine or tokens.unseal("unsubscribe", text) is None
            assert tokens.read("form", text) is None

        @given(st.integers(0, 31), st.characters())
        def changed(place: int, letter: str) -> None:
            text = genuine[:place] + letter + genuine[place + 1 :]
            assert text == genuine or tokens.unseal("unsubscribe", text) is None

        @given(st.integers(0, 2**64 - 1))
        def numbers(number: int) -> None:
            assert tokens.unseal("preferences", tokens.seal("preferences", number)) == number

        unsealed()
        changed()
        numbers()


@pytest.mark.parametrize("junk", ["", "x" * 5000, "\x00", "a" * 32, "\udce4" * 32, "ä" * 32, "%s" * 16])
def test_junk_finds_no_link(world: World, junk: str) -> None:
    with world.inside():
        assert tokens.find("confirm", junk) is None
        assert tokens.unseal("unsubscribe", junk) is None
        assert tokens.read("form", junk) is None
