"""People's names as they really are: many scripts, several orders, one word or nine; the same for a seed."""

import random
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

from portal.demo import names_lists as lists

Name: TypeAlias = tuple[str, str]
"""A name, and its spelling in plain letters."""

DOMAINS = ("example.org", "example.net", "example.com")

# Any family name goes with any given name.
_FAR = 99

# Letters that do not fall apart into a plain letter and a mark.
_PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ß": "ss", "ı": "i", "ŧ": "t"}
)

# Names that a form field has to bear.
_RARE: tuple[Name, ...] = (
    ("Hubert Blaine Wolfeschlegelsteinhausenbergerdorff Senior", "hubert.wolfeschlegel"),
    ("Maria da Conceição de Jesus Antónia Teresa Rodrigues dos Santos e Albuquerque", "maria.albuquerque"),
    ("Keihanaikukauakahihuliheekahaunaele Kealoha", "keihana.kealoha"),
    ("Jean-Baptiste Emmanuel O'Connor-N'Diaye", "jean-baptiste.ndiaye"),
    ("X Æ Lindström", "x.lindstrom"),
    ("Anne-Sophie van 't Hooft-d'Arcy", "annesophie.darcy"),
    ("U Thant Myint-U", "u.thant"),
    ("Åke Ö", "ake.o"),
)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who might join."""

    name: str
    call_name: str
    """What to call them; empty when they have only one name."""
    email_local: str
    """In ASCII, and nobody else's; always with a dot or a digit in it."""
    domain: str

    @property
    def email(self) -> str:
        """Return the address."""
        return f"{self.email_local}@{self.domain}"


@dataclass(frozen=True, slots=True)
class _Group:
    """Given and family names that go together, and the order they go in."""

    given: tuple[Name, ...]
    family: tuple[Name, ...]
    weight: int
    pattern: str
    near: int
    """How far apart in their lists names that go together may be."""

    def pick(self, choose: Callable[[], float], place: float) -> tuple[Name, Name]:
        """Return a given and a family name from about the same place, 0 to 1, of their lists."""
        given, family = len(self.given), len(self.family)
        other = int(place * family) + int((choose() * 2 - 1) * self.near)
        if not 0 <= other < family:  # what would fall off the end is drawn from the same end
            other = int(place * family) if self.near < _FAR else int(choose() * family)
        return self.given[int(place * given)], self.family[other]


def people(n: int, seed: int) -> Iterator[Person]:
    """Yield that many people; a seed always yields the same ones, and more of them continue the row."""
    rng = random.Random(seed)
    groups, single = _groups(), _mononyms()
    choose: Callable[[], float] = rng.random
    ladder = [number for number, group in enumerate(groups) for _ in range(group.weight)]
    steps = len(ladder)
    taken: Counter[str] = Counter()
    for _ in range(n):
        luck = choose()
        if luck < 0.012:
            name, local = _RARE[int(choose() * len(_RARE))]
            call_name = name.split()[0]
        elif luck < 0.035:
            name, latin = single[int(choose() * len(single))]
            call_name, local = "", f"{latin}.{1 + int(choose() * 99)}"
        else:
            group = groups[ladder[int(choose() * steps)]]
            place = choose()
            given, family = group.pick(choose, place)
            call_name, local, written = given[0], f"{given[1]}.{family[1]}", given[0]
            if luck < 0.2 and group.near < _FAR:
                second, _ = group.pick(choose, (place + 0.05) % 1)
                written = f"{written} {second[0]}"
            name = group.pattern.format(given=written, family=family[0])
        taken[local] += 1
        if taken[local] > 1:
            local = f"{local}-{taken[local]}"
        yield Person(name, call_name, local, DOMAINS[int(choose() * 3)])


def plain(name: str) -> str:
    """Return a Latin name in the letters a to z, lower case, for an address."""
    letters = unicodedata.normalize("NFKD", name.casefold().translate(_PLAIN))
    return re.sub(r"[^a-z]", "", letters)


@cache
def _groups() -> tuple[_Group, ...]:
    west, east, close = "{given} {family}", "{family} {given}", "{family}{given}"
    rows = (
        (lists.IBERIAN, 16, west, 7), (lists.NORTHERN, 18, west, 5), (lists.CENTRAL, 10, west, 4),
        (lists.AFRICAN, 9, west, 4), (lists.SOUTHEAST, 5, west, 5), (lists.CYRILLIC, 5, west, 5),
        (lists.GREEK, 4, west, _FAR), (lists.ARABIC, 5, west, _FAR), (lists.HEBREW, 2, west, _FAR),
        (lists.DEVANAGARI, 4, west, _FAR), (lists.TAMIL, 3, west, _FAR), (lists.CHINESE, 4, close, _FAR),
        (lists.JAPANESE, 4, east, _FAR), (lists.KOREAN, 3, close, _FAR), (lists.THAI, 2, west, _FAR),
        (lists.AMHARIC, 3, west, _FAR),
    )  # fmt: skip
    return tuple(
        _Group(_read(given), _read(family), weight, way, near) for (given, family), weight, way, near in rows
    )


@cache
def _mononyms() -> tuple[Name, ...]:
    return _read(lists.MONONYMS)


def _read(line: str) -> tuple[Name, ...]:
    pairs = (word.replace("_", " ").partition("=") for word in unicodedata.normalize("NFC", line).split())
    return tuple((name, plain(latin or name)) for name, _, latin in pairs)
