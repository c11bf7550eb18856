"""People of the demo: in many scripts, always the same, and each with an address of their own."""

import unicodedata
from itertools import islice

from portal.demo.content_company import COLLEAGUES
from portal.demo.names import DOMAINS, people, plain

SCRIPTS = (
    "LATIN", "CYRILLIC", "GREEK", "ARABIC", "HEBREW", "DEVANAGARI", "TAMIL", "CJK", "HANGUL", "THAI", "ETHIOPIC",
)  # fmt: skip


def test_a_seed_always_yields_the_same_people_and_more_continue_the_row():
    few, many = list(people(50, 3)), list(people(500, 3))
    assert many[:50] == few
    assert list(people(50, 4)) != few


def test_addresses_are_ascii_and_nobody_elses():
    crowd = list(people(20_000, 1))
    assert len(crowd) == 20_000
    assert len({person.email for person in crowd}) == 20_000
    for person in crowd:
        assert person.email_local.isascii()
        assert person.email_local == person.email_local.lower()
        assert not set(person.email_local) - set("abcdefghijklmnopqrstuvwxyz0123456789.-")
        assert person.domain in DOMAINS
        assert len(person.email_local) <= 64


def test_nobody_has_the_address_of_a_colleague():
    theirs = {colleague.email for colleague in COLLEAGUES}
    assert not any(person.email in theirs for person in people(20_000, 1))
    assert all(set(person.email_local) & set(".0123456789") for person in people(2_000, 2))


def test_four_hundred_people_look_like_four_hundred_people():
    crowd = list(people(400, 7))
    assert len({person.name for person in crowd}) > 370
    letters = {
        unicodedata.name(letter, "").split()[0]
        for person in crowd
        for letter in person.name
        if letter.isalpha()
    }
    assert letters >= set(SCRIPTS)


def test_names_come_in_one_word_and_in_many_long_ones():
    crowd = list(people(5_000, 11))
    assert any(" " not in person.name and not person.call_name for person in crowd)
    assert any(len(person.name) > 60 for person in crowd)
    assert any("'" in person.name for person in crowd)
    assert any("-" in person.name for person in crowd)
    assert all(person.name == unicodedata.normalize("NFC", person.name) for person in crowd)
    assert all(0 < len(person.name) <= 120 for person in crowd)
    assert all(person.name.strip() == person.name for person in crowd)


def test_one_need_not_take_them_all():
    assert len(list(islice(people(10**9, 5), 3))) == 3


def test_plain_letters_are_left_of_a_latin_name():
    assert plain("Þóra Żuławski-Größl") == "thorazulawskigrossl"
    assert plain("van 't Hof") == "vanthof"
