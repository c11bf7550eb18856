"""Lines about what staff made: tags, hand-picked lists, and other segments."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import ColumnElement, and_, false, not_

from portal.core import words
from portal.segments.criteria import Criterion, Fields, Names, Widget, has, names_of, one_key, text_in, texts
from portal.segments.facts import Facts
from portal.segments.models import MemberTag, PickedMember
from portal.segments.wishes import How

BY_HAND = "Made by your team"


@dataclass(frozen=True, slots=True)
class TagLine(Criterion):
    """Which tags somebody carries."""

    kind = "tag"
    label = "Tags"
    is_elsewhere = True
    group = BY_HAND
    ways = {"any_of": "Carry at least one of", "all_of": "Carry all of", "none_of": "Carry none of"}
    how: How
    slugs: tuple[str, ...]

    def sql(self, names: Names) -> ColumnElement[bool]:
        """Look in the table of members and tags."""
        ids = sorted({names.tags[slug].key for slug in self.slugs})
        match self.how:
            case How.any_of:
                return has(MemberTag.member_id, MemberTag.tag_id.in_(ids))
            case How.all_of:
                return and_(*(has(MemberTag.member_id, MemberTag.tag_id == one) for one in ids))
            case How.none_of:
                return not_(has(MemberTag.member_id, MemberTag.tag_id.in_(ids)))

    def words(self, names: Names) -> str:
        """Say "carry the tag Speaker"."""
        chosen = [f"“{one}”" for one in names_of(self.slugs, names.tags)]
        match self.how:
            case How.any_of:
                return f"carry the tag {words.listing(chosen, 'or')}"
            case How.all_of:
                return f"carry the tag{'s' if len(chosen) > 1 else ''} {words.listing(chosen)}"
            case How.none_of:
                return f"do not carry the tag {words.listing(chosen, 'or')}"

    def value(self, who: Facts) -> str:
        """What they carry."""
        return (
            f"carries {words.listing([f'“{one.name}”' for one in who.tags])}"
            if who.tags
            else "carries no tag"
        )

    def to_json(self) -> dict[str, Any]:
        """{"is": "tag", "any_of": [...]}."""
        return {"is": self.kind, self.how.value: list(self.slugs)}

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> Self:
        """Exactly one of any_of, all_of and none_of."""
        key = one_key(given, [how.value for how in How], "tag")
        return cls(How(key), texts(given[key], "tag"))

    def fields(self) -> Fields:
        """How, and the boxes."""
        return Fields(how=self.how.value, pick=self.slugs)

    @classmethod
    def given(cls, fields: Fields) -> dict[str, Any]:
        """How, and the boxes."""
        return {"is": cls.kind, fields.how: list(fields.pick)}

    def named(self) -> Mapping[str, tuple[str, ...]]:
        """The tags."""
        return {"tags": self.slugs}


@dataclass(frozen=True, slots=True)
class _InLine(Criterion):
    """In something, or not in it."""

    is_elsewhere = True
    group = BY_HAND
    widget = Widget.one
    is_in: bool
    slug: str

    def to_json(self) -> dict[str, Any]:
        """{"is": "list", "in": slug}."""
        return {"is": self.kind, "in" if self.is_in else "not_in": self.slug}

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> Self:
        """Exactly one of in and not_in."""
        key = one_key(given, ["in", "not_in"], cls.kind)
        return cls(key == "in", text_in(given[key], f"a {cls.kind}"))

    def fields(self) -> Fields:
        """In or not, and one choice."""
        return Fields(how="in" if self.is_in else "not_in", pick=[self.slug])

    @classmethod
    def given(cls, fields: Fields) -> dict[str, Any]:
        """In or not, and one choice."""
        return {"is": cls.kind, fields.how: fields.first}


class ListLine(_InLine):
    """On a hand-picked list, or not."""

    kind, label = "list", "A hand-picked list"
    ways = {"in": "Are on the list", "not_in": "Are not on the list"}

    def sql(self, names: Names) -> ColumnElement[bool]:
        """Look on the list."""
        on_it = has(PickedMember.member_id, PickedMember.list_id == names.lists[self.slug].key)
        return on_it if self.is_in else not_(on_it)

    def words(self, names: Names) -> str:
        """Say "are on the list X"."""
        return f"are {'' if self.is_in else 'not '}on the list “{names_of((self.slug,), names.lists)[0]}”"

    def value(self, who: Facts) -> str:
        """Which lists they are on."""
        return (
            f"is on {words.listing([f'“{one.name}”' for one in who.lists])}" if who.lists else "is on no list"
        )

    def named(self) -> Mapping[str, tuple[str, ...]]:
        """The list."""
        return {"lists": (self.slug,)}


class SegmentLine(_InLine):
    """In another segment, or not in it; as that segment is now."""

    kind, label = "segment", "Another segment"
    ways = {"in": "Are in the segment", "not_in": "Are not in the segment"}

    def sql(self, names: Names) -> ColumnElement[bool]:
        """Ask what that segment asks."""
        condition = names.segments[self.slug].condition
        inside = condition if condition is not None else false()
        return inside if self.is_in else not_(inside)

    def words(self, names: Names) -> str:
        """Say "are in the segment X"."""
        return (
            f"are {'' if self.is_in else 'not '}in the segment “{names_of((self.slug,), names.segments)[0]}”"
        )

    def value(self, who: Facts) -> str:
        """Say nothing of its own: the trace of that segment does."""
        return ""

    def named(self) -> Mapping[str, tuple[str, ...]]:
        """The segment."""
        return {"segments": (self.slug,)}
