"""What a line of a rule is: a closed list of kinds, each one piece of SQL and one piece of English.

Every condition is true or false, never NULL: somebody who told us nothing is simply not among those asked
for, so that "not" means what it says. No kind is about a sensitive trait, and none can be made from a page
(`members.guard`).
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar, Self, TypeVar

from sqlalchemy import ColumnElement, select

from portal.core.db import is_sqlite
from portal.members.models import Member
from portal.segments.facts import Facts

MOST_VALUES = 100
Choice = TypeVar("Choice", bound=StrEnum)
_THEIRS = re.compile(r"\b(their|they)\b")


class NotARule(ValueError):
    """What was given is not a rule; the message says why, in words for a page."""


@dataclass(frozen=True, slots=True)
class Named:
    """Something a slug stands for: its id (of an interest: its bit) and its name.

    Of a segment also who is in it, or why it cannot be asked.
    """

    key: int
    name: str
    condition: ColumnElement[bool] | None = None
    broken: str = ""
    size: int = 1


@dataclass(frozen=True, slots=True)
class Names:
    """What the slugs in a rule stand for at this moment. A slug that is not here names something deleted."""

    interests: Mapping[str, Named] = field(default_factory=dict)
    places: Mapping[str, Named] = field(default_factory=dict)
    regions: Mapping[str, Named] = field(default_factory=dict)
    events: Mapping[str, Named] = field(default_factory=dict)
    mailings: Mapping[str, Named] = field(default_factory=dict)
    tags: Mapping[str, Named] = field(default_factory=dict)
    lists: Mapping[str, Named] = field(default_factory=dict)
    segments: Mapping[str, Named] = field(default_factory=dict)


NOUNS = {
    "interests": "interest",
    "places": "place",
    "regions": "region",
    "events": "event",
    "mailings": "newsletter",
    "tags": "tag",
    "lists": "list",
    "segments": "segment",
}
"""What each field of `Names` holds."""


class Widget(StrEnum):
    """How the values of a line are chosen on its form."""

    boxes = "boxes"
    one = "one"
    none = "none"


@dataclass(slots=True)
class Fields:
    """A line as a form has it: how, what was picked, a day, or a number of days."""

    how: str = ""
    pick: Sequence[str] = ()
    day: str = ""
    days: str = ""

    @property
    def number(self) -> int | None:
        """The number of days, when it is one."""
        return int(self.days) if self.days.isascii() and self.days.isdigit() and len(self.days) < 9 else None

    @property
    def first(self) -> str:
        """The one thing that was picked."""
        return "".join(self.pick[:1])


class Criterion(ABC):
    """One line of a rule."""

    kind: ClassVar[str]
    label: ClassVar[str]
    group: ClassVar[str]
    widget: ClassVar[Widget] = Widget.boxes
    ways: ClassVar[Mapping[str, str]] = {}
    asks: ClassVar[frozenset[str]] = frozenset()
    is_elsewhere: ClassVar[bool] = False

    @abstractmethod
    def sql(self, names: Names) -> ColumnElement[bool]:
        """The condition over `Member`. Call it only when nothing is `missing`."""

    @abstractmethod
    def words(self, names: Names) -> str:
        """The line as it goes on after "people who"."""

    @abstractmethod
    def value(self, who: Facts) -> str:
        """What we know of a person for this line, for staff: "follows Data and Design"."""

    @abstractmethod
    def to_json(self) -> dict[str, Any]:
        """The line as it is stored."""

    @classmethod
    @abstractmethod
    def from_json(cls, given: Mapping[str, Any]) -> Self:
        """The line in `given`, which has exactly the keys that its kind knows.

        Raises:
            NotARule: it cannot be one.
        """

    @abstractmethod
    def fields(self) -> Fields:
        """The line on a form."""

    @classmethod
    @abstractmethod
    def given(cls, fields: Fields) -> dict[str, Any]:
        """What was typed, as `from_json` reads it, whether it is right or not."""

    def told(self, names: Names, who: Facts) -> str:
        """The line as it goes on after "you", for a person for whom it holds."""
        return second_person(self.words(names))

    def named(self) -> Mapping[str, tuple[str, ...]]:
        """The slugs it uses, by the field of `Names` they belong to."""
        return {}

    def missing(self, names: Names) -> list[str]:
        """A sentence for each thing it names that does not exist any more, or is broken itself."""
        said = []
        for kind, slugs in self.named().items():
            known: Mapping[str, Named] = getattr(names, kind)
            for slug in slugs:
                if slug not in known:
                    said.append(f"The {NOUNS[kind]} “{slug}” does not exist any more.")
                elif known[slug].broken:
                    said.append(known[slug].broken)
        return said


def has(member_id: Any, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """SQL over `Member`: one of its rows in another table, found by `member_id`, fulfils the conditions.

    Measured with a million members: SQLite is quick with a list that it makes once; PostgreSQL chooses between that
    and asking for each member when it may, and does the wrong thing when it may not.
    """
    if is_sqlite():
        return Member.id.in_(select(member_id).where(member_id.is_not(None), *conditions))
    return select(member_id).where(member_id == Member.id, *conditions).correlate(Member).exists()


def second_person(words: str) -> str:
    """What is said of people, said to one of them."""
    return _THEIRS.sub(lambda found: {"their": "your", "they": "you"}[found[0]], words)


def one_key(given: Mapping[str, Any], known: Iterable[str], kind: str, optional: Iterable[str] = ()) -> str:
    """The one key beside "is" and those that may be left out.

    Raises:
        NotARule: there is more, less, or something else.
    """
    keys = [key for key in given if key != "is" and key not in optional]
    if len(keys) != 1 or keys[0] not in known:
        raise NotARule(f"A line about {kind} takes exactly one of: {', '.join(known)}.")
    return keys[0]


def texts(given: object, noun: str) -> tuple[str, ...]:
    """A list of short texts; each stands once.

    Raises:
        NotARule: it is none, or is empty.
    """
    if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
        raise NotARule(f"Choose at least one {noun}.")
    chosen = tuple(dict.fromkeys(given))
    if not chosen or any(not 0 < len(one) <= 100 or "\x00" in one for one in chosen):
        raise NotARule(f"Choose at least one {noun}.")
    if len(chosen) > MOST_VALUES:
        raise NotARule(f"That is more than {MOST_VALUES} of one kind.")
    return chosen


def text_in(given: object, noun: str) -> str:
    """One short text.

    Raises:
        NotARule: it is none.
    """
    if not isinstance(given, str) or not 0 < len(given) <= 100 or "\x00" in given:
        raise NotARule(f"Choose {noun}.")
    return given


def members_of(of: type[Choice], given: object, noun: str) -> tuple[Choice, ...]:
    """A list of words of a closed list, in the order of that list.

    Raises:
        NotARule: it is none, is empty, or holds something else.
    """
    chosen = texts(given, noun)
    known = set(of)
    if any(one not in known for one in chosen):
        raise NotARule(f"We do not know that {noun}.")
    return tuple(one for one in of if one in chosen)


def days_in(given: object) -> int:
    """A number of days.

    Raises:
        NotARule: it is none, or too large to mean anything.
    """
    if not isinstance(given, int) or isinstance(given, bool) or not 1 <= given <= MOST_DAYS:
        raise NotARule("Give a number of days from 1 to 36,500.")
    return given


MOST_DAYS = 36_500


def names_of(slugs: Iterable[str], known: Mapping[str, Named]) -> list[str]:
    """What the slugs are called; a deleted thing keeps its slug."""
    return [known[slug].name if slug in known else f"“{slug}” (deleted)" for slug in slugs]
