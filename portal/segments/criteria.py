"""What a line of a rule is: a closed list of kinds, each one piece of SQL and one piece of English.

Every condition is true or false, never NULL: somebody who told us nothing is simply not among those asked
for, so that "not" means what it says.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar, Self, TypeVar

from sqlalchemy import ColumnElement

MOST_VALUES = 100
Choice = TypeVar("Choice", bound=StrEnum)


class NotARule(ValueError):
    """What was given is not a rule; the message says why, in words for a page."""


@dataclass(frozen=True, slots=True)
class Named:
    """Something a slug stands for: its id (of an interest: its bit) and its name."""

    key: int
    name: str


@dataclass(frozen=True, slots=True)
class Names:
    """What the slugs in a rule stand for at this moment. A slug that is not here names something deleted."""

    interests: Mapping[str, Named] = field(default_factory=dict)
    places: Mapping[str, Named] = field(default_factory=dict)
    events: Mapping[str, Named] = field(default_factory=dict)


class Criterion(ABC):
    """One line of a rule."""

    kind: ClassVar[str]
    label: ClassVar[str]

    @abstractmethod
    def sql(self, names: Names) -> ColumnElement[bool]:
        """The condition over `Member`. Call it only when nothing is `missing`."""

    @abstractmethod
    def words(self, names: Names) -> str:
        """The line as it goes on after "people who"."""

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

    def named(self) -> Mapping[str, tuple[str, ...]]:
        """The slugs it uses, by the field of `Names` they belong to."""
        return {}

    def missing(self, names: Names) -> list[str]:
        """A sentence for each thing it names that does not exist any more."""
        said = {"interests": "interest", "places": "place", "events": "event"}
        return [
            f"The {said[kind]} “{slug}” does not exist any more."
            for kind, slugs in self.named().items()
            for slug in slugs
            if slug not in getattr(names, kind)
        ]


def one_key(given: Mapping[str, Any], known: list[str], kind: str) -> str:
    """The one key beside "is".

    Raises:
        NotARule: there is more, less, or something else.
    """
    keys = [key for key in given if key != "is"]
    if len(keys) != 1 or keys[0] not in known:
        raise NotARule(f"A line about {kind} takes exactly one of: {', '.join(known)}.")
    return keys[0]


def _texts(given: object, noun: str) -> tuple[str, ...]:
    if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
        raise NotARule(f"Choose at least one {noun}.")
    chosen = tuple(dict.fromkeys(given))
    if not chosen:
        raise NotARule(f"Choose at least one {noun}.")
    if len(chosen) > MOST_VALUES:
        raise NotARule(f"That is more than {MOST_VALUES} of one kind.")
    return chosen


def slugs_in(given: object, noun: str) -> tuple[str, ...]:
    """A list of slugs; each stands once.

    Raises:
        NotARule: it is none, or is empty.
    """
    chosen = _texts(given, noun)
    if any(not 0 < len(one) <= 100 for one in chosen):
        raise NotARule(f"Choose at least one {noun}.")
    return chosen


def members_of(of: type[Choice], given: object, noun: str) -> tuple[Choice, ...]:
    """A list of words of a closed list, in the order of that list.

    Raises:
        NotARule: it is none, is empty, or holds something else.
    """
    chosen = _texts(given, noun)
    known = set(of)
    if any(one not in known for one in chosen):
        raise NotARule(f"We do not know that {noun}.")
    return tuple(one for one in of if one in chosen)


def names_of(slugs: Iterable[str], known: Mapping[str, Named]) -> list[str]:
    """What the slugs are called; a deleted thing keeps its slug."""
    return [known[slug].name if slug in known else f"“{slug}” (deleted)" for slug in slugs]
