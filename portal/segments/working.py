"""Lines about how members want to work: their level, their way of working, whether they are ready for something new."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, Self

from sqlalchemy import ColumnElement, and_

from portal.core import words
from portal.members.models import Level, Member, Readiness, WorkMode
from portal.segments.criteria import Criterion, Fields, Names, NotARule, Widget, members_of, one_key
from portal.segments.facts import Facts
from portal.segments.wishes import TOLD


@dataclass(frozen=True, slots=True)
class _OneOf(Criterion):
    """One of a closed list that a member chose from."""

    group = TOLD
    noun: ClassVar[str]
    of: ClassVar[type[StrEnum]]
    chosen: tuple[Any, ...]

    def _column(self, member: Any) -> Any:
        return getattr(member, self.kind)

    def sql(self, names: Names) -> ColumnElement[bool]:
        """Compare; who did not say is none of them."""
        column = self._column(Member)
        return and_(column.is_not(None), column.in_(self.chosen))

    def value(self, who: Facts) -> str:
        """What they said."""
        said = self._column(who.member)
        return f"said “{said.words}”" if said else "did not say"

    def to_json(self) -> dict[str, Any]:
        """{"is": "level", "one_of": [...]}."""
        return {"is": self.kind, "one_of": [one.value for one in self.chosen]}

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> Self:
        """A list of them."""
        return cls(members_of(cls.of, given[one_key(given, ["one_of"], cls.noun)], cls.noun))

    def fields(self) -> Fields:
        """The boxes."""
        return Fields(pick=[one.value for one in self.chosen])

    @classmethod
    def given(cls, fields: Fields) -> dict[str, Any]:
        """The boxes."""
        return {"is": cls.kind, "one_of": list(fields.pick)}


class LevelLine(_OneOf):
    """How far along in their work somebody is."""

    kind, label, noun, of = "level", "Level", "level", Level

    def words(self, names: Names) -> str:
        """Say "gave their level as Senior"."""
        return f"gave their level as {words.listing([f'“{one.words}”' for one in self.chosen], 'or')}"


class WorkModeLine(_OneOf):
    """How somebody likes to work."""

    kind, label, noun, of = "work_mode", "How they like to work", "way of working", WorkMode

    def words(self, names: Names) -> str:
        """Say "look for full time or part time work"."""
        return f"look for {words.listing([one.words.lower() for one in self.chosen], 'or')} work"


class ReadinessLine(_OneOf):
    """Whether somebody said that they are ready for something new."""

    kind, label, noun, of = "readiness", "Ready for something new", "answer", Readiness

    def words(self, names: Names) -> str:
        """Say "said “I am ready for something new”"."""
        return f"said {words.listing([f'“{one.words}”' for one in self.chosen], 'or')}"


@dataclass(frozen=True, slots=True)
class _YesOrNo(Criterion):
    """Something a member ticked, or did not."""

    group = TOLD
    widget = Widget.one
    is_wanted: bool

    def _column(self, member: Any) -> Any:
        raise NotImplementedError

    def sql(self, names: Names) -> ColumnElement[bool]:
        """Compare."""
        return self._column(Member).is_(self.is_wanted)  # type: ignore[no-any-return]

    def to_json(self) -> dict[str, Any]:
        """{"is": "remote", "wanted": true}."""
        return {"is": self.kind, "wanted": self.is_wanted}

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> Self:
        """A yes or a no."""
        wanted = given[one_key(given, ["wanted"], cls.kind)]
        if not isinstance(wanted, bool):
            raise NotARule("Choose yes or no.")
        return cls(wanted)

    def fields(self) -> Fields:
        """A choice of two."""
        return Fields(pick=["yes" if self.is_wanted else "no"])

    @classmethod
    def given(cls, fields: Fields) -> dict[str, Any]:
        """A choice of two; yes comes first."""
        return {"is": cls.kind, "wanted": fields.first != "no"}


class RemoteLine(_YesOrNo):
    """Whether somebody would work from afar."""

    kind, label = "remote", "Remote work"

    def _column(self, member: Any) -> Any:
        return member.is_remote

    def words(self, names: Names) -> str:
        """Say "are open to remote work"."""
        return "are open to remote work" if self.is_wanted else "did not say that they would work remotely"

    def value(self, who: Facts) -> str:
        """What they ticked."""
        return "is open to remote work" if who.member.is_remote else "did not say so"


class MoveLine(_YesOrNo):
    """Whether somebody would move."""

    kind, label = "move", "Open to move"

    def _column(self, member: Any) -> Any:
        return member.is_open_to_move

    def words(self, names: Names) -> str:
        """Say "are open to move"."""
        return "are open to move" if self.is_wanted else "did not say that they would move"

    def value(self, who: Facts) -> str:
        """What they ticked."""
        return "is open to move" if who.member.is_open_to_move else "did not say so"
