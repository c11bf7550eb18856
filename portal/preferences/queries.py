"""Questions about what members follow and want to hear, and two reasons why one must not be mailed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, func, literal, select
from sqlalchemy.orm import aliased
from sqlalchemy.sql.functions import coalesce

from portal.core import clock, tokens
from portal.core.db import session
from portal.mail import gate
from portal.mail.models import Message, State, Stream
from portal.members.models import Member, Status
from portal.preferences.models import (
    Cadence,
    Interest,
    LeavingReason,
    MemberInterest,
    MemberPlace,
    Place,
    Topic,
    TopicChoice,
)

PAUSES = (1, 3, 6, 12)
"""For how many months one can pause."""

BITS = 63
"""How many interests a mask has room for, retired ones included."""

GAPS: Mapping[Cadence, timedelta] = {
    Cadence.monthly: timedelta(days=28),
    Cadence.quarterly: timedelta(days=75),
    Cadence.yearly: timedelta(days=330),
}
"""How long a topic is silent after a mail. A little shorter than its name, so that a season may begin early."""

OWN_WISH = ("unsubscribed", "complained")
"""Reasons of a suppression that asking for mail again takes back; a bounce is not one of them."""

_MAY_HAVE_ARRIVED = (State.accepted, State.claimed, State.unknown)


# --- What one can follow ------------------------------------------------------------------------


def all_interests(with_retired: bool = False) -> Sequence[Interest]:
    """What can be followed, by name."""
    statement = select(Interest).order_by(Interest.name, Interest.id)
    if not with_retired:
        statement = statement.where(Interest.retired_at.is_(None))
    return session().scalars(statement).all()


def all_places(with_retired: bool = False) -> Sequence[Place]:
    """Where one may want to work or meet, by region and name."""
    statement = select(Place).order_by(Place.region, Place.name, Place.id)
    if not with_retired:
        statement = statement.where(Place.retired_at.is_(None))
    return session().scalars(statement).all()


def interest(slug: str) -> Interest | None:
    """The interest of that slug, retired or not."""
    return session().scalar(select(Interest).where(Interest.slug == slug))


def place(slug: str) -> Place | None:
    """The place of that slug, retired or not."""
    return session().scalar(select(Place).where(Place.slug == slug))


def interests_of(member: Member) -> Sequence[Interest]:
    """What a member follows, retired interests too, by name."""
    return (
        session()
        .scalars(
            select(Interest)
            .join(MemberInterest, MemberInterest.interest_id == Interest.id)
            .where(MemberInterest.member_id == member.id)
            .order_by(Interest.name)
        )
        .all()
    )


def places_of(member: Member) -> Sequence[Place]:
    """Where a member would work or meet, retired places too, by name."""
    return (
        session()
        .scalars(
            select(Place)
            .join(MemberPlace, MemberPlace.place_id == Place.id)
            .where(MemberPlace.member_id == member.id)
            .order_by(Place.name)
        )
        .all()
    )


def mask_of(interests: Iterable[Interest]) -> int:
    """The interest mask of those interests: one bit each."""
    mask = 0
    for one in interests:
        mask |= 1 << one.bit
    return mask


def followers() -> Mapping[int, int]:
    """How many active members follow each interest, by its id."""
    rows = session().execute(
        select(MemberInterest.interest_id, func.count())
        .join(Member, Member.id == MemberInterest.member_id)
        .where(Member.status == Status.active)
        .group_by(MemberInterest.interest_id)
    )
    return {row[0]: row[1] for row in rows}


def people_of_places() -> Mapping[int, int]:
    """How many active members named each place, by its id."""
    rows = session().execute(
        select(MemberPlace.place_id, func.count())
        .join(Member, Member.id == MemberPlace.member_id)
        .where(Member.status == Status.active)
        .group_by(MemberPlace.place_id)
    )
    return {row[0]: row[1] for row in rows}


# --- What one wants to hear ---------------------------------------------------------------------


def choices_of(member: Member) -> dict[Topic, Cadence]:
    """How often a member wants each topic; every topic is there."""
    held: dict[Topic, Cadence] = dict.fromkeys(Topic, Cadence.never)
    for row in session().scalars(select(TopicChoice).where(TopicChoice.member_id == member.id)):
        held[row.topic] = row.cadence
    return held


def default_choices(member: Member) -> dict[Topic, Cadence]:
    """What somebody who joins has said yes to, in the words of `members.consent_texts`: no more than that."""
    return {Topic.newsletter: Cadence.quarterly, Topic.events: Cadence.each}


def chose(topic: Topic) -> ColumnElement[bool]:
    """SQL over Member: they want this topic, however often."""
    return Member.id.in_(
        select(TopicChoice.member_id).where(TopicChoice.topic == topic, TopicChoice.cadence != Cadence.never)
    )


def some_choice() -> ColumnElement[bool]:
    """SQL over Member: they want at least one topic."""
    return Member.id.in_(select(TopicChoice.member_id).where(TopicChoice.cadence != Cadence.never))


def due_again(member: Member, topic: Topic, cadence: Cadence) -> datetime | None:
    """From when on the cadence lets the topic come again; None when nothing holds it back."""
    gap = GAPS.get(cadence)
    if gap is None:
        return None
    last = session().scalar(
        select(func.max(coalesce(Message.handed_over_at, Message.planned_at))).where(
            Message.member_id == member.id, Message.topic == topic.value, Message.state.in_(_MAY_HAVE_ARRIVED)
        )
    )
    return last + gap if last is not None else None


def chosen_before(member: Member, moment: datetime) -> list[Topic]:
    """The topics a member has, as far as they were chosen before that moment."""
    held = session().scalars(
        select(TopicChoice).where(
            TopicChoice.member_id == member.id,
            TopicChoice.cadence != Cadence.never,
            TopicChoice.changed_at <= moment,
        )
    )
    return [one.topic for one in held]


def has_stopped(member: Member, topic: Topic) -> bool:
    """Whether a member takes nothing of this topic."""
    return choices_of(member)[topic] is Cadence.never


def reasons_of(member: Member) -> Sequence[LeavingReason]:
    """Why a member stopped something, as far as they said."""
    statement = select(LeavingReason).where(LeavingReason.member_id == member.id).order_by(LeavingReason.id)
    return session().scalars(statement).all()


# --- Links in mails -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FromMail:
    """What a link in a mail names: the message, and the member it went to while there is one."""

    message: Message
    member: Member | None

    @property
    def is_current(self) -> bool:
        """Whether the mailbox that got the mail is still the member's."""
        return (
            self.member is not None
            and self.member.status in {Status.active, Status.left}
            and self.member.address_key == self.message.address_key
        )

    @property
    def topic(self) -> Topic | None:
        """The topic the mail was about; None for marketing without one."""
        return Topic(self.message.topic) if self.message.topic in set(Topic) else None


def from_mail(purpose: str, token: str) -> FromMail | None:
    """The mail whose link this is; None when we never wrote it."""
    number = tokens.unseal(purpose, token)
    message = session().get(Message, number) if number is not None and number < 2**63 else None
    if message is None:
        return None
    member = session().get(Member, message.member_id) if message.member_id is not None else None
    return FromMail(message, member)


# --- Reasons not to mail ------------------------------------------------------------------------


_WORDS = {
    "not_chosen": "They did not choose this kind of mail",
    "not_due": "They asked for fewer, and the last one was not long ago",
}


@gate.hurdles(_WORDS, Stream.marketing)
def _not_wanted(row: gate.Row) -> ColumnElement[str]:
    """One look at the member's choice decides. The mail itself does not count: it is only planned meanwhile."""
    moment, earlier = clock.now(), aliased(Message)
    since = case(
        *(
            (TopicChoice.cadence == cadence, literal(moment - gap, Message.planned_at.type))
            for cadence, gap in GAPS.items()
        ),
        else_=literal(moment + timedelta(days=1), Message.planned_at.type),
    )
    too_soon = select(earlier.id).where(
        earlier.member_id == TopicChoice.member_id,
        earlier.topic == TopicChoice.topic,
        earlier.state.in_(_MAY_HAVE_ARRIVED),
        coalesce(earlier.handed_over_at, earlier.planned_at) > since,
    )
    wish = (
        select(
            case(
                (TopicChoice.cadence == Cadence.never, "not_chosen"),
                (TopicChoice.cadence.not_in(list(GAPS)), ""),
                (too_soon.correlate(TopicChoice).exists(), "not_due"),
                else_="",
            )
        )
        .where(TopicChoice.member_id == row.member_id, TopicChoice.topic == row.topic)
        .scalar_subquery()
    )
    return case((row.topic == "", ""), else_=coalesce(wish, "not_chosen"))
