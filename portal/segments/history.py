"""Lines about what happened: where members stand with us, when they joined, how they came, when we last wrote."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, ClassVar, Self

from sqlalchemy import ColumnElement, and_, not_, or_

from portal.core import clock, words
from portal.mail.models import Message, State, Stream
from portal.members.models import Member, Status
from portal.segments.criteria import (
    Criterion,
    Fields,
    Names,
    NotARule,
    Widget,
    days_in,
    has,
    members_of,
    one_key,
    texts,
)
from portal.segments.facts import Facts

BETWEEN_US = "Between them and us"


class Standing(StrEnum):
    """Where a person stands with us, a pause told apart."""

    active = "active"
    paused = "paused"
    asked = "asked"
    left = "left"

    @property
    def words(self) -> str:
        """What it is called on a page."""
        return _STANDING_NAMES[self]


_STANDING_NAMES = {
    Standing.active: "Active",
    Standing.paused: "On a pause",
    Standing.asked: "Not confirmed yet",
    Standing.left: "Left",
}
_STANDING_WORDS = {
    Standing.active: "are active",
    Standing.paused: "are on a pause",
    Standing.asked: "have not confirmed yet",
    Standing.left: "have left",
}


@dataclass(frozen=True, slots=True)
class StatusLine(Criterion):
    """Where somebody stands with us."""

    kind = "status"
    label = "Status"
    group = BETWEEN_US
    standings: tuple[Standing, ...]

    def sql(self, names: Names) -> ColumnElement[bool]:
        """Compare; active means active and not on a pause."""
        paused = and_(Member.paused_until.is_not(None), Member.paused_until > clock.now())
        awake = or_(Member.paused_until.is_(None), Member.paused_until <= clock.now())
        asked = set(self.standings)
        parts: list[ColumnElement[bool]] = []
        if {Standing.active, Standing.paused} <= asked:
            parts.append(Member.status == Status.active)
        elif Standing.active in asked:
            parts.append(and_(Member.status == Status.active, awake))
        elif Standing.paused in asked:
            parts.append(and_(Member.status == Status.active, paused))
        if Standing.asked in asked:
            parts.append(Member.status == Status.asked)
        if Standing.left in asked:
            parts.append(Member.status == Status.left)
        return or_(*parts)

    def words(self, names: Names) -> str:
        """Say "are active or are on a pause"."""
        return words.listing([_STANDING_WORDS[one] for one in self.standings], "or")

    def told(self, names: Names, who: Facts) -> str:
        """Say which of them."""
        return _STANDING_WORDS[_standing(who)]

    def value(self, who: Facts) -> str:
        """Where they stand."""
        return _standing(who).words.lower()

    def to_json(self) -> dict[str, Any]:
        """{"is": "status", "one_of": [...]}."""
        return {"is": self.kind, "one_of": [one.value for one in self.standings]}

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> Self:
        """A list of standings."""
        return cls(members_of(Standing, given[one_key(given, ["one_of"], "status")], "status"))

    def fields(self) -> Fields:
        """The boxes."""
        return Fields(pick=[one.value for one in self.standings])

    @classmethod
    def given(cls, fields: Fields) -> dict[str, Any]:
        """The boxes."""
        return {"is": cls.kind, "one_of": list(fields.pick)}


class When(StrEnum):
    """How a line about a moment bounds it."""

    after = "after"
    before = "before"
    within_days = "within_days"
    more_than_days = "more_than_days"


@dataclass(frozen=True, slots=True)
class _MomentLine(Criterion):
    """When something was; days begin at midnight UTC. A day or a number of days bounds it."""

    group = BETWEEN_US
    widget = Widget.none
    asks = frozenset({"day", "days"})
    ways = {
        "within_days": "Within the last so many days",
        "more_than_days": "More than so many days ago",
        "after": "On or after the day",
        "before": "Before the day",
    }
    when: When
    day: date | None = None
    days: int = 0

    @property
    def bound(self) -> datetime:
        """The moment that parts earlier from later; it belongs to later."""
        return _midnight(self.day) if self.day is not None else clock.now() - timedelta(days=self.days)

    @property
    def is_later(self) -> bool:
        """Whether what came after the bound is meant."""
        return self.when in {When.after, When.within_days}

    def bounded(self) -> str:
        """The bound in words."""
        so_many = f"{words.number(self.days)} days" if self.days > 1 else "day"
        match self.when:
            case When.after:
                return f"on or after {words.day(self.day or date.min)}"
            case When.before:
                return f"before {words.day(self.day or date.min)}"
            case When.within_days:
                return f"within the last {so_many}"
            case When.more_than_days:
                return f"more than {so_many if self.days > 1 else 'a day'} ago"

    def to_json(self) -> dict[str, Any]:
        """{"is": "joined", "after": "2027-03-01"}."""
        return {"is": self.kind, self.when.value: self.day.isoformat() if self.day is not None else self.days}

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> Self:
        """Exactly one of after, before (ISO dates), within_days and more_than_days."""
        when = When(one_key(given, [one.value for one in When], cls.kind))
        if when in {When.within_days, When.more_than_days}:
            return cls(when, days=days_in(given[when]))
        return cls(when, day=_day(given[when]))

    def fields(self) -> Fields:
        """How, and a day or a number of days."""
        return Fields(
            how=self.when.value,
            day=self.day.isoformat() if self.day is not None else "",
            days=str(self.days) if self.days else "",
        )

    @classmethod
    def given(cls, fields: Fields) -> dict[str, Any]:
        """How, and a day or a number of days."""
        return {"is": cls.kind, fields.how: fields.number if fields.how.endswith("_days") else fields.day}


class JoinedLine(_MomentLine):
    """When somebody confirmed."""

    kind, label = "joined", "When they joined"

    def sql(self, names: Names) -> ColumnElement[bool]:
        """Compare the moment of confirmation."""
        moment = Member.confirmed_at
        return and_(moment.is_not(None), moment >= self.bound if self.is_later else moment < self.bound)

    def words(self, names: Names) -> str:
        """Say "joined within the last 90 days"."""
        return f"joined {self.bounded()}"

    def value(self, who: Facts) -> str:
        """When they confirmed."""
        joined = who.member.confirmed_at
        return f"joined on {words.day(joined)}" if joined else "has not confirmed yet"


class ContactLine(_MomentLine):
    """When the last mail left for somebody that was not about their account."""

    is_elsewhere = True
    kind, label = "contacted", "When we last wrote to them"

    def sql(self, names: Names) -> ColumnElement[bool]:
        """Look for a mail after the bound; whoever never had one had their last before anything."""
        since = has(
            Message.member_id,
            Message.state == State.accepted,
            Message.stream != Stream.account,
            Message.handed_over_at >= self.bound,
        )
        return since if self.is_later else not_(since)

    def words(self, names: Names) -> str:
        """Say "had our last mail within the last 90 days"."""
        return f"had our last mail {self.bounded()}{'' if self.is_later else ', or none yet'}"

    def value(self, who: Facts) -> str:
        """When it left."""
        return (
            f"had our last mail on {words.day(who.last_contact)}" if who.last_contact else "had no mail yet"
        )


@dataclass(frozen=True, slots=True)
class SourceLine(Criterion):
    """How somebody found us: what the link they joined by was tagged with. Who came untagged has none of these."""

    kind = "source"
    label = "How they found us"
    group = BETWEEN_US
    nowhere: ClassVar[str] = "-"
    sources: tuple[str, ...]

    def sql(self, names: Names) -> ColumnElement[bool]:
        """Compare; "-" stands for no source."""
        return Member.source.in_([one if one != self.nowhere else "" for one in self.sources])

    def words(self, names: Names) -> str:
        """Say "came by pycon or meetup"."""
        said = [f"“{one}”" if one != self.nowhere else "no tagged link" for one in self.sources]
        return f"came by {words.listing(said, 'or')}"

    def value(self, who: Facts) -> str:
        """How they came."""
        return f"came by “{who.member.source}”" if who.member.source else "came by no tagged link"

    def to_json(self) -> dict[str, Any]:
        """{"is": "source", "one_of": ["pycon"]}."""
        return {"is": self.kind, "one_of": list(self.sources)}

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> Self:
        """A list of sources."""
        return cls(texts(given[one_key(given, ["one_of"], "source")], "source"))

    def fields(self) -> Fields:
        """The boxes."""
        return Fields(pick=self.sources)

    @classmethod
    def given(cls, fields: Fields) -> dict[str, Any]:
        """The boxes."""
        return {"is": cls.kind, "one_of": list(fields.pick)}


def _standing(who: Facts) -> Standing:
    if who.member.status is Status.active:
        return Standing.paused if who.member.is_paused else Standing.active
    return Standing(who.member.status.value)


def _day(given: object) -> date:
    try:
        day = date.fromisoformat(given) if isinstance(given, str) and len(given) == 10 else None
    except ValueError:
        day = None
    if day is None or not 1900 <= day.year <= 2999:
        raise NotARule("Give a date, such as 2027-03-01.")
    return day


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
