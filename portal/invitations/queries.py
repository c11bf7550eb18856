"""Questions about invitations: which there are, who gets one now, who is left out and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, false, func, literal, or_, select

from portal.core.db import BIG, session
from portal.events.models import Answer, Rsvp
from portal.invitations.models import Invitation
from portal.mail import gate
from portal.mail.models import Mailing, Message, State, Stream
from portal.members.models import Member, Status
from portal.preferences import queries as preferences
from portal.preferences.models import Topic
from portal.segments import queries as segments
from portal.segments import rules
from portal.segments.models import Segment
from portal.segments.queries import Person, Use

TOPIC = Topic.events
_HAD_IT = (State.planned, State.claimed, State.accepted, State.unknown)
_OWN_REASONS = {
    "answered": "They have answered already",
    "invited": "They have been invited to this event before",
    "not_events": "They did not choose to hear of events",
}


@dataclass(frozen=True, slots=True)
class Count:
    """Who gets a letter at this moment, and who is left out and why."""

    people: int
    left_out: Sequence[tuple[str, int]]

    @property
    def others(self) -> int:
        """How many are left out."""
        return sum(number for _, number in self.left_out)


def of_event(event_id: int) -> Sequence[tuple[Invitation, Segment | None]]:
    """Return the invitations to an event with their segments, newest first."""
    rows = session().execute(
        select(Invitation, Segment)
        .outerjoin(Segment, Segment.id == Invitation.segment_id)
        .where(Invitation.event_id == event_id)
        .order_by(Invitation.id.desc())
    )
    return [(row[0], row[1]) for row in rows]


def by_id(number: int) -> Invitation | None:
    """Return the invitation with that id."""
    return session().get(Invitation, number)


def locked(number: int) -> Invitation | None:
    """Return the invitation freshly read; nobody else can send it until this transaction ends."""
    return session().get(Invitation, number, with_for_update=True, populate_existing=True)


def of_mailing(mailing_id: int) -> Invitation | None:
    """Return the invitation that a mailing is of, or reminds of."""
    which = or_(Invitation.mailing_id == mailing_id, Invitation.reminder_id == mailing_id)
    return session().scalar(select(Invitation).where(which))


def segment(invitation: Invitation) -> Segment | None:
    """Return whom it is for; None for everybody."""
    return session().get(Segment, invitation.segment_id) if invitation.segment_id is not None else None


def mailing(number: int | None) -> Mailing | None:
    """Return a mailing of an invitation."""
    return session().get(Mailing, number) if number is not None else None


def audience(invitation: Invitation) -> Select[Any]:
    """Select whom it is for, each once, as `mail.actions.start_mailing` wants them: nobody twice to one event.

    Raises:
        rules.Broken: the segment names something that does not exist any more.
    """
    return _selected(and_(_is_meant(invitation), _own_reason(invitation) == ""))


def to_remind(invitation: Invitation) -> Select[Any]:
    """Select those who got the invitation and have not answered."""
    got_it = select(Message.member_id).where(
        Message.mailing_id == invitation.mailing_id, Message.state == State.accepted
    )
    return _selected(
        and_(Member.status == Status.active, Member.id.in_(got_it), ~_has_answered(invitation.event_id))
    )


def count(invitation: Invitation) -> Count:
    """Count who gets it now, and who is left out and why; set-based, whatever their number.

    Raises:
        rules.Broken: see `audience`.
    """
    inside = (
        select(
            Member.id.label("member_id"),
            Member.address_key.label("address_key"),
            _own_reason(invitation).label("own"),
        )
        .where(_is_meant(invitation))
        .subquery()
    )
    return _counted(inside)


def count_reminded(invitation: Invitation) -> Count:
    """Count who would be asked once more, and who is left out and why."""
    people = to_remind(invitation).subquery()
    return _counted(select(people.c.member_id, people.c.address_key, literal("").label("own")).subquery())


def answers(invitation: Invitation) -> dict[Answer, int]:
    """Return what those who got it have answered since."""
    got_it = select(Message.member_id).where(
        Message.mailing_id == invitation.mailing_id, Message.state.in_(_HAD_IT)
    )
    rows = session().execute(
        select(Rsvp.answer, func.count())
        .where(Rsvp.event_id == invitation.event_id, Rsvp.member_id.in_(got_it))
        .group_by(Rsvp.answer)
    )
    return {row[0]: row[1] for row in rows}


def choices() -> Sequence[tuple[int, str]]:
    """Return the segments one can invite."""
    return [(one.id, one.name) for one in segments.by_name()]


@segments.used_by
def uses(segment_id: int) -> Sequence[Use]:
    """Where a segment is invited."""
    rows = session().scalars(select(Invitation).where(Invitation.segment_id == segment_id))
    return [
        Use("Invited to an event", "invitations.show", {"event_id": row.event_id, "invitation_id": row.id})
        for row in rows
    ]


def _selected(which: ColumnElement[bool]) -> Select[Any]:
    return select(  # type: ignore[return-value]
        Member.id.label("member_id"),
        Member.address.label("address"),
        Member.address_key.label("address_key"),
        Member.zone.label("zone"),
        literal(0, BIG).label("mask"),
        false().label("is_tracked"),
    ).where(which)


def _counted(people: Any) -> Count:
    verdict = gate.verdict(Person(people, TOPIC), Stream.marketing)
    why = case((people.c.own != "", people.c.own), else_=verdict).label("why")
    inside = select(why).select_from(people).subquery()
    rows = session().execute(select(inside.c.why, func.count()).group_by(inside.c.why))
    by_reason: dict[str, int] = {reason: number for reason, number in rows}
    may = by_reason.pop("", 0)
    said = [
        (_OWN_REASONS.get(reason) or gate.words_of(reason), number) for reason, number in by_reason.items()
    ]
    return Count(may, sorted(said, key=lambda row: -row[1]))


def _is_meant(invitation: Invitation) -> ColumnElement[bool]:
    chosen = segment(invitation)
    parts: list[ColumnElement[bool]] = [Member.status == Status.active]
    if chosen is not None:
        parts.append(rules.condition(chosen.rule))
    return and_(*parts)


def _own_reason(invitation: Invitation) -> ColumnElement[str]:
    others = select(Invitation.mailing_id).where(
        Invitation.event_id == invitation.event_id, Invitation.mailing_id.is_not(None)
    )
    invited = select(Message.member_id).where(Message.mailing_id.in_(others), Message.state.in_(_HAD_IT))
    return case(
        (~preferences.chose(TOPIC), "not_events"),
        (_has_answered(invitation.event_id), "answered"),
        (Member.id.in_(invited), "invited"),
        else_="",
    )


def _has_answered(event_id: int) -> ColumnElement[bool]:
    return Member.id.in_(select(Rsvp.member_id).where(Rsvp.event_id == event_id, Rsvp.member_id.is_not(None)))
