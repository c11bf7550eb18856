"""One time line of everything between a member and us, newest first: read in pages, said in words.

Each kind of line is a `SELECT` of (kind, id, moment); together they are one ordered statement. A page then fetches
its own rows, one statement a kind, however many there are.
"""

from collections.abc import Sequence
from enum import IntEnum, StrEnum
from typing import Any, TypeVar

from sqlalchemy import CompoundSelect, Row, Select, literal, select, union_all
from sqlalchemy.sql.functions import coalesce

from portal.core import keyset, paging
from portal.core.db import Base, session
from portal.directory import sayings
from portal.directory.sayings import Line
from portal.events.models import Event, Rsvp
from portal.mail.models import Mailing, Message
from portal.members.models import Consent, Member, Note
from portal.preferences.models import LeavingReason
from portal.staff import queries as staff

SIZE = 30
Thing = TypeVar("Thing", bound=Base)


class Kind(IntEnum):
    """What a line is about; of two at the same moment the higher is the later."""

    asked = 0
    confirmed = 1
    consent = 2
    reason = 3
    mail = 4
    rsvp = 5
    attendance = 6
    note = 7


class View(StrEnum):
    """Which lines to show."""

    everything = ""
    choices = "choices"
    mails = "mails"
    events = "events"
    notes = "notes"

    @property
    def words(self) -> str:
        """What it is called on a page."""
        return (self.value or "everything").capitalize()

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds it shows."""
        return _VIEWS[self]


_VIEWS = {
    View.everything: tuple(Kind),
    View.choices: (Kind.asked, Kind.confirmed, Kind.consent, Kind.reason),
    View.mails: (Kind.mail,),
    View.events: (Kind.rsvp, Kind.attendance),
    View.notes: (Kind.note,),
}


def page(member: Member, view: View, cursor: str | None = None) -> paging.Page[Line]:
    """Return some lines of the time line; at most nine statements, whatever is there."""
    branches = _branches(member)
    together: CompoundSelect[int, int, Any] = union_all(*(branches[kind] for kind in view.kinds))
    lines = together.subquery()
    keys = keyset.page(
        select(lines.c.kind, lines.c.id, lines.c.at), [lines.c.at, lines.c.kind, lines.c.id], cursor, SIZE
    )
    return paging.Page(_said(member, keys.rows), older=keys.older, newer=keys.newer)


def _branches(member: Member) -> dict[Kind, Select[int, int, Any]]:
    def branch(kind: Kind, number: Any, at: Any) -> Select[int, int, Any]:
        return select(literal(int(kind)).label("kind"), number.label("id"), at.label("at"))

    me = Member.id == member.id
    answers = branch(Kind.attendance, Rsvp.id, Event.ends_at).join(Event, Event.id == Rsvp.event_id)
    return {
        Kind.asked: branch(Kind.asked, Member.id, Member.asked_at).where(me),
        Kind.confirmed: branch(Kind.confirmed, Member.id, Member.confirmed_at).where(
            me, Member.confirmed_at.is_not(None)
        ),
        Kind.consent: branch(Kind.consent, Consent.id, Consent.at).where(Consent.person == member.ledger_key),
        Kind.reason: branch(Kind.reason, LeavingReason.id, LeavingReason.at).where(
            LeavingReason.member_id == member.id
        ),
        Kind.mail: branch(Kind.mail, Message.id, coalesce(Message.handed_over_at, Message.planned_at)).where(
            Message.member_id == member.id
        ),
        Kind.rsvp: branch(Kind.rsvp, Rsvp.id, Rsvp.changed_at).where(Rsvp.member_id == member.id),
        Kind.attendance: answers.where(Rsvp.member_id == member.id, Rsvp.attended.is_not(None)),
        Kind.note: branch(Kind.note, Note.id, Note.at).where(Note.member_id == member.id),
    }


def _said(member: Member, keys: Sequence[Row[Any]]) -> list[Line]:
    """The rows behind the keys, in words and in the same order."""

    def ids(*kinds: Kind) -> list[int]:
        return [key.id for key in keys if key.kind in kinds]

    consents = _by_id(Consent, ids(Kind.consent))
    notes = _by_id(Note, ids(Kind.note))
    reasons = _by_id(LeavingReason, ids(Kind.reason))
    names = staff.names([*(one.staff_id for one in notes.values()), *map(_staff_id, consents.values())])
    mails = {
        row[0].id: row
        for row in session().execute(
            select(Message, Mailing.title)
            .outerjoin(Mailing, Mailing.id == Message.mailing_id)
            .where(Message.id.in_(ids(Kind.mail)))
        )
    }
    answers = {
        row[0].id: row
        for row in session().execute(
            select(Rsvp, Event)
            .join(Event, Event.id == Rsvp.event_id)
            .where(Rsvp.id.in_(ids(Kind.rsvp, Kind.attendance)))
        )
    }

    def say(key: Row[Any]) -> Line:
        match Kind(key.kind):
            case Kind.asked:
                return sayings.asked(member)
            case Kind.confirmed:
                return sayings.confirmed(member, key.at)
            case Kind.consent:
                line = consents[key.id]
                return sayings.consent(line, names.get(_staff_id(line), "") or _other(line))
            case Kind.reason:
                return sayings.reason(reasons[key.id])
            case Kind.mail:
                message, title = mails[key.id]
                return sayings.mail(message, key.at, title or "")
            case Kind.rsvp:
                return sayings.rsvp(*answers[key.id])
            case Kind.attendance:
                return sayings.attendance(*answers[key.id])
            case Kind.note:
                return sayings.note(notes[key.id], names[notes[key.id].staff_id])

    return [say(key) for key in keys]


def _by_id(table: type[Thing], ids: Sequence[int]) -> dict[int, Thing]:
    column = table.__table__.c.id
    return {one.id: one for one in session().scalars(select(table).where(column.in_(ids)))}  # type: ignore[attr-defined]


def _staff_id(line: Consent) -> int:
    """The staff person who wrote a line of the consent ledger down; 0 when nobody did."""
    who, _, number = line.by.partition(":")
    return int(number) if who == "staff" and number.isdecimal() else 0


def _other(line: Consent) -> str:
    return "" if line.by == "member" else line.by
