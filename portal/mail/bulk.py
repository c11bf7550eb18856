"""How a mailing leaves the house: batch by batch, by the rules of `portal.mail.hand_over`.

A batch is claimed in one statement that re-reads every hurdle, and its result is saved in one. A few senders work
side by side, so that the database, the writing of requests and the waiting for the provider overlap.
"""

import secrets
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from html import escape
from typing import Any

import structlog
from flask import Flask, current_app
from sqlalchemy import ColumnElement, Table, bindparam, func, select, update

from portal.core import clock, db, queue, tokens
from portal.core.db import session, transaction
from portal.core.metrics import HANDED_OVER
from portal.mail import gate, hand_over, letters
from portal.mail.models import Mailing, MailingState, Message, State, Variant
from portal.mail.render import Rendered
from portal.mail.transports.batch import Batch, Recipient
from portal.mail.transports.result import Fact, Result

SENDERS = 3
FRESH_SECONDS = 5.0
log = structlog.get_logger("portal.mail")
_rows: Table = Message.__table__  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message this worker may hand over, once."""

    id: int
    address: str
    member_id: int | None


def send_mailing(mailing_id: int, seconds: float = 50.0, senders: int = SENDERS) -> int:
    """Hand over a mailing until nobody is left, it is stopped, or the time is up.

    Returns how many people were dealt with. When time is up another job goes on, so that no job lasts long.
    """
    with transaction():
        mailing = session().get(Mailing, mailing_id)
        if mailing is None or mailing.state is not MailingState.sending:
            return 0
        words = Words(mailing, _variants(mailing_id))
        groups = _groups(mailing_id)
    run = _Run(current_app._get_current_object(), words, time.monotonic() + seconds)  # type: ignore[attr-defined]
    for mask, is_tracked, first in groups:
        with ThreadPoolExecutor(max_workers=senders, thread_name_prefix="sender") as pool:
            for sender in [pool.submit(run.send_group, mask, is_tracked, first) for _ in range(senders)]:
                sender.result()
    _finish_or_go_on(mailing_id)
    return run.done


class Words:
    """A mailing's frozen words, read once, and what makes them personal."""

    def __init__(self, mailing: Mailing, variants: Mapping[int, Rendered]) -> None:
        self.id, self.stream = mailing.id, mailing.stream
        self.variants = variants
        self.merge = letters.kind(mailing.letter).merge
        self._public_id = tokens.seal("mailing", mailing.id)
        self._sender = (mailing.sender_name, mailing.sender_address, mailing.reply_to)
        self._base_url: str = current_app.extensions["portal"].base_url

    def batch(
        self, mask: int, people: Sequence[Claimed], merged: Mapping[int, Mapping[str, str]]
    ) -> tuple[Batch, dict[str, int]]:
        """One request's worth, and whose public id is whose."""
        words, base_url = self.variants[mask], self._base_url
        recipients, ids = [], {}
        sealed = tokens.seal_all(person.id for person in people)
        for person, (_, message, unsubscribe, preferences) in zip(people, sealed, strict=True):
            values = dict(merged.get(person.member_id or 0, {}))
            html_values = {tag: escape(value) for tag, value in values.items()}
            links = hand_over.personal_links(base_url, unsubscribe, preferences)
            ids[message] = person.id
            recipients.append(
                Recipient(
                    message=message,
                    address=person.address,
                    name=values.get("name", ""),
                    values=values | links,
                    html_values=html_values | links,
                    headers=hand_over.unsubscribe_headers(base_url, unsubscribe),
                )
            )
        name, address, reply_to = self._sender
        batch = Batch(
            sender_name=name,
            sender_address=address,
            reply_to=reply_to,
            reply_to_name=name,
            subject=words.subject,
            text=words.text,
            html=words.html,
            recipients=tuple(recipients),
            stream=self.stream.value,
            mailing=self._public_id,
        )
        return batch, ids


class _Run:
    """The senders of one job: they share the words, the time, and the reason to stop."""

    def __init__(self, app: Flask, words: Words, until: float) -> None:
        self._app, self._words, self._until = app, words, until
        self._stop = threading.Event()
        self._counting = threading.Lock()
        # SQLite has one writer; taking turns here is quicker than finding the database locked.
        self._turn = threading.Lock() if db.is_sqlite() else None
        self.done = 0

    def send_group(self, mask: int, is_tracked: bool, first: int) -> None:
        """Claim, hand over and save batches of one variant until nobody is left or it is time to stop."""
        with self._app.app_context():
            transport = hand_over.the_transport()
            claim, made, last = None, 0.0, first - 1
            while not self._stop.is_set() and time.monotonic() < self._until:
                if claim is None or time.monotonic() - made > FRESH_SECONDS:
                    claim, made = _next_ones(self._words), time.monotonic()
                key = secrets.token_hex(8)
                people, merged, skipped, last = self._in_turn(
                    lambda claim=claim, key=key, last=last: _claim(
                        claim, self._words, mask, is_tracked, last, transport.capacity, key
                    )
                )
                with self._counting:
                    self.done += len(people) + skipped
                if people:
                    batch, ids = self._words.batch(mask, people, merged)
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

    def _heed(self, result: Result) -> None:
        if result.pause:
            self._stop.set()
            _pause(self._words.id, result.pause)
        elif result.retry_after:
            self._stop.wait(min(result.retry_after, max(0.0, self._until - time.monotonic())))


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
            _rows.c.id > bindparam("b_last"),
            _rows.c.state == State.planned,
            _rows.c.due_at <= bindparam("b_now"),
        )
        .order_by(_rows.c.id)
        .limit(bindparam("b_most"))
        .with_for_update(skip_locked=True, of=_rows)
    )


def _claim(
    statement: Any, words: Words, mask: int, is_tracked: bool, last: int, most: int, key: str
) -> tuple[list[Claimed], Mapping[int, Mapping[str, str]], int, int]:
    """Claim a batch; the people, their values, how many fell out, and the last id; committed when this returns."""
    merged: Mapping[int, Mapping[str, str]] = {}
    moment = clock.now()
    with transaction() as current:
        # The lock on the mailing's row orders this claim against pause and cancel.
        state = current.scalar(select(Mailing.state).where(Mailing.id == words.id).with_for_update(read=True))
        if state is not MailingState.sending:
            return [], merged, 0, last
        asked = {"b_mask": mask, "b_tracked": is_tracked, "b_last": last, "b_now": moment, "b_most": most}
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
        taken = {"state": State.claimed, "batch": key, "lease_until": moment + hand_over.LEASE}
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


def _variants(mailing_id: int) -> dict[int, Rendered]:
    rows = session().scalars(select(Variant).where(Variant.mailing_id == mailing_id))
    return {one.mask: Rendered(one.subject, one.text, one.html) for one in rows}


def _pause(mailing_id: int, words: str) -> None:
    with transaction():
        session().execute(
            update(Mailing)
            .where(Mailing.id == mailing_id, Mailing.state == MailingState.sending)
            .values(state=MailingState.paused, words=words)
        )
    log.warning("mailing paused", mailing=mailing_id)


def _finish_or_go_on(mailing_id: int) -> None:
    """Finished means nobody is planned and nobody is claimed; else another job goes on."""
    with transaction():
        mailing = session().get(Mailing, mailing_id, with_for_update=True)
        if mailing is None or mailing.state is not MailingState.sending:
            return
        open_rows = select(Message.id).where(Message.mailing_id == mailing_id)
        if session().scalar(
            open_rows.where(Message.state == State.planned, Message.due_at <= clock.now()).limit(1)
        ):
            queue.ask("mail.send_mailing", mailing_id)
        elif not session().scalar(
            open_rows.where(Message.state.in_([State.planned, State.claimed])).limit(1)
        ):
            mailing.state, mailing.finished_at = MailingState.finished, clock.now()
