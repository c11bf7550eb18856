"""How a mailing leaves the house: batch by batch, by the rules of `portal.mail.hand_over`.

A batch is claimed in one statement that re-reads every hurdle, and its result is saved in one. A few senders work
side by side, so that the database, the writing of requests and the waiting for the provider overlap.
"""

import gc
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any

import structlog
from flask import Flask, current_app
from sqlalchemy import Table, bindparam, func, or_, select, update

from portal.core import clock, db, many, queue
from portal.core.db import session, transaction
from portal.core.many import AtOnce
from portal.core.metrics import HANDED_OVER
from portal.mail import gate, hand_over, leases, residence, rests, steering, waves
from portal.mail.copies import Claimed, Words
from portal.mail.models import Mailing, MailingState, Message, Reason, State
from portal.mail.transports.result import Fact, Result

SENDERS, QUICK_SENDERS = 4, 2
"""How many senders work side by side; with a quick provider more would only take the processor from each other."""
SLOW_SECONDS = 0.08
"""A provider is slow that takes longer for a request."""
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
        # What has been there for long is not looked through again and again for garbage while thousands of new
        # objects come and go.
        gc.collect()
        gc.freeze()
        for mask, is_tracked, first in groups:
            run.send((mask, is_tracked, first, limits.get((mask, is_tracked), waves.EVERYBODY)), senders)
        gc.unfreeze()
    # The desk is free again: the job that is asked for here may begin at once.
    _finish_or_go_on(mailing_id, is_quiet=desk.is_quiet)
    return run.done


class _Resting(Exception):
    """The provider wants to be left alone by everybody."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds


_Group = tuple[int, bool, int, int]
"""A variant, whether its people are measured, their first planned row, and the last row that may go now."""


class _Run:
    """The senders of one job: they share the words, the time, and the reason to stop."""

    def __init__(self, app: Flask, words: Words, desk: Desk, until: float) -> None:
        self._app, self._words, self._desk, self._until = app, words, desk, until
        self._stop = threading.Event()
        self._more_hands: list[Callable[[], None]] = []
        self._counting = threading.Lock()
        # SQLite has one writer; taking turns here is quicker than finding the database locked.
        self._turn = threading.Lock() if db.is_sqlite() else None
        self.done = 0

    def send(self, group: _Group, senders: int) -> None:
        """Send a variant with a few senders; more join them when the provider turns out to be slow."""
        with ThreadPoolExecutor(max_workers=senders, thread_name_prefix="sender") as pool:
            at_work = [pool.submit(self._send_group, *group) for _ in range(min(senders, QUICK_SENDERS))]

            def join() -> None:
                at_work.append(pool.submit(self._send_group, *group))

            self._more_hands = [join] * (senders - len(at_work))
            for sender in at_work:
                sender.result()

    def _send_group(self, mask: int, is_tracked: bool, first: int, limit: int) -> None:
        """Claim, hand over and save batches of one variant until nobody is left or it is time to stop."""
        with self._app.app_context():
            transport = hand_over.the_transport()
            claim, made, last = None, 0.0, first - 1
            while self._may_go_on():
                if claim is None or time.monotonic() - made > FRESH_SECONDS:
                    claim, made = _next_ones(self._words), time.monotonic()
                key, lease = secrets.token_hex(8), leases.take()
                try:
                    people, skipped, last = self.in_turn(
                        lambda claim=claim, key=key, last=last, lease=lease: _claim(
                            claim,
                            self._words,
                            mask,
                            is_tracked,
                            last,
                            limit,
                            transport.capacity,
                            key,
                            lease,
                        )
                    )
                except _Resting as resting:
                    self._desk.be_quiet(resting.seconds)
                    continue
                with self._counting:
                    self.done += len(people) + skipped
                if people:
                    batch, ids = self._words.batch(mask, people, is_tracked)
                    way, began = _Way(self, key, ids, lease), time.monotonic()
                    result = transport.send(batch, way.checkpoint)
                    if time.monotonic() - began > SLOW_SECONDS:
                        self._call_for_more()
                    way.save(result)
                    self._heed(result)
                elif not skipped:
                    return

    def _call_for_more(self) -> None:
        """While this sender waited for the provider, another could have worked."""
        with self._counting:
            if self._more_hands:
                self._more_hands.pop()()

    def in_turn(self, deed: Any) -> Any:
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


def _next_ones(words: Words) -> AtOnce:
    """Select the next batch of a group, locked, each with the reason why it must not be mailed ("" when it may).

    What each person's values are made of is read along.
    """
    return AtOnce(
        select(
            _rows.c.id,
            _rows.c.address,
            gate.verdict(_rows.c, words.stream).label("reason"),
            *words.made_of(_rows.c),
        )
        .where(
            _rows.c.mailing_id == words.id,
            _rows.c.mask == bindparam("b_mask"),
            _rows.c.is_tracked == bindparam("b_tracked"),
            _rows.c.id.between(bindparam("b_last") + 1, bindparam("b_limit")),
            _rows.c.state == State.planned,
            # Who was due from the beginning stays due when the clock is set back.
            or_(_rows.c.due_at <= bindparam("b_now"), _rows.c.due_at <= _rows.c.planned_at),
        )
        .order_by(_rows.c.id)
        .limit(bindparam("b_most"))
        .with_for_update(skip_locked=True, of=_rows)
    )


def _claim(
    statement: AtOnce,
    words: Words,
    mask: int,
    is_tracked: bool,
    last: int,
    limit: int,
    most: int,
    key: str,
    lease: leases.Lease,
) -> tuple[list[Claimed], int, int]:
    """Claim a batch; the people, how many fell out, and the last id; committed when this returns."""
    moment = clock.now()
    with transaction() as current:
        # The lock on the mailing's row orders this claim against pause and cancel.
        state, rests_until = current.execute(
            select(Mailing.state, rests.UNTIL)
            .where(Mailing.id == words.id)
            .with_for_update(read=True, of=Mailing)
        ).one()
        if seconds := rests.seconds(rests_until):
            raise _Resting(seconds)
        if state is not MailingState.sending:
            return [], 0, last
        asked: dict[str, Any] = {"b_mask": mask, "b_tracked": is_tracked, "b_last": last, "b_limit": limit}
        asked |= {"b_now": moment, "b_most": most}
        rows = statement.rows(asked)
        if not rows:
            return [], 0, last
        last = rows[-1][0]
        fell_out: dict[str, list[int]] = {}
        for row in rows:
            if row[2]:
                fell_out.setdefault(row[2], []).append(row[0])
        for reason, ids in fell_out.items():
            current.execute(
                update(_rows).where(_rows.c.id.in_(ids)).values(state=State.skipped, why=reason, batch=key)
            )
        if taken := [row[0] for row in rows if not row[2]]:
            current.connection().execute(
                _taking(db.is_sqlite()),
                many.among(taken) | {"b_batch": key, "b_until": lease.until, "b_now": moment},
            )
    people = [Claimed(row[0], row[1], row[3:]) for row in rows if not row[2]]
    skipped = len(rows) - len(people)
    if skipped:
        HANDED_OVER.labels(words.stream.value, "skipped").inc(skipped)
    return people, skipped, last


@lru_cache
def _taking(for_sqlite: bool) -> Any:
    return (
        update(_rows)
        .where(many.is_among(_rows.c.id))
        .values(
            state=State.claimed,
            attempt=_rows.c.attempt + 1,
            batch=bindparam("b_batch"),
            lease_until=bindparam("b_until"),
            attempted_at=bindparam("b_now"),
        )
    )


class _Way:
    """One batch on its way out: what is certain is saved before anything else of it leaves."""

    def __init__(self, run: _Run, key: str, ids: Mapping[str, int], lease: leases.Lease) -> None:
        self._run, self._key, self._ids, self._lease = run, key, ids, lease
        self._saved: set[str] = set()

    def checkpoint(self, facts: Mapping[str, Fact]) -> bool:
        """Save what has become certain; then, whether another request may leave."""
        if facts:
            self._write(facts, None)
        return not (self._lease.is_over or queue.is_ending())

    def save(self, result: Result) -> None:
        """Save what became of the rest: one statement when all had the same fate."""
        facts = result.facts
        if self._saved:
            facts = {name: fact for name, fact in facts.items() if name not in self._saved}
        fates = set(facts.values())
        if len(fates) == 1 and not self._saved:
            fact: Fact = next(iter(fates))
            first, last = min(self._ids.values()), max(self._ids.values())
            deed = partial(_write_all, self._key, first, last, fact, result)
            self._run.in_turn(lambda: hand_over.save(deed))
            HANDED_OVER.labels("all", fact.fate.value).inc(len(self._ids))
        elif facts:
            self._write(facts, result)

    def _write(self, facts: Mapping[str, Fact], result: Result | None) -> None:
        by_number = {self._ids[name]: fact for name, fact in facts.items()}
        deed = partial(hand_over.write, by_number, result, self._key)
        self._run.in_turn(lambda: hand_over.save(deed))
        self._saved |= set(facts)


def _write_all(key: str, first: int, last: int, fact: Fact, result: Result) -> None:
    if result.is_for_all:
        rests.ask(result.retry_after)
    session().execute(
        update(_rows)
        .where(_rows.c.id.between(first, last), hand_over.is_mine(key))
        .values(hand_over.outcome(fact, result.retry_after))
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
