"""Put mail in the ledger, start and stop mailings, and take people out of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    Subquery,
    and_,
    case,
    delete,
    func,
    insert,
    literal,
    null,
    select,
    update,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import aliased

from portal.core import clock, queue
from portal.core.addresses import Address
from portal.core.db import BIG, insert_once, session
from portal.mail import gate, inbox, letters, suppressing
from portal.mail.models import Lane, Mailing, MailingState, Message, State, Stream, Suppression, Variant
from portal.mail.provider_models import Lift
from portal.mail.schedule import Plan


class NobodyToMail(Exception):
    """The audience is empty; a mailing to nobody is not started."""


def post(
    letter: str,
    to: Address,
    occasion: str,
    member_id: int | None = None,
    facts: Mapping[str, Any] | None = None,
    due_at: datetime | None = None,
) -> bool:
    """Plan a single letter; it leaves after this transaction is stored.

    `occasion` says which deed it belongs to: asking again for the same letter, occasion and address does nothing.
    `facts` are ids and plain values for the letter's function, never a secret. Returns whether it is new.
    """
    kind = letters.kind(letter)
    moment = clock.now()
    is_new = insert_once(
        Message,
        {
            "letter": letter,
            "occasion": occasion,
            "member_id": member_id,
            "address": to.text,
            "address_key": to.key,
            "stream": kind.stream,
            "lane": int(Lane[kind.stream.value]),
            "line": int(Lane[kind.stream.value]),
            "topic": "",
            "facts": dict(facts or {}),
            "state": State.planned,
            "planned_at": moment,
            "due_at": due_at or moment,
        },
    )
    if is_new and (due_at is None or due_at <= moment):
        queue.ask("mail.hand_over_letters")
    return is_new


def start_mailing(
    mailing: Mailing, variants: Mapping[int, Variant], audience: Select[Any], plan: Plan | None = None
) -> int:
    """Freeze a mailing and its audience, and let it go, by `plan` when there is one; returns how many it is meant for.

    `audience` selects `member_id, address, address_key, mask, is_tracked` once per member, and `zone` when the plan
    names a moment. Who must not be mailed at this moment is written down as skipped with the reason. One statement,
    whatever the number of people.

    Raises:
        NobodyToMail: the audience is empty.
    """
    moment = clock.now()
    people = audience.subquery()
    due: ColumnElement[Any] = literal(moment, Message.due_at.type)
    mailing.state = MailingState.sending
    if plan is not None:
        due = _planned(mailing, plan, people, moment)
    session().add(mailing)
    session().flush()
    reason: ColumnElement[str] = gate.verdict(
        _Person(people.c, mailing.topic, mailing.stream), mailing.stream
    )
    checked = select(people, reason.label("why"), due.label("due_at")).subquery()
    statement = insert(Message).from_select(
        [
            "mailing_id",
            "letter",
            "occasion",
            "member_id",
            "address",
            "address_key",
            "stream",
            "lane",
            "topic",
            "mask",
            "is_tracked",
            "state",
            "why",
            "planned_at",
            "due_at",
        ],
        select(
            literal(mailing.id),
            literal(mailing.letter),
            sql_cast(null(), String),
            checked.c.member_id,
            checked.c.address,
            checked.c.address_key,
            literal(mailing.stream, Message.stream.type),
            literal(int(Lane[mailing.stream.value])),
            literal(mailing.topic),
            sql_cast(checked.c.mask, BIG),
            checked.c.is_tracked,
            case((checked.c.why == "", literal(State.planned.value)), else_=literal(State.skipped.value)),
            checked.c.why,
            literal(moment, Message.planned_at.type),
            checked.c.due_at,
        ).order_by(checked.c.mask, checked.c.is_tracked, checked.c.member_id),
        include_defaults=False,
    )
    session().execute(statement)
    mailing.intended = (
        session().scalar(select(func.count()).select_from(Message).where(Message.mailing_id == mailing.id))
        or 0
    )
    if not mailing.intended:
        raise NobodyToMail
    for mask, variant in variants.items():
        variant.mailing_id, variant.mask = mailing.id, mask
        session().add(variant)
    if plan is not None and mailing.intended > plan.pilot > 0:
        mailing.pilot = mailing.released = plan.pilot
    session().flush()
    if mailing.state is MailingState.sending:
        queue.ask("mail.send_mailing", mailing.id)
    elif mailing.not_before is not None:
        queue.ask_at(mailing.not_before, "mail.steer")
    return mailing.intended


def _planned(mailing: Mailing, plan: Plan, people: Subquery, moment: datetime) -> ColumnElement[Any]:
    """Note the plan on the mailing; SQL for the moment at which each person's mail may leave."""
    mailing.not_before, mailing.zone, mailing.is_local = plan.not_before, plan.zone, plan.is_local
    mailing.scheduled_at = plan.at
    due: ColumnElement[Any] = literal(moment, Message.due_at.type)
    if plan.wall is not None:
        moments = plan.by_moment(session().scalars(select(people.c.zone).distinct()))
        due = plan.due_sql(people.c.zone, moments)
        mailing.not_before = min(moments, default=plan.not_before)
    if mailing.not_before > moment:
        mailing.state = MailingState.scheduled
    return due


def suppress(address_key: str, stream: Stream, reason: str, words: str = "") -> None:
    """Never write to this address in that stream again, until the person themselves lifts it."""
    suppressing.suppress({(address_key, stream, reason): words})


def lift(address_key: str, stream: Stream, *reasons: str, is_new_wish: bool = True) -> int:
    """Let a stream write to this address again, where one of those reasons stopped it; returns how many did.

    Only ever at the wish of the person whose mailbox it is. What happened before counts no more, even where the
    provider tells it later; with `is_new_wish` that holds also when nothing stopped it yet.
    """
    done = session().execute(
        delete(Suppression).where(
            Suppression.address_key == address_key,
            Suppression.stream == stream,
            Suppression.reason.in_(reasons),
        )
    )
    lifted = int(done.rowcount)  # type: ignore[attr-defined]
    if lifted or is_new_wish:
        suppressing.lift(address_key, stream)
    return lifted


def lift_bounces(address_key: str) -> int:
    """Try a mailbox again that did not take our mail, because its owner says that it works.

    Returns how many suppressions that lifted. The provider is asked to try it too.
    """
    lifted = sum(
        lift(address_key, stream, *suppressing.BOUNCES) for stream in (Stream.marketing, Stream.event)
    )
    if lifted:
        queue.ask("mail.forgive_at_provider", suppressing.lift_of(address_key))
    return lifted


def change_address(member_id: int, to: Address) -> None:
    """What is still planned for a member goes to their new address.

    Where that mailbox has had the same mailing (its owner was somebody else then), once is enough.
    """
    theirs = (Message.member_id == member_id) & (Message.state == State.planned)
    other = aliased(Message)
    had_it = select(other.mailing_id).where(other.address_key == to.key, other.member_id != member_id)
    session().execute(
        update(Message)
        .where(theirs, Message.mailing_id.in_(had_it))
        .values(state=State.skipped, why="had_it")
        .execution_options(synchronize_session=False)
    )
    session().execute(
        update(Message)
        .where(theirs)
        .values(address=to.text, address_key=to.key)
        .execution_options(synchronize_session=False)
    )


def forget(member_id: int, address: Address) -> int:
    """Take a person out of the ledger: what is planned is skipped, and no row names them. Returns how many rows.

    The rows stay, so that every balance still adds up; what stopped their address goes.
    """
    theirs = (Message.member_id == member_id) | (Message.address_key == address.key)
    inbox.forget(select(Message.id).where(theirs), [address.key])
    session().execute(delete(Suppression).where(Suppression.address_key == address.key))
    session().execute(delete(Lift).where(Lift.address_key == address.key))
    return _forget(theirs)


def forget_members(member_ids: Sequence[int]) -> int:
    """Take people out of the ledger who never confirmed."""
    return _forget(Message.member_id.in_(member_ids))


def forget_stranger(address: Address) -> int:
    """Take somebody out of the ledger who is no member: letters to them that belong to nobody in the network."""
    return _forget(and_(Message.address_key == address.key, Message.member_id.is_(None)))


def forget_strangers(before: datetime) -> int:
    """Take addresses out of the ledger that asked for account mail and belong to no member."""
    return _forget(
        and_(
            Message.member_id.is_(None),
            Message.mailing_id.is_(None),
            Message.stream == Stream.account,
            Message.planned_at < before,
            Message.address != "",
        )
    )


def _forget(theirs: ColumnElement[bool]) -> int:
    session().execute(
        update(Message)
        .where(theirs, Message.state == State.planned)
        .values(state=State.skipped, why="forgotten", line=None)
        .execution_options(synchronize_session=False)
    )
    done = session().execute(
        update(Message)
        .where(theirs)
        .values(
            member_id=None,
            address="",
            address_key=literal("forgotten:").concat(sql_cast(Message.id, String)),
            occasion=case((Message.occasion.is_(None), None), else_=literal("forgotten")),
            facts=None,
        )
        .execution_options(synchronize_session=False)
    )
    return int(done.rowcount)  # type: ignore[attr-defined]


class _Person:
    """A row of an audience as a hurdle sees it."""

    def __init__(self, columns: Any, topic: str, stream: Stream) -> None:
        self.member_id = columns.member_id
        self.address_key = columns.address_key
        self.topic = literal(topic)
        self.stream = literal(stream.value)
