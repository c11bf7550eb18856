"""How a mailing leaves the house: batch by batch, by the rules of `portal.mail.hand_over`.

A batch is claimed in one statement that re-reads every hurdle, and its result is saved in one. A few senders work
side by side, so that the database, the writing of requests and the waiting for the provider overlap.
"""

import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog
from flask import Flask, current_app
from sqlalchemy import ColumnElement, Table, bindparam, func, select, update

from portal.core import clock, db, queue
from portal.core.db import session, transaction
from portal.core.metrics import HANDED_OVER
from portal.mail import gate, hand_over, residence, steering, waves
from portal.mail.copies import Claimed, Words
from portal.mail.models import Mailing, MailingState, Message, Reason, State
from portal.mail.transports.result import Fact, Fate, Result

SENDERS = 3
FRESH_SECONDS = 5.0
log = structlog.get_logger("portal.mail")
_rows: Table = Message.__table__  # type: ignore[assignment]


@dataclass
class Desk:
    """What the mailings of one process share: one is sent at a time, so that letters find a free worker thread."""

    taken: threading.Lock = field(default_factory=threading.Lock)
    quiet_until: float = 0.0

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Whether nobody else sits here; while the block lasts nobody else may."""
        is_free = self.taken.acquire(blocking=False)
        try:
            yield is_free
        finally:
            if is_free:
                self.taken.release()

    def be_quiet(self, seconds: float) -> None:
        """The provider asks for patience: every sender of this process waits."""
        self.quiet_until = max(self.quiet_until, time.monotonic() + seconds)

    @property
    def is_quiet(self) -> bool:
        """Whether the provider wants to be left alone now."""
        return time.monotonic() < self.quiet_until


def send_mailing(mailing_id: int, seconds: float = 50.0, senders: int = SENDERS) -> int:
    """Hand over a mailing until nobody is left, it is stopped, or the time is up.

    Returns how many people were dealt with. When time is up another job goes on, so that no job lasts long.
    While this process sends another mailing, or this one, nothing is done: whoever sends goes on by itself.
    """
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    desk: Desk = app.extensions.setdefault("portal_mail_desk", Desk())
    with desk.alone() as is_free:
        if not is_free or desk.is_quiet:
            return 0
        with transaction():
            mailing = session().get(Mailing, mailing_id)
            if mailing is None or mailing.state is not MailingState.sending:
                return 0
            if not residence.is_home(app.extensions["portal"]):
                return 0
            words = Words(mailing)
            groups, limits = _groups(mailing_id), waves.limits(mailing)
        run = _Run(app, words, desk, time.monotonic() + seconds)
        for mask, is_tracked, first in groups:
            group = (mask, is_tracked, first, limits.get((mask, is_tracked), waves.EVERYBODY))
            with ThreadPoolExecutor(max_workers=senders, thread_name_prefix="sender") as pool:
                for sender in [pool.submit(run.send_group, *group) for _ in range(senders)]:
                    sender.result()
    # The desk is free again: the job that is asked for here may begin at once.
    _finish_or_go_on(mailing_id, is_quiet=desk.is_quiet)
    return run.done


class _Run:
    """The senders of one job: they share the words, the time, and the reason to stop."""

    def __init__(self, app: Flask, words: Words, desk: Desk, until: float) -> None:
        self._app, self._words, self._desk, self._until = app, words, desk, until
        self._stop = threading.Event()
        self._counting = threading.Lock()
        # SQLite has one writer; taking turns here is quicker than finding the database locked.
        self._turn = threading.Lock() if db.is_sqlite() else None
        self.done = 0

    def send_group(self, mask: int, is_tracked: bool, first: int, limit: int) -> None:
        """Claim, hand over and save batches of one variant until nobody is left or it is time to stop."""
        with self._app.app_context():
            transport = hand_over.the_transport()
            claim, made, last = None, 0.0, first - 1
            while self._may_go_on():
                if claim is None or time.monotonic() - made > FRESH_SECONDS:
                    claim, made = _next_ones(self._words), time.monotonic()
                key, lease_until = secrets.token_hex(8), clock.now() + hand_over.LEASE
                people, merged, skipped, last = self._in_turn(
                    lambda claim=claim, key=key, last=last, lease_until=lease_until: _claim(
                        claim,
                        self._words,
                        mask,
                        is_tracked,
                        last,
                        limit,
                        transport.capacity,
                        key,
                        lease_until,
                    )
                )
                with self._counting:
                    self.done += len(people) + skipped
                if people:
                    batch, ids = self._words.batch(mask, people, merged, is_tracked)
                    if hand_over.is_over(lease_until):
                        result = Result({name: Fact(Fate.again, hand_over.OVERSLEPT) for name in ids})
                    else:
                        result = transport.send(batch)
                    self._in_turn(lambda key=key, ids=ids, result=result: _save(key, ids, result))
                    self._heed(result)
                elif not skipped:
                    return

    def _in_turn(self, deed: Any) -> Any:
        if self._turn is None:
            return deed()
        with self._turn:
            return deed()

    def _may_go_on(self) -> bool:
        """Wait while the provider wants to be left alone; then, whether there is time for another batch."""
        while not (self._stop.is_set() or queue.is_ending()) and time.monotonic() < self._until:
            if not self._desk.is_quiet:
                return True
            left = min(self._desk.quiet_until, self._until) - time.monotonic()
            self._stop.wait(min(1.0, max(0.01, left)))
        return False

    def _heed(self, result: Result) -> None:
        if result.pause:
            self._stop.set()
            _pause(self._words.id, result.pause)
        elif result.retry_after:
            self._desk.be_quiet(result.retry_after)


def _next_ones(words: Words) -> Any:
    """Select the next batch of a group, locked, each with the reason why it must not be mailed ("" when it may)."""
    return (
        select(
            _rows.c.id,
            _rows.c.address,
            _rows.c.member_id,
            gate.verdict(_rows.c, words.stream).label("reason"),
        )
        .where(
            _rows.c.mailing_id == words.id,
            _rows.c.mask == bindparam("b_mask"),
            _rows.c.is_tracked == bindparam("b_tracked"),
            _rows.c.id.between(bindparam("b_last") + 1, bindparam("b_limit")),
            _rows.c.state == State.planned,
            _rows.c.due_at <= bindparam("b_now"),
        )
        .order_by(_rows.c.id)
        .limit(bindparam("b_most"))
        .with_for_update(skip_locked=True, of=_rows)
    )


def _claim(
    statement: Any,
    words: Words,
    mask: int,
    is_tracked: bool,
    last: int,
    limit: int,
    most: int,
    key: str,
    lease_until: datetime,
) -> tuple[list[Claimed], Mapping[int, Mapping[str, str]], int, int]:
    """Claim a batch; the people, their values, how many fell out, and the last id; committed when this returns."""
    merged: Mapping[int, Mapping[str, str]] = {}
    moment = clock.now()
    with transaction() as current:
        # The lock on the mailing's row orders this claim against pause and cancel.
        state = current.scalar(select(Mailing.state).where(Mailing.id == words.id).with_for_update(read=True))
        if state is not MailingState.sending:
            return [], merged, 0, last
        asked: dict[str, Any] = {"b_mask": mask, "b_tracked": is_tracked, "b_last": last, "b_limit": limit}
        asked |= {"b_now": moment, "b_most": most}
        rows = current.execute(statement, asked).all()
        if not rows:
            return [], merged, 0, last
        first, last = rows[0][0], rows[-1][0]
        people: list[Claimed] = []
        fell_out: dict[str, list[int]] = {}
        for number, address, member_id, reason in rows:
            if reason:
                fell_out.setdefault(reason, []).append(number)
            else:
                people.append(Claimed(number, address, member_id))
        for reason, ids in fell_out.items():
            current.execute(
                update(_rows).where(_rows.c.id.in_(ids)).values(state=State.skipped, why=reason, batch=key)
            )
        mine = _rows.c.id.between(first, last) & (_rows.c.mailing_id == words.id)
        taken = {"state": State.claimed, "batch": key, "lease_until": lease_until, "attempted_at": moment}
        if len(rows) == last - first + 1:
            # Nobody else's row lies between: one range says it all.
            which: ColumnElement[bool] = mine & (_rows.c.state == State.planned)
        else:
            which = _rows.c.id.in_([person.id for person in people])
        current.execute(update(_rows).where(which).values(**taken, attempt=_rows.c.attempt + 1))
        if people and words.merge is not None:
            merged = words.merge(select(_rows.c.member_id).where(mine, _rows.c.batch == key))
    skipped = len(rows) - len(people)
    if skipped:
        HANDED_OVER.labels(words.stream.value, "skipped").inc(skipped)
    return people, merged, skipped, last


def _save(key: str, ids: Mapping[str, int], result: Result) -> None:
    """Save what became of a batch: one statement when all had the same fate."""
    fates = set(result.facts.values())
    if len(fates) == 1:
        fact: Fact = next(iter(fates))
        hand_over.save(
            lambda: _write_all(key, min(ids.values()), max(ids.values()), fact, result.retry_after)
        )
        HANDED_OVER.labels("all", fact.fate.value).inc(len(ids))
    else:
        facts = {ids[public_id]: fact for public_id, fact in result.facts.items()}
        hand_over.save(lambda: hand_over.write(facts, result.retry_after))


def _write_all(key: str, first: int, last: int, fact: Fact, retry_after: float) -> None:
    session().execute(
        update(_rows)
        .where(_rows.c.id.between(first, last), _rows.c.batch == key, _rows.c.state == State.claimed)
        .values(hand_over.outcome(fact, retry_after))
    )


def _groups(mailing_id: int) -> list[tuple[int, bool, int]]:
    """The variants with somebody planned, measured and not, each with its first planned row."""
    rows = session().execute(
        select(_rows.c.mask, _rows.c.is_tracked, func.min(_rows.c.id).label("first"))
        .where(_rows.c.mailing_id == mailing_id, _rows.c.state == State.planned)
        .group_by(_rows.c.mask, _rows.c.is_tracked)
        .order_by(func.min(_rows.c.id))
    )
    return [(row.mask, row.is_tracked, row.first) for row in rows]


def _pause(mailing_id: int, words: str) -> None:
    with transaction():
        steering.stop(mailing_id, Reason.provider, words)


def _finish_or_go_on(mailing_id: int, *, is_quiet: bool) -> None:
    """Finished means nobody is planned, claimed or uncertain; else another job goes on, or a wave is out.

    Other mailings come first, so that they take turns. While the provider wants to be left alone the sweep goes on.
    """
    with transaction():
        mailing = session().get(Mailing, mailing_id, with_for_update=True)
        if mailing is None or mailing.state is not MailingState.sending:
            return
        if waves.has_work(mailing):
            others = select(Mailing.id).where(Mailing.state == MailingState.sending, Mailing.id != mailing_id)
            for other in [] if is_quiet else [*session().scalars(others), mailing_id]:
                queue.ask("mail.send_mailing", other)
        elif not steering.finish_if_done(mailing) and mailing.released is not None:
            mailing.wave_done_at = mailing.wave_done_at or clock.now()
