"""Lines about events: who answered, who was there, who was missed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, ClassVar, Self

from sqlalchemy import ColumnElement, select

from portal.core import clock, words
from portal.events.models import Answer, Event, EventInterest, Format, Rsvp
from portal.preferences.models import Interest
from portal.segments.criteria import (
    Criterion,
    Fields,
    Names,
    NotARule,
    Widget,
    days_in,
    has,
    members_of,
    names_of,
    one_key,
    text_in,
)
from portal.segments.facts import Facts, Visit

MET = "Events"


class Scope(StrEnum):
    """Which events a line is about: one of them, a kind of them, or all."""

    event = "event"
    form = "format"
    about = "about"
    any = "any"


@dataclass(frozen=True, slots=True)
class _EventLine(Criterion):
    """An event, or a kind of event, and perhaps only the ones that began within some days."""

    is_elsewhere = True
    group = MET
    widget = Widget.one
    asks = frozenset({"days"})
    did: ClassVar[str]
    scope: Scope
    which: str = ""
    within_days: int = 0

    def _rsvp(self) -> list[ColumnElement[bool]]:
        raise NotImplementedError

    def sql(self, names: Names) -> ColumnElement[bool]:
        """Look in the answers to those events."""
        conditions = self._rsvp()
        events: list[ColumnElement[bool]] = []
        match self.scope:
            case Scope.event:
                conditions.append(Rsvp.event_id == names.events[self.which].key)
            case Scope.form:
                events.append(Event.format == Format(self.which))
            case Scope.about:
                of = select(Interest.id).where(Interest.slug == self.which)
                events.append(
                    Event.id.in_(select(EventInterest.event_id).where(EventInterest.interest_id.in_(of)))
                )
            case Scope.any:
                pass
        if self.within_days:
            events.append(Event.starts_at >= clock.now() - timedelta(days=self.within_days))
        if events:
            conditions.append(Rsvp.event_id.in_(select(Event.id).where(*events)))
        return has(Rsvp.member_id, *conditions)

    def _where(self, names: Names) -> str:
        match self.scope:
            case Scope.event:
                which = f"“{names_of((self.which,), names.events)[0]}”"
            case Scope.form:
                which = f"an event {_FORMATS[Format(self.which)]}"
            case Scope.about:
                which = f"an event about {names_of((self.which,), names.interests)[0]}"
            case Scope.any:
                which = "an event"
        if not self.within_days:
            return which
        return f"{which} of the last {f'{words.number(self.within_days)} days' if self.within_days > 1 else 'day'}"

    def _is_mine(self, visit: Visit) -> bool:
        raise NotImplementedError

    def words(self, names: Names) -> str:
        """Say "came to “The open workshop”"."""
        return f"{self.did} {self._where(names)}"

    def value(self, who: Facts) -> str:
        """What of that kind there is between them and us."""
        mine = [visit.event.name for visit in who.visits if self._is_mine(visit)]
        return f"{self.did} {words.listing([f'“{one}”' for one in mine[:5]])}" if mine else f"{self.did} none"

    def to_json(self) -> dict[str, Any]:
        """{"is": "attended", "event": slug}, perhaps with "within_days"."""
        which: Any = self.which if self.scope is not Scope.any else True
        within = {"within_days": self.within_days} if self.within_days else {}
        return {"is": self.kind, self.scope.value: which} | within

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> Self:
        """Exactly one of event, format, about and any, and perhaps within_days."""
        scope = Scope(one_key(given, [one.value for one in Scope], cls.kind, ["within_days"]))
        within = days_in(given["within_days"]) if "within_days" in given else 0
        if scope is Scope.any:
            if given["any"] is not True:
                raise NotARule("Choose an event.")
            return cls(scope, within_days=within)
        which = text_in(given[scope], "an event")
        if scope is Scope.form:
            members_of(Format, [which], "kind of event")
        return cls(scope, which, within)

    def fields(self) -> Fields:
        """One choice, and perhaps a number of days."""
        pick = self.scope.value if self.scope is Scope.any else f"{self.scope.value}:{self.which}"
        return Fields(pick=[pick], days=str(self.within_days) if self.within_days else "")

    @classmethod
    def given(cls, fields: Fields) -> dict[str, Any]:
        """One choice, and perhaps a number of days."""
        scope, _, which = fields.first.partition(":")
        within = {"within_days": fields.number} if fields.days else {}
        return {"is": cls.kind, scope or "event": True if scope == "any" else which} | within

    def named(self) -> Mapping[str, tuple[str, ...]]:
        """The event, or the interest that events are about."""
        match self.scope:
            case Scope.event:
                return {"events": (self.which,)}
            case Scope.about:
                return {"interests": (self.which,)}
        return {}


_FORMATS = {
    Format.in_person: "in person",
    Format.online: "online",
    Format.hybrid: "both in person and online",
}


class AttendedLine(_EventLine):
    """Who was really there."""

    kind, label, did = "attended", "An event they came to", "came to"

    def _rsvp(self) -> list[ColumnElement[bool]]:
        return [Rsvp.attended.is_(True)]

    def _is_mine(self, visit: Visit) -> bool:
        return visit.was_there is True


class MissedLine(_EventLine):
    """Who had a seat, and was noted as not there."""

    kind, label, did = "missed", "An event they missed", "had a seat and were missed at"

    def _rsvp(self) -> list[ColumnElement[bool]]:
        return [Rsvp.attended.is_(False), Rsvp.answer == Answer.seat]

    def _is_mine(self, visit: Visit) -> bool:
        return visit.was_there is False and visit.answer is Answer.seat


class SeatLine(_EventLine):
    """Who has, or had to the end, a seat."""

    kind, label, did = "seat", "An event they have a seat at", "have or had a seat at"

    def _rsvp(self) -> list[ColumnElement[bool]]:
        return [Rsvp.answer == Answer.seat]

    def _is_mine(self, visit: Visit) -> bool:
        return visit.answer is Answer.seat


class WaitingLine(_EventLine):
    """Who stands in the waitlist, or holds an offer from it."""

    kind, label, did = "waiting", "An event they wait for", "wait for"

    def _rsvp(self) -> list[ColumnElement[bool]]:
        return [Rsvp.answer.in_(_waiting())]

    def _is_mine(self, visit: Visit) -> bool:
        return visit.answer in _waiting()


class AnsweredLine(_EventLine):
    """Who answered at all, also those who took it back."""

    kind, label, did = "answered", "An event they answered", "answered"

    def _rsvp(self) -> list[ColumnElement[bool]]:
        return []

    def _is_mine(self, visit: Visit) -> bool:
        return True


def _waiting() -> list[Answer]:
    return [one for one in Answer if one not in {Answer.seat, Answer.cancelled}]
