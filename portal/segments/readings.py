"""Lines about our mail: who got a newsletter, and who of those that agreed to be measured followed a link in it.

There is no line about opening a mail: pictures are fetched by machines, and blocked by people.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from sqlalchemy import ColumnElement, and_, or_, select

from portal.core import words
from portal.mail.models import Aftermath, Message, State
from portal.mail.provider_models import Measurement, Sight, Verdict
from portal.members.models import Member
from portal.segments.criteria import Criterion, Fields, Names, Widget, has, names_of, one_key, text_in
from portal.segments.facts import Facts

MAILED = "Our mail"


@dataclass(frozen=True, slots=True)
class _MailingLine(Criterion):
    """A newsletter, by what its mailing is about."""

    is_elsewhere = True
    group = MAILED
    widget = Widget.one
    did: ClassVar[str]
    about: str

    def words(self, names: Names) -> str:
        """Say "got the newsletter X"."""
        return f"{self.did} “{names_of((self.about,), names.mailings)[0]}”"

    def to_json(self) -> dict[str, Any]:
        """{"is": "received", "mailing": "newsletter:3"}."""
        return {"is": self.kind, "mailing": self.about}

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> Self:
        """One mailing."""
        return cls(text_in(given[one_key(given, ["mailing"], cls.kind)], "a newsletter"))

    def fields(self) -> Fields:
        """One choice."""
        return Fields(pick=[self.about])

    @classmethod
    def given(cls, fields: Fields) -> dict[str, Any]:
        """One choice."""
        return {"is": cls.kind, "mailing": fields.first}

    def named(self) -> Mapping[str, tuple[str, ...]]:
        """The mailing."""
        return {"mailings": (self.about,)}


class ReceivedLine(_MailingLine):
    """To whom it left, and was not sent back."""

    kind, label, did = "received", "A newsletter they got", "got"

    def sql(self, names: Names) -> ColumnElement[bool]:
        """Look in the ledger."""
        came_back = {Aftermath.bounced, Aftermath.dropped}
        return has(
            Message.member_id,
            Message.mailing_id == names.mailings[self.about].key,
            Message.state == State.accepted,
            or_(Message.aftermath.is_(None), Message.aftermath.not_in(came_back)),
        )

    def value(self, who: Facts) -> str:
        """What they got."""
        return (
            f"got {words.listing([f'“{one}”' for one in who.mailings[:5]])}" if who.mailings else "got none"
        )


class ClickedLine(_MailingLine):
    """Who followed a link in it themselves: only people who agree to be measured, now, and no machines."""

    kind, label, did = (
        "clicked",
        "A newsletter they followed a link in",
        "agreed to be measured, and followed a link in",
    )

    def sql(self, names: Names) -> ColumnElement[bool]:
        """Look among the clicks that a person made."""
        clicks = select(Measurement.message_id).where(
            Measurement.mailing_id == names.mailings[self.about].key,
            Measurement.sight == Sight.click,
            Measurement.verdict == Verdict.human,
        )
        return and_(
            Member.may_measure.is_not(None),
            Member.may_measure.is_(True),
            has(Message.member_id, Message.id.in_(clicks)),
        )

    def value(self, who: Facts) -> str:
        """Whether they let us see it at all; what they did there is nobody's to read."""
        return "agreed to be measured" if who.member.may_measure else "did not agree to be measured"
