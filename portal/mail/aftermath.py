"""What became of the mails that left: works through what the provider posted, a batch a transaction.

Nothing here depends on the order in which events come, nor on how often. What became of a message only ever gets
worse (delivered, blocked, dropped, bounced, complained), with the earliest moment of the worst; a suppression is only
ever added. An event that carries our message's name proves that the provider took it: that settles an *unknown* one.
"""

import threading
import time
from collections.abc import Sequence
from typing import Any

import structlog
from sqlalchemy import (
    CTE,
    ColumnElement,
    String,
    Table,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    type_coerce,
    update,
)
from sqlalchemy.exc import DBAPIError

from portal.core import clock, db, queue
from portal.core.db import session, transaction
from portal.mail import matching, suppressing
from portal.mail.models import Aftermath, Message, State
from portal.mail.provider_models import Kind, ProviderBatch, ProviderEvent, Standing

SETTLED = "an event of the provider shows that it took it"
MOST_TRIES = 5
EARLY_AT_ONCE = 1000
BREATH = 0.2
"""On SQLite, which has one writer at a time, others get this share of the time between two batches."""

_OUTCOMES = (
    (Kind.delivered, Aftermath.delivered),
    (Kind.blocked, Aftermath.blocked),
    (Kind.dropped, Aftermath.dropped),
    (Kind.bounce, Aftermath.bounced),
    (Kind.spamreport, Aftermath.complained),
)
_SEEN = (Kind.open, Kind.click)
_working = threading.Lock()
_m: Table = Message.__table__  # type: ignore[assignment]
_e: Table = ProviderEvent.__table__  # type: ignore[assignment]
_b: Table = ProviderBatch.__table__  # type: ignore[assignment]
_mine = _e.c.batch_id == bindparam("this_batch")
_is_waiting = (_b.c.applied_at.is_(None)) & (_b.c.tries < MOST_TRIES)
log = structlog.get_logger("portal.mail")


def apply_events(seconds: float = 50.0) -> int:
    """Work through what the provider posted until nothing waits or the time is up; returns how many batches.

    One worker thread of a process is enough: the others find it at work, and it looks once more before it ends.
    """
    until, done = time.monotonic() + seconds, 0
    while _working.acquire(blocking=False):
        try:
            while time.monotonic() < until and not queue.is_ending() and (took := _apply_next()) is not None:
                done += 1
                if db.is_sqlite():
                    time.sleep(took * BREATH)
            settle_early()
        finally:
            _working.release()
        if time.monotonic() > until or queue.is_ending() or not _something_waits():
            break
    return done


def settle_early() -> int:
    """Finish events that came while their message was still in a worker's hands; returns how many messages."""
    with transaction():
        db.lock("provider-events")
        early = (
            select(_e.c.message_id)
            .distinct()
            .join(_m, _m.c.id == _e.c.message_id)
            .where(_e.c.standing == Standing.early, _m.c.state != State.claimed)
            .limit(EARLY_AT_ONCE)
        )
        ids = list(session().scalars(early))
        if ids:
            held = session().execute(select(_held(_m.c.id.in_(ids))))
            free = [one.id for one in held if one.state != State.claimed]
            _settle(free)
            session().execute(
                update(_e)
                .where(_e.c.message_id.in_(free), _e.c.standing == Standing.early)
                .values(standing=Standing.done)
            )
            session().execute(delete(_e).where(_e.c.message_id.in_(free), _e.c.kind.in_(_SEEN)))
    return len(ids)


def _something_waits() -> bool:
    waits: bool = session().scalar(select(exists().where(_is_waiting))) or False
    session().rollback()
    return waits


def _apply_next() -> float | None:
    """Work on the oldest batch; returns how many seconds it took, None when none waits.

    A batch that cannot be worked on is tried a few times, and holds up no other.
    """
    began, batch_id = time.monotonic(), None
    try:
        with transaction() as current:
            db.lock("provider-events")
            batch_id = current.scalar(
                select(_b.c.id).where(_is_waiting).order_by(_b.c.tries, _b.c.id).limit(1)
            )
            if batch_id is None:
                return None
            _work_on(batch_id)
            current.execute(update(_b).where(_b.c.id == batch_id).values(applied_at=clock.now(), why=""))
    except Exception as broken:
        if batch_id is None or isinstance(broken, DBAPIError):
            # The database is at fault, not the batch: the next round goes on.
            raise
        log.error("a batch of events could not be worked on", batch=batch_id, exc_info=broken)
        with transaction() as current:
            why = f"{type(broken).__name__}"
            current.execute(update(_b).where(_b.c.id == batch_id).values(tries=_b.c.tries + 1, why=why[:300]))
    return time.monotonic() - began


def _work_on(batch_id: int) -> None:
    current, asked = session(), {"this_batch": batch_id}
    kinds = set(current.scalars(_KINDS, asked))
    if suppressing.CONCERNING & kinds:
        matching.match(batch_id)
    # Held until the end: what a worker saves at this moment comes wholly before or wholly after.
    odd = current.execute(_ODD, asked).all()
    early = [one.id for one in odd if one.state == State.claimed]
    if early:
        current.execute(
            update(_e).where(_mine, _e.c.message_id.in_(early)).values(standing=Standing.early), asked
        )
    _settle([one.id for one in odd if one.state != State.claimed])
    if kinds & {kind for kind, _ in _OUTCOMES}:
        current.execute(_SET_OUTCOMES, asked)
    if suppressing.CONCERNING & kinds:
        suppressing.take_effect(batch_id)
    if kinds & set(_SEEN):
        # They prove that the mail arrived; who read it when is not ours to keep.
        current.execute(delete(_e).where(_mine, _e.c.kind.in_(_SEEN), _e.c.standing == Standing.done), asked)


def _held(which: ColumnElement[bool]) -> CTE:
    """Messages, locked in the order of their ids."""
    return (
        select(_m.c.id, type_coerce(_m.c.state, String).label("state"), _m.c.why)
        .where(which)
        .order_by(_m.c.id)
        .with_for_update(key_share=True)
        .cte("held")
    )


def _settle(message_ids: Sequence[int]) -> None:
    """What the provider speaks of, it took: at the latest when the earliest event happened."""
    if not message_ids:
        return
    first = (
        select(
            _e.c.message_id,
            func.min(_e.c.at).label("at"),
            func.max(_e.c.provider_id).label("provider_id"),
        )
        .where(_e.c.message_id.in_(message_ids))
        .group_by(_e.c.message_id)
        .subquery()
    )
    is_open = _m.c.state.not_in([State.accepted, State.claimed])
    was_later = and_(_m.c.state == State.accepted, _m.c.why == SETTLED, _m.c.handed_over_at > first.c.at)
    session().execute(
        update(_m)
        .where(_m.c.id == first.c.message_id, or_(is_open, was_later))
        .values(
            state=State.accepted,
            why=SETTLED,
            line=None,
            lease_until=None,
            handed_over_at=first.c.at,
            provider_id=case((_m.c.provider_id == "", first.c.provider_id), else_=_m.c.provider_id),
        )
    )


def _rank(column: Any, names: Sequence[str]) -> ColumnElement[int]:
    return case(*((column == name, literal(place)) for place, name in enumerate(names, 1)), else_=literal(0))


def _set_outcomes() -> Any:
    """The worst that happened to each message, and when first; never anything better than is known."""
    rank = _rank(_e.c.kind, [kind for kind, _ in _OUTCOMES])
    ranked = (
        select(
            _e.c.message_id,
            rank.label("rank"),
            _e.c.at,
            func.row_number()
            .over(partition_by=_e.c.message_id, order_by=[rank.desc(), _e.c.at])
            .label("place"),
        )
        .where(_mine, _e.c.message_id > 0, _e.c.kind.in_([kind for kind, _ in _OUTCOMES]))
        .subquery()
    )
    known = _rank(_m.c.aftermath, [after for _, after in _OUTCOMES])
    named = case(
        *((ranked.c.rank == place, literal(after.value)) for place, (_, after) in enumerate(_OUTCOMES, 1))
    )
    return (
        update(_m)
        .where(
            _m.c.id == ranked.c.message_id,
            ranked.c.place == 1,
            or_(
                _m.c.aftermath.is_(None),
                known < ranked.c.rank,
                and_(known == ranked.c.rank, _m.c.aftermath_at > ranked.c.at),
            ),
        )
        .values(aftermath=named, aftermath_at=ranked.c.at)
    )


def _odd() -> Any:
    """Lock a batch's messages; give those that are not simply accepted."""
    held = _held(_m.c.id.in_(select(_e.c.message_id).where(_mine, _e.c.message_id > 0)))
    return select(held).where(or_(held.c.state != State.accepted.value, held.c.why == SETTLED))


# Made once: to write them anew for each batch would take as long as to run them.
_KINDS = select(_e.c.kind).where(_mine).distinct()
_ODD = _odd()
_SET_OUTCOMES = _set_outcomes()
