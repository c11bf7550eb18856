"""Messages of which nobody knows whether they arrived: what is known about them, and what a person decides.

Nothing here is ever decided by itself. Evidence is counted, not weighed: when the request was made, under which name
the provider knows it, and what became of the others in the same request.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, insert, literal, or_, select, update

from portal.core import clock, queue
from portal.core.db import session
from portal.mail import steering, waves
from portal.mail.models import (
    IN_DOUBT,
    Mailing,
    MailingState,
    Message,
    Settlement,
    State,
    Verdict,
)
from portal.mail.provider_models import ProviderEvent

MOST_REQUESTS = 50


class Settled(Exception):
    """Somebody, or an event of the provider, has settled these before; `number` is how many are open now."""

    def __init__(self, number: int) -> None:
        super().__init__(f"{number} are open now.")
        self.number = number


class TooLate(Exception):
    """The mailing was cancelled: nobody can be planned again."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request to the provider whose result nobody knows for some of its people."""

    batch: str
    attempted_at: datetime | None
    why: str
    provider_id: str
    open: int
    others: int
    arrived: int
    spoken_of: int
    """How many other people of the same request the provider has told us anything about."""


def which(mailing_id: int, batch: str | None = None, message_id: int | None = None) -> ColumnElement[bool]:
    """SQL for the open messages of a mailing, of one of its requests, or for a single one."""
    parts = [Message.mailing_id == mailing_id, Message.state == State.unknown]
    if batch is not None:
        parts.append(func.coalesce(Message.batch, "") == batch)
    if message_id is not None:
        parts.append(Message.id == message_id)
    return and_(*parts)


def count(mailing_id: int) -> int:
    """How many messages of a mailing nobody knows about."""
    return session().scalar(select(func.count()).select_from(Message).where(which(mailing_id))) or 0


def requests(mailing_id: int) -> list[Request]:
    """The requests with open questions, the earliest first, and what became of the others in each."""
    rows = (
        session()
        .execute(
            select(
                Message.batch,
                func.min(Message.attempted_at).label("attempted_at"),
                func.max(Message.why).label("why"),
                func.max(Message.provider_id).label("provider_id"),
                func.count().label("people"),
                func.min(Message.id).label("first"),
                func.max(Message.id).label("last"),
            )
            .where(which(mailing_id))
            .group_by(Message.batch)
            .order_by(func.min(Message.id))
            .limit(MOST_REQUESTS)
        )
        .all()
    )
    found = []
    for row in rows:
        # Neighbours lie around the open ones: a request holds a thousand people at most.
        beside = and_(
            Message.id.between(row.first - 1000, row.last + 1000),
            Message.mailing_id == mailing_id,
            Message.batch == row.batch,
            Message.state != State.unknown,
        )
        said = select(ProviderEvent.id).where(ProviderEvent.message_id == Message.id).exists()
        others = session().execute(
            select(
                func.count(),
                func.count().filter(Message.aftermath.is_not(None)),
                func.count().filter(or_(said, Message.aftermath.is_not(None))),
            ).where(beside)
        )
        found.append(
            Request(row.batch or "", row.attempted_at, row.why, row.provider_id, row.people, *others.one())
        )
    return found


def people(mailing_id: int, batch: str, most: int = 200) -> Sequence[Message]:
    """The open messages of one request."""
    return (
        session()
        .scalars(select(Message).where(which(mailing_id, batch)).order_by(Message.id).limit(most))
        .all()
    )


def settle(
    mailing: Mailing,
    verdict: Verdict,
    by: int,
    number: int,
    batch: str | None = None,
    message_id: int | None = None,
) -> int:
    """Write down what a person decided about exactly `number` open messages; returns how many.

    Raises:
        Settled: that many are not open any more.
        TooLate: they were to be planned again, and the mailing is cancelled.
    """
    session().refresh(mailing, with_for_update=True)
    if verdict is Verdict.again and mailing.state is MailingState.cancelled:
        raise TooLate
    open_ones = which(mailing.id, batch, message_id)
    ids = select(Message.id).where(open_ones).with_for_update().subquery()
    found = session().scalar(select(func.count()).select_from(ids)) or 0
    if found != number or not found:
        raise Settled(found)
    moment = clock.now()
    session().execute(
        insert(Settlement).from_select(
            ["message_id", "staff_id", "verdict", "why", "at"],
            select(
                Message.id,
                literal(by),
                literal(verdict, Settlement.verdict.type),
                Message.why,
                literal(moment, Settlement.at.type),
            ).where(open_ones),
            include_defaults=False,
        )
    )
    session().execute(
        update(Message)
        .where(open_ones)
        .values(_becomes(verdict, moment))
        .execution_options(synchronize_session=False)
    )
    mailing.uncertain = count(mailing.id)
    if verdict is Verdict.again:
        steering.go_on(mailing)
    else:
        steering.finish_if_done(mailing)
    return found


def _becomes(verdict: Verdict, moment: datetime) -> dict[str, object]:
    match verdict:
        case Verdict.accepted:
            arrived = func.coalesce(Message.attempted_at, literal(moment, Message.handed_over_at.type))
            return {"state": State.accepted, "why": "", "handed_over_at": arrived}
        case Verdict.again:
            # Whoever asked to be forgotten meanwhile has no address left.
            is_gone = Message.address == ""
            return {
                "state": case((is_gone, State.skipped.value), else_=State.planned.value),
                "why": case((is_gone, "forgotten"), else_=""),
                "due_at": moment,
                "batch": None,
            }
    return {"state": State.failed, "why": waves.GIVEN_UP}


def letters(most: int = 200) -> Sequence[Message]:
    """Single letters of which nobody knows, the earliest first."""
    in_doubt = (Message.line == IN_DOUBT) & (Message.state == State.unknown)
    return session().scalars(select(Message).where(in_doubt).order_by(Message.id).limit(most)).all()


def letter_count() -> int:
    """How many single letters nobody knows about."""
    in_doubt = (Message.line == IN_DOUBT) & (Message.state == State.unknown)
    return session().scalar(select(func.count()).select_from(Message).where(in_doubt)) or 0


def settle_letter(message_id: int, verdict: Verdict, by: int) -> Message:
    """Write down what a person decided about a single letter.

    Raises:
        Settled: it is not open any more.
    """
    message = session().get(Message, message_id, with_for_update=True, populate_existing=True)
    is_open = message is not None and message.mailing_id is None and message.state is State.unknown
    if message is None or not is_open or (verdict is Verdict.again and not message.address):
        raise Settled(0)
    moment = clock.now()
    session().add(Settlement(message_id=message.id, staff_id=by, verdict=verdict, why=message.why, at=moment))
    message.line = None
    match verdict:
        case Verdict.accepted:
            message.state, message.why = State.accepted, ""
            message.handed_over_at = message.attempted_at or moment
        case Verdict.again:
            message.state, message.why, message.line, message.due_at = State.planned, "", message.lane, moment
            queue.ask("mail.hand_over_letters")
        case Verdict.given_up:
            message.state, message.why = State.failed, waves.GIVEN_UP
    return message


def mailings() -> Sequence[tuple[Mailing, int]]:
    """Mailings with open questions and how many each."""
    found = session().scalars(select(Mailing).where(Mailing.uncertain > 0).order_by(Mailing.id)).all()
    return [(one, open_ones) for one in found if (open_ones := count(one.id))]
