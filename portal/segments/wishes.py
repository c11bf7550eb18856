"""Lines about what members told us: what they follow and where, and which mail they want."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from babel import Locale
from sqlalchemy import ColumnElement, literal, not_, or_, select

from portal.core import words
from portal.core.db import BIG
from portal.members.models import Member
from portal.preferences.models import Cadence, MemberPlace, Place, Topic, TopicChoice
from portal.segments.criteria import (
    Criterion,
    Fields,
    Names,
    NotARule,
    has,
    members_of,
    names_of,
    one_key,
    text_in,
    texts,
)
from portal.segments.facts import Facts

TOLD = "What they told us"
_COUNTRY = re.compile(r"[A-Z]{2}")


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
    group = TOLD
    ways = {
        "any_of": "Follow at least one of",
        "all_of": "Follow all of",
        "none_of": "Follow none of",
    }
    how: How
    slugs: tuple[str, ...]

    def sql(self, names: Names) -> ColumnElement[bool]:
        """Compare the member's mask with the mask of the rule."""
        bits = literal(sum(1 << names.interests[slug].key for slug in set(self.slugs)), BIG)
        common = Member.interest_mask.bitwise_and(bits)
        match self.how:
            # The sign is no interest's bit. PostgreSQL expects a third of all people above or below a bound, and
            # next to nobody to equal one: it would then look everybody up one by one.
            case How.any_of:
                return common > 0
            case How.all_of:
                return common == bits
            case How.none_of:
                return common < 1

    def words(self, names: Names) -> str:
        """Say "follow Data or Design"."""
        return self._say(names_of(self.slugs, names.interests))

    def told(self, names: Names, who: Facts) -> str:
        """Name those they follow."""
        if self.how is How.any_of:
            return f"follow {words.listing([one.name for one in who.interests if one.slug in self.slugs])}"
        return self._say(names_of(self.slugs, names.interests))

    def _say(self, chosen: list[str]) -> str:
        match self.how:
            case How.any_of:
                return f"follow {words.listing(chosen, 'or')}"
            case How.all_of:
                return f"follow {'both ' if len(chosen) == 2 else ''}{words.listing(chosen)}"
            case How.none_of:
                return f"do not follow {words.listing(chosen, 'or')}"

    def value(self, who: Facts) -> str:
        """What they follow."""
        return (
            f"follows {words.listing([one.name for one in who.interests])}"
            if who.interests
            else "follows nothing"
        )

    def to_json(self) -> dict[str, Any]:
        """{"is": "interest", "any_of": [...]}."""
        return {"is": self.kind, self.how.value: list(self.slugs)}

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> Self:
        """Exactly one of any_of, all_of and none_of."""
        key = one_key(given, [how.value for how in How], "interest")
        return cls(How(key), texts(given[key], "interest"))

    def fields(self) -> Fields:
        """How, and the boxes."""
        return Fields(how=self.how.value, pick=self.slugs)

    @classmethod
    def given(cls, fields: Fields) -> dict[str, Any]:
        """How, and the boxes."""
        return {"is": cls.kind, fields.how: list(fields.pick)}

    def named(self) -> Mapping[str, tuple[str, ...]]:
        """The interests."""
        return {"interests": self.slugs}


@dataclass(frozen=True, slots=True)
class PlaceLine(Criterion):
    """Where somebody would work or meet."""

    kind = "place"
    label = "Places they chose"
    is_elsewhere = True
    group = TOLD
    slugs: tuple[str, ...]

    def sql(self, names: Names) -> ColumnElement[bool]:
        """Look in the table of members and places."""
        ids = sorted({names.places[slug].key for slug in self.slugs})
        return has(MemberPlace.member_id, MemberPlace.place_id.in_(ids))

    def words(self, names: Names) -> str:
        """Say "chose Lisbon or Porto"."""
        return f"chose {words.listing(names_of(self.slugs, names.places), 'or')} as a place"

    def told(self, names: Names, who: Facts) -> str:
        """Name those they chose."""
        return f"chose {words.listing([one.name for one in who.places if one.slug in self.slugs])} as a place"

    def value(self, who: Facts) -> str:
        """Where they would be."""
        return f"chose {words.listing([one.name for one in who.places])}" if who.places else "chose no place"

    def to_json(self) -> dict[str, Any]:
        """{"is": "place", "any_of": [...]}."""
        return {"is": self.kind, "any_of": list(self.slugs)}

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> Self:
        """A list of places."""
        return cls(texts(given[one_key(given, ["any_of"], "place")], "place"))

    def fields(self) -> Fields:
        """The boxes."""
        return Fields(pick=self.slugs)

    @classmethod
    def given(cls, fields: Fields) -> dict[str, Any]:
        """The boxes."""
        return {"is": cls.kind, "any_of": list(fields.pick)}

    def named(self) -> Mapping[str, tuple[str, ...]]:
        """The places."""
        return {"places": self.slugs}


@dataclass(frozen=True, slots=True)
class RegionLine(Criterion):
    """Somewhere in a region, as the places are grouped; no distances are reckoned, and nobody is located."""

    kind = "region"
    label = "Regions of the places they chose"
    is_elsewhere = True
    group = TOLD
    regions: tuple[str, ...]

    def sql(self, names: Names) -> ColumnElement[bool]:
        """Look among those who chose a place there."""
        there = select(Place.id).where(Place.region.in_(self.regions))
        return has(MemberPlace.member_id, MemberPlace.place_id.in_(there))

    def words(self, names: Names) -> str:
        """Say "chose a place in Iberia"."""
        return f"chose a place in {words.listing(names_of(self.regions, names.regions), 'or')}"

    def told(self, names: Names, who: Facts) -> str:
        """Name the places."""
        there = [one.name for one in who.places if one.region in self.regions]
        return f"chose {words.listing(there)} as a place"

    def value(self, who: Facts) -> str:
        """Where they would be."""
        there = [f"{one.name} ({one.region})" if one.region else one.name for one in who.places]
        return f"chose {words.listing(there)}" if there else "chose no place"

    def to_json(self) -> dict[str, Any]:
        """{"is": "region", "any_of": [...]}."""
        return {"is": self.kind, "any_of": list(self.regions)}

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> Self:
        """A list of regions."""
        return cls(texts(given[one_key(given, ["any_of"], "region")], "region"))

    def fields(self) -> Fields:
        """The boxes."""
        return Fields(pick=self.regions)

    @classmethod
    def given(cls, fields: Fields) -> dict[str, Any]:
        """The boxes."""
        return {"is": cls.kind, "any_of": list(fields.pick)}

    def named(self) -> Mapping[str, tuple[str, ...]]:
        """The regions."""
        return {"regions": self.regions}


@dataclass(frozen=True, slots=True)
class CountryLine(Criterion):
    """The country somebody told us they live in."""

    kind = "country"
    label = "Country"
    group = TOLD
    codes: tuple[str, ...]

    def sql(self, names: Names) -> ColumnElement[bool]:
        """Compare; who did not say is none of them."""
        return Member.country.in_(self.codes)

    def words(self, names: Names) -> str:
        """Say "live in Portugal or Spain"."""
        return f"live in {words.listing([country(code) for code in self.codes], 'or')}"

    def told(self, names: Names, who: Facts) -> str:
        """Name it."""
        return f"live in {country(who.member.country)}"

    def value(self, who: Facts) -> str:
        """Where they live."""
        return (
            f"lives in {country(who.member.country)}" if who.member.country else "did not say where they live"
        )

    def to_json(self) -> dict[str, Any]:
        """{"is": "country", "one_of": ["PT"]}."""
        return {"is": self.kind, "one_of": list(self.codes)}

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> Self:
        """A list of country codes."""
        codes = texts(given[one_key(given, ["one_of"], "country")], "country")
        if not all(_COUNTRY.fullmatch(code) for code in codes):
            raise NotARule("We do not know that country.")
        return cls(codes)

    def fields(self) -> Fields:
        """The boxes."""
        return Fields(pick=self.codes)

    @classmethod
    def given(cls, fields: Fields) -> dict[str, Any]:
        """The boxes."""
        return {"is": cls.kind, "one_of": list(fields.pick)}


@dataclass(frozen=True, slots=True)
class TopicLine(Criterion):
    """What kind of mail somebody chose, and how often. Who never chose wants it never."""

    kind = "topic"
    label = "Mail they chose, and how often"
    is_elsewhere = True
    group = TOLD
    ways = {topic.value: topic.words for topic in Topic}
    topic: Topic
    cadences: tuple[Cadence, ...]

    def sql(self, names: Names) -> ColumnElement[bool]:
        """Look in the choices; a choice that is not there is "never"."""
        asked = {one for one in self.cadences if one is not Cadence.never}
        parts: list[ColumnElement[bool]] = []
        if asked:
            parts.append(self._has(TopicChoice.cadence.in_(asked)))
        if Cadence.never in self.cadences:
            parts.append(not_(self._has(TopicChoice.cadence != Cadence.never)))
        return or_(*parts)

    def _has(self, condition: ColumnElement[bool]) -> ColumnElement[bool]:
        return has(TopicChoice.member_id, TopicChoice.topic == self.topic, condition)

    def words(self, names: Names) -> str:
        """Say "chose “Event invitations”: each one or at most monthly"."""
        often = words.listing([one.words.lower() for one in self.cadences], "or")
        return f"chose “{self.topic.words}”: {often}"

    def value(self, who: Facts) -> str:
        """What they chose."""
        return f"chose “{self.topic.words}”: {who.topics[self.topic].words.lower()}"

    def told(self, names: Names, who: Facts) -> str:
        """What they chose."""
        return self.value(who)

    def to_json(self) -> dict[str, Any]:
        """{"is": "topic", "topic": "events", "one_of": ["each"]}."""
        return {"is": self.kind, "topic": self.topic.value, "one_of": [one.value for one in self.cadences]}

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> Self:
        """A topic, and a list of how often."""
        cadences = given[one_key(given, ["one_of"], "topic", ["topic"])]
        topic = text_in(given.get("topic"), "a kind of mail")
        if topic not in set(Topic):
            raise NotARule("We do not know that kind of mail.")
        return cls(Topic(topic), members_of(Cadence, cadences, "cadence"))

    def fields(self) -> Fields:
        """The kind of mail, and the boxes."""
        return Fields(how=self.topic.value, pick=[one.value for one in self.cadences])

    @classmethod
    def given(cls, fields: Fields) -> dict[str, Any]:
        """The kind of mail, and the boxes."""
        return {"is": cls.kind, "topic": fields.how, "one_of": list(fields.pick)}


def country(code: str) -> str:
    """What a country is called; the code itself when nobody knows it."""
    return str(Locale.parse(words.LOCALE).territories.get(code, code))
