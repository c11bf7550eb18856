"""Lines about what happened: where members stand with us, when they joined, what they came to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Self

from sqlalchemy import ColumnElement, and_, or_, select, true

from portal.core import clock, words
from portal.events.models import Rsvp
from portal.members.models import Member, Status
from portal.segments.criteria import Criterion, Names, NotARule, members_of, names_of, one_key

MOST_DAYS = 36_500


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

    def to_json(self) -> dict[str, Any]:
        """{"is": "status", "one_of": [...]}."""
        return {"is": self.kind, "one_of": [one.value for one in self.standings]}

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> Self:
        """A list of standings."""
        return cls(members_of(Standing, given[one_key(given, ["one_of"], "status")], "status"))


@dataclass(frozen=True, slots=True)
class JoinedLine(Criterion):
    """When somebody confirmed; days begin at midnight UTC. Exactly one of the three is set."""

    kind = "joined"
    label = "When they joined"
    after: date | None = None
    before: date | None = None
    within_days: int | None = None

    def sql(self, names: Names) -> ColumnElement[bool]:
        """Compare the moment of confirmation: after and within_days include their first day."""
        if self.within_days is not None:
            bound: ColumnElement[bool] = Member.confirmed_at >= clock.now() - timedelta(days=self.within_days)
        elif self.after is not None:
            bound = Member.confirmed_at >= _midnight(self.after)
        elif self.before is not None:
            bound = Member.confirmed_at < _midnight(self.before)
        else:
            bound = true()
        return and_(Member.confirmed_at.is_not(None), bound)

    def words(self, names: Names) -> str:
        """Say "joined within the last 90 days"."""
        if self.within_days is not None:
            return f"joined within the last {f'{self.within_days} days' if self.within_days > 1 else 'day'}"
        if self.after is not None:
            return f"joined on or after {words.day(self.after)}"
        return f"joined before {words.day(self.before)}" if self.before else "joined"

    def to_json(self) -> dict[str, Any]:
        """{"is": "joined", "after": "2027-03-01"}."""
        if self.within_days is not None:
            return {"is": self.kind, "within_days": self.within_days}
        if self.after is not None:
            return {"is": self.kind, "after": self.after.isoformat()}
        return {"is": self.kind, "before": self.before.isoformat() if self.before else None}

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> Self:
        """Exactly one of after, before (ISO dates) and within_days."""
        key = one_key(given, ["after", "before", "within_days"], "joined")
        value = given[key]
        if key == "within_days":
            if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MOST_DAYS:
                raise NotARule(f"Give a number of days from 1 to {words.number(MOST_DAYS)}.")
            return cls(within_days=value)
        day = _day(value)
        return cls(after=day) if key == "after" else cls(before=day)


@dataclass(frozen=True, slots=True)
class AttendedLine(Criterion):
    """Who was really there."""

    kind = "attended"
    label = "An event they came to"
    slug: str

    def sql(self, names: Names) -> ColumnElement[bool]:
        """Look in the answers whose attendance was noted."""
        event_id = names.events[self.slug].key
        came = select(Rsvp.member_id).where(Rsvp.event_id == event_id, Rsvp.attended.is_(True))
        return Member.id.in_(came)

    def words(self, names: Names) -> str:
        """Say "came to the event X"."""
        return f"came to “{names_of((self.slug,), names.events)[0]}”"

    def to_json(self) -> dict[str, Any]:
        """{"is": "attended", "event": slug}."""
        return {"is": self.kind, "event": self.slug}

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> Self:
        """One event."""
        slug = given[one_key(given, ["event"], "attended")]
        if not isinstance(slug, str) or not 0 < len(slug) <= 100:
            raise NotARule("Choose an event.")
        return cls(slug)

    def named(self) -> Mapping[str, tuple[str, ...]]:
        """The event."""
        return {"events": (self.slug,)}


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
