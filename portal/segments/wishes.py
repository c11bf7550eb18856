"""Lines about what members told us: what they follow and where, their level, how they like to work."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from sqlalchemy import ColumnElement, and_, literal, select

from portal.core import words
from portal.core.db import BIG
from portal.members.models import Level, Member, WorkMode
from portal.preferences.models import MemberPlace
from portal.segments.criteria import Criterion, Names, NotARule, members_of, names_of, one_key, slugs_in


class How(StrEnum):
    """How many of the chosen things must hold."""

    any_of = "any_of"
    all_of = "all_of"
    none_of = "none_of"


@dataclass(frozen=True, slots=True)
class InterestLine(Criterion):
    """Which interests somebody follows: bit arithmetic on one column, whatever the number of interests."""

    kind = "interest"
    label = "Interests they follow"
    how: How
    slugs: tuple[str, ...]

    def sql(self, names: Names) -> ColumnElement[bool]:
        """Compare the member's mask with the mask of the rule."""
        bits = literal(sum(1 << names.interests[slug].key for slug in set(self.slugs)), BIG)
        common = Member.interest_mask.bitwise_and(bits)
        match self.how:
            case How.any_of:
                return common != 0
            case How.all_of:
                return common == bits
            case How.none_of:
                return common == 0

    def words(self, names: Names) -> str:
        """Say "follow Data or Design"."""
        chosen = names_of(self.slugs, names.interests)
        match self.how:
            case How.any_of:
                return f"follow {words.listing(chosen, 'or')}"
            case How.all_of:
                return f"follow {'both ' if len(chosen) == 2 else ''}{words.listing(chosen)}"
            case How.none_of:
                return f"do not follow {words.listing(chosen, 'or')}"

    def to_json(self) -> dict[str, Any]:
        """{"is": "interest", "any_of": [...]}."""
        return {"is": self.kind, self.how.value: list(self.slugs)}

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> Self:
        """Exactly one of any_of, all_of and none_of."""
        key = one_key(given, [how.value for how in How], "interest")
        return cls(How(key), slugs_in(given[key], "interest"))

    def named(self) -> Mapping[str, tuple[str, ...]]:
        """The interests."""
        return {"interests": self.slugs}


@dataclass(frozen=True, slots=True)
class PlaceLine(Criterion):
    """Where somebody would work or meet."""

    kind = "place"
    label = "Places they chose"
    slugs: tuple[str, ...]

    def sql(self, names: Names) -> ColumnElement[bool]:
        """Look in the table of members and places."""
        ids = sorted({names.places[slug].key for slug in self.slugs})
        return Member.id.in_(select(MemberPlace.member_id).where(MemberPlace.place_id.in_(ids)))

    def words(self, names: Names) -> str:
        """Say "chose Lisbon or Porto"."""
        return f"chose {words.listing(names_of(self.slugs, names.places), 'or')} as a place"

    def to_json(self) -> dict[str, Any]:
        """{"is": "place", "any_of": [...]}."""
        return {"is": self.kind, "any_of": list(self.slugs)}

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> Self:
        """A list of places."""
        return cls(slugs_in(given[one_key(given, ["any_of"], "place")], "place"))

    def named(self) -> Mapping[str, tuple[str, ...]]:
        """The places."""
        return {"places": self.slugs}


@dataclass(frozen=True, slots=True)
class LevelLine(Criterion):
    """How far along in their work somebody is."""

    kind = "level"
    label = "Level"
    levels: tuple[Level, ...]

    def sql(self, names: Names) -> ColumnElement[bool]:
        """Compare; who did not say is none of them."""
        return and_(Member.level.is_not(None), Member.level.in_(self.levels))

    def words(self, names: Names) -> str:
        """Say "gave their level as Senior"."""
        return f"gave their level as {words.listing([f'“{one.words}”' for one in self.levels], 'or')}"

    def to_json(self) -> dict[str, Any]:
        """{"is": "level", "one_of": [...]}."""
        return {"is": self.kind, "one_of": [one.value for one in self.levels]}

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> Self:
        """A list of levels."""
        return cls(members_of(Level, given[one_key(given, ["one_of"], "level")], "level"))


@dataclass(frozen=True, slots=True)
class WorkModeLine(Criterion):
    """How somebody likes to work."""

    kind = "work_mode"
    label = "How they like to work"
    modes: tuple[WorkMode, ...]

    def sql(self, names: Names) -> ColumnElement[bool]:
        """Compare; who did not say is none of them."""
        return and_(Member.work_mode.is_not(None), Member.work_mode.in_(self.modes))

    def words(self, names: Names) -> str:
        """Say "look for full time or part time work"."""
        return f"look for {words.listing([one.words.lower() for one in self.modes], 'or')} work"

    def to_json(self) -> dict[str, Any]:
        """{"is": "work_mode", "one_of": [...]}."""
        return {"is": self.kind, "one_of": [one.value for one in self.modes]}

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> Self:
        """A list of work modes."""
        return cls(members_of(WorkMode, given[one_key(given, ["one_of"], "work_mode")], "way of working"))


@dataclass(frozen=True, slots=True)
class RemoteLine(Criterion):
    """Whether somebody would work from afar."""

    kind = "remote"
    label = "Remote work"
    is_wanted: bool

    def sql(self, names: Names) -> ColumnElement[bool]:
        """Compare."""
        return Member.is_remote.is_(self.is_wanted)

    def words(self, names: Names) -> str:
        """Say "are open to remote work"."""
        return "are open to remote work" if self.is_wanted else "did not say that they would work remotely"

    def to_json(self) -> dict[str, Any]:
        """{"is": "remote", "wanted": true}."""
        return {"is": self.kind, "wanted": self.is_wanted}

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> Self:
        """A yes or a no."""
        wanted = given[one_key(given, ["wanted"], "remote")]
        if not isinstance(wanted, bool):
            raise NotARule("A remote line is either true or false.")
        return cls(wanted)
