"""What became of a mailing: over time, by reason, and who the people behind a figure are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Row, Select, cast, extract, func, select

from portal.core import keyset, paging
from portal.core.db import session
from portal.mail import steering
from portal.mail.models import Aftermath, Mailing, MailingState, Message, State

MOST_POINTS = 48
_HOUR = 3600
STEPS = {
    1: "second",
    5: "five seconds",
    15: "quarter of a minute",
    60: "minute",
    300: "five minutes",
    900: "quarter of an hour",
    _HOUR: "hour",
    3 * _HOUR: "three hours",
    6 * _HOUR: "six hours",
    24 * _HOUR: "day",
    7 * 24 * _HOUR: "week",
}
_CHUNK = 2000

AFTERMATH_WORDS = {
    Aftermath.delivered: "Delivered",
    Aftermath.bounced: "Bounced for good",
    Aftermath.complained: "Called it spam",
    Aftermath.blocked: "Turned away this time",
    Aftermath.dropped: "Not tried by the provider",
}
OUTCOME_WORDS = {
    State.planned: "Still to come",
    State.claimed: "Being handed over",
    State.accepted: "Handed over",
    State.failed: "Refused for good",
    State.skipped: "Skipped",
    State.unknown: "Nobody knows",
}


@dataclass(frozen=True, slots=True)
class Timeline:
    """How many in each step of time, by what became of them; every series has the same steps."""

    step: int = 60
    starts: Sequence[datetime] = ()
    series: dict[str, list[int]] = field(default_factory=dict)


def over_time(mailing: Mailing) -> Timeline:
    """How many were handed over, and what came back, in steps that suit how long it took."""
    mine = Message.mailing_id == mailing.id
    ends = session().execute(
        select(
            func.min(Message.handed_over_at), func.max(Message.handed_over_at), func.max(Message.aftermath_at)
        ).where(mine)
    )
    first, handed, came_back = ends.one()
    if first is None or handed is None:
        return Timeline()
    last = max(handed, came_back or handed)
    span = (last - first).total_seconds()
    step = next((one for one in STEPS if span / one < MOST_POINTS), max(STEPS))
    base = int(first.timestamp()) // step
    length = min(int(last.timestamp()) // step - base + 1, MOST_POINTS)
    series = {"Handed over": [0] * length}

    def add(name: str, at: Any, *which: ColumnElement[bool]) -> None:
        slot = cast(func.floor(cast(extract("epoch", at), BigInteger) / step), BigInteger).label("slot")
        rows = session().execute(
            select(slot, func.count()).where(mine, at.is_not(None), *which).group_by(slot)
        )
        points = series.setdefault(name, [0] * length)
        for place, count in rows:
            points[min(max(int(place) - base, 0), length - 1)] += count

    add("Handed over", Message.handed_over_at, Message.state == State.accepted)
    kinds = set(
        session().scalars(select(Message.aftermath).where(mine, Message.aftermath.is_not(None)).distinct())
    )
    for kind in [one for one in AFTERMATH_WORDS if one in kinds]:
        add(AFTERMATH_WORDS[kind], Message.aftermath_at, Message.aftermath == kind)
    starts = [datetime.fromtimestamp((base + number) * step, UTC) for number in range(length)]
    return Timeline(step, starts, series)


def people(
    mailing_id: int, state: State, why: str | None, after: Aftermath | None, cursor: str | None
) -> paging.Page[Row[Any]]:
    """The messages behind a figure, a page at a time, in the order of the ledger."""
    return keyset.page(_behind(mailing_id, state, why, after), (Message.id,), cursor, descending=False)


def count(mailing_id: int, state: State, why: str | None, after: Aftermath | None) -> int:
    """How many people are behind a figure."""
    return (
        session().scalar(select(func.count()).select_from(_behind(mailing_id, state, why, after).subquery()))
        or 0
    )


def refused(mailing_id: int, cursor: str | None) -> paging.Page[Row[Any]]:
    """The people who were refused and can be tried again, a page at a time."""
    found: Select[Any] = select(Message.id, Message.member_id, Message.address, Message.why).where(  # type: ignore[assignment]
        steering.refused(mailing_id)
    )
    return keyset.page(found, (Message.id,), cursor, descending=False)


def refused_count(mailing_id: int) -> int:
    """How many were refused and can be tried again."""
    return (
        session().scalar(select(func.count()).select_from(Message).where(steering.refused(mailing_id))) or 0
    )


def _behind(mailing_id: int, state: State, why: str | None, after: Aftermath | None) -> Select[Any]:
    found: Select[Any] = select(  # type: ignore[assignment]
        Message.id, Message.member_id, Message.address, Message.why, Message.aftermath_at
    ).where(Message.mailing_id == mailing_id, Message.state == state)
    if why is not None:
        found = found.where(Message.why == why)
    if after is not None:
        found = found.where(Message.aftermath == after)
    return found


def ledger(mailing_id: int) -> Iterator[Row[Any]]:
    """Every message of a mailing, a few thousand at a time, so that a million need no room."""
    last = 0
    while True:
        rows: Sequence[Any] = (
            session()
            .execute(
                select(
                    Message.id,
                    Message.address,
                    Message.state,
                    Message.why,
                    Message.attempt,
                    Message.attempted_at,
                    Message.handed_over_at,
                    Message.aftermath,
                    Message.aftermath_at,
                    Message.provider_id,
                )
                .where(Message.mailing_id == mailing_id, Message.id > last)
                .order_by(Message.id)
                .limit(_CHUNK)
            )
            .all()
        )
        # The reader of the sheet may be slow; nobody is to wait for them meanwhile.
        session().rollback()
        yield from rows
        if len(rows) < _CHUNK:
            return
        last = rows[-1].id


def newest(cursor: str | None) -> paging.Page[Row[Any]]:
    """Every mailing, the newest first."""
    return keyset.page(select(Mailing), (Mailing.id,), cursor)


def needing_a_person() -> Sequence[Mailing]:
    """Mailings that stopped or were held without anybody deciding it, oldest first."""
    rows = session().scalars(
        select(Mailing)
        .where(Mailing.state.in_([MailingState.paused, MailingState.held]))
        .order_by(Mailing.id)
        .limit(20)
    )
    return rows.all()
