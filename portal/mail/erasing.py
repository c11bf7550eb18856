"""Whoever is forgotten here is to be forgotten by the mail provider too: asked by a job, again and again until done.

The address is needed for that a little longer than its owner is here. It stands in one row, sealed with a key that is
derived from the secret key, and is taken out of it as soon as the provider has it. See decision 0051.
"""

import base64
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

import structlog
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import func, insert, select, update

from portal.core import clock, queue, tokens
from portal.core.db import lock, session, transaction
from portal.mail import hand_over
from portal.mail.provider_models import ProviderErasure
from portal.mail.transports.erasure import MOST_ADDRESSES, MOST_BYTES, Erased, Outcome

IN_HAND = timedelta(minutes=10)
LONGEST_WAIT = timedelta(hours=6)
GIVE_UP_AFTER = timedelta(days=30)
GIVEN_UP = "given up after 30 days: "
NOT_READABLE = "the seal cannot be opened: the secret key it was made with is gone"
log = structlog.get_logger("portal.mail")


@runtime_checkable
class Remembering(Protocol):
    """A way out behind which somebody keeps who was written to, and forgets them when asked."""

    def erase(self, addresses: list[str]) -> Erased:
        """Ask it to forget these people."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the provider is with one receipt."""

    asked_at: datetime
    done_at: datetime | None
    words: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many addresses the provider has yet to forget, since when, and what it said last."""

    count: int
    since: datetime | None
    words: str


@dataclass(frozen=True, slots=True)
class _Open:
    id: int
    address: str


def ask(receipt: str, addresses: Iterable[str]) -> int:
    """Have the provider forget these addresses once this transaction is stored; returns how many.

    Where mail leaves by a server of our own, nobody else keeps it, and there is nothing to do.
    """
    if not isinstance(hand_over.the_transport(), Remembering):
        return 0
    moment, box = clock.now(), _box()
    rows = [
        {
            "receipt": receipt,
            "sealed": box.encrypt(address.encode()).decode(),
            "asked_at": moment,
            "due_at": moment,
            "tries": 0,
            "words": "",
        }
        for address in dict.fromkeys(addresses)
    ]
    if rows:
        session().execute(insert(ProviderErasure), rows)
        queue.ask("mail.erase_at_provider")
    return len(rows)


def progress(receipt: str) -> Progress | None:
    """How far the provider is with a receipt; None when there was nothing to ask it for."""
    row = (
        session()
        .execute(
            select(
                func.min(ProviderErasure.asked_at).label("asked_at"),
                func.max(ProviderErasure.done_at).label("done_at"),
                func.count().label("all"),
                func.count(ProviderErasure.done_at).label("done"),
                func.max(ProviderErasure.words).label("words"),
            ).where(ProviderErasure.receipt == receipt)
        )
        .one()
    )
    if not row.all:
        return None
    return Progress(row.asked_at, row.done_at if row.done == row.all else None, row.words)


def waiting() -> Waiting:
    """What the provider has not forgotten yet, in all."""
    row = (
        session()
        .execute(
            select(
                func.count().label("people"),
                func.min(ProviderErasure.asked_at).label("since"),
                func.max(ProviderErasure.words).label("words"),
            ).where(ProviderErasure.done_at.is_(None))
        )
        .one()
    )
    return Waiting(row.people, row.since, row.words or "")


def erase_at_provider(most: int = 20) -> int:
    """Ask the provider for what is due, up to 5,000 addresses a request; returns for how many it is done."""
    way = hand_over.the_transport()
    done = 0
    for _ in range(most):
        people = _take() if isinstance(way, Remembering) and not queue.is_ending() else []
        if not people or not isinstance(way, Remembering):
            break
        for group in _groups(people):
            done += _forget(way, group)
    return done


def remove_old() -> None:
    """Remove what was done long ago; a receipt says so as long as it is likely to be looked at."""
    old = clock.now() - timedelta(days=400)
    session().execute(ProviderErasure.__table__.delete().where(ProviderErasure.done_at < old))  # type: ignore[attr-defined]


def _take() -> list[_Open]:
    """Take what is due in hand, so that no other worker asks for it meanwhile; committed when this returns."""
    moment = clock.now()
    with transaction() as current:
        lock("provider-erasures")
        rows = current.execute(
            select(ProviderErasure.id, ProviderErasure.sealed)
            .where(ProviderErasure.done_at.is_(None), ProviderErasure.due_at <= moment)
            .order_by(ProviderErasure.due_at, ProviderErasure.id)
            .limit(MOST_ADDRESSES)
        ).all()
        current.execute(
            update(ProviderErasure)
            .where(ProviderErasure.id.in_([row.id for row in rows]))
            .values(due_at=moment + IN_HAND, tries=ProviderErasure.tries + 1)
            .execution_options(synchronize_session=False)
        )
        box, people = _box(), []
        for row in rows:
            try:
                people.append(_Open(row.id, box.decrypt(row.sealed.encode()).decode()))
            except InvalidToken:
                _end([row.id], NOT_READABLE)
    return people


def _groups(people: Sequence[_Open]) -> Iterable[list[_Open]]:
    group: list[_Open] = []
    size = 0
    for one in people:
        more = len(one.address.encode()) + 4
        if group and (size + more > MOST_BYTES or len(group) == MOST_ADDRESSES):
            yield group
            group, size = [], 0
        group.append(one)
        size += more
    if group:
        yield group


def _forget(way: Remembering, group: list[_Open]) -> int:
    """Ask for a group; where the provider refuses the whole of it, halve it until it is clear who is the reason."""
    answer = way.erase([one.address for one in group])
    if answer.outcome is Outcome.refused and len(group) > 1:
        half = len(group) // 2
        return _forget(way, group[:half]) + _forget(way, group[half:])
    ids = [one.id for one in group]
    with transaction():
        if answer.outcome is Outcome.later:
            log.warning("the provider could not be asked to forget", words=answer.words)
            _wait(ids, answer.words)
            return 0
        _end(ids, answer.words)
    return len(ids) if answer.outcome is Outcome.taken else 0


def _end(ids: Sequence[int], words: str) -> None:
    session().execute(
        update(ProviderErasure)
        .where(ProviderErasure.id.in_(ids))
        .values(done_at=clock.now(), sealed="", words=words[:300])
        .execution_options(synchronize_session=False)
    )


def _wait(ids: Sequence[int], words: str) -> None:
    """Later, twice as long each time; after a month the address is not kept for it any longer."""
    moment = clock.now()
    rows = session().scalars(select(ProviderErasure).where(ProviderErasure.id.in_(ids)))
    for row in rows:
        if row.asked_at < moment - GIVE_UP_AFTER:
            row.done_at, row.sealed, row.words = moment, "", f"{GIVEN_UP}{words}"[:300]
        else:
            row.due_at = moment + min(LONGEST_WAIT, timedelta(minutes=2 ** min(row.tries, 12)))
            row.words = words[:300]


def _box() -> MultiFernet:
    """Seals with the key that signs now, opens with each older one too."""
    keys = (hashlib.sha256(one).digest() for one in tokens.derived("erasure at the provider", ""))
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])
