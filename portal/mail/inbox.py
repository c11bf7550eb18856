"""Keeps what the provider posts: stored in one go while it waits for the answer, worked on afterwards."""

from datetime import timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Table, delete, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection

from portal.core import clock, queue
from portal.core.db import insert_once, is_sqlite, session
from portal.core.metrics import PROVIDER_EVENTS
from portal.mail.event_reader import Read
from portal.mail.provider_models import Kind, Measurement, ProviderBatch, ProviderEvent, SetAside, Standing

KEPT = timedelta(days=30)
"""How long we keep what only explains: requests, what was set aside, and events that change nothing."""

OUTCOMES_KEPT = timedelta(days=400)
_NOISE = (Kind.processed, Kind.deferred, Kind.group_resubscribe)
_AT_ONCE = 200
_events: Table = ProviderEvent.__table__  # type: ignore[assignment]
_batches: Table = ProviderBatch.__table__  # type: ignore[assignment]


class NotStored(Exception):
    """The database does not take it now; the provider is to try again."""


def store(found: Read) -> int | None:
    """Keep a request that has been read, and ask for the work on it; what we have already is passed over.

    Returns the number of the batch, None when there was nothing of ours in it.

    Raises:
        NotStored: nothing was stored.
    """
    try:
        return _store(found)
    except (DBAPIError, NoConnection) as broken:
        raise NotStored from broken


def _store(found: Read) -> int | None:
    for odd in found.odd:
        insert_once(SetAside, {"at": clock.now(), "digest": odd.digest, "why": odd.why, "text": odd.text})
    PROVIDER_EVENTS.labels("set aside").inc(found.odd_count)
    if not found.rows and not found.odd_count:
        return None
    connection = session().connection()
    made = connection.execute(
        insert(_batches).returning(_batches.c.id),
        {
            "received_at": clock.now(),
            "events": len(found.rows),
            "odd": found.odd_count,
            "tries": 0,
            "why": "",
            "applied_at": None if found.rows else clock.now(),
        },
    )
    batch_id: int = made.scalar_one()
    if found.rows:
        for row in found.rows:
            row["batch_id"] = batch_id
        connection.execute(_insert(is_sqlite()), found.rows)
        PROVIDER_EVENTS.labels("stored").inc(len(found.rows))
        queue.ask("mail.apply_events")
    return batch_id


def remove_old() -> None:
    """Remove what only explained something that is long over."""
    moment = clock.now()
    session().execute(delete(SetAside).where(SetAside.at < moment - KEPT))
    old = select(_batches.c.id).where(
        _batches.c.received_at < moment - KEPT, _batches.c.applied_at.is_not(None)
    )
    ids = list(session().scalars(old.order_by(_batches.c.id).limit(_AT_ONCE)))
    while ids:
        is_noise = _events.c.kind.in_(_NOISE) | (_events.c.standing == Standing.nobodys)
        session().execute(delete(_events).where(_events.c.batch_id.in_(ids), is_noise))
        session().execute(delete(_batches).where(_batches.c.id.in_(ids)))
        ids = list(session().scalars(old.order_by(_batches.c.id).limit(_AT_ONCE)))
    session().execute(delete(_events).where(_events.c.at < moment - OUTCOMES_KEPT))
    session().execute(
        delete(Measurement)
        .where(Measurement.at < moment - OUTCOMES_KEPT)
        .execution_options(synchronize_session=False)
    )


def forget(message_ids: Any, address_keys: Any) -> None:
    """Remove what happened to those messages, and what was only known by those addresses."""
    session().execute(delete(_events).where(_events.c.message_id.in_(message_ids)))
    session().execute(delete(_events).where(_events.c.address_key.in_(address_keys)))
    session().execute(
        delete(Measurement)
        .where(Measurement.message_id.in_(message_ids))
        .execution_options(synchronize_session=False)
    )


@lru_cache
def _insert(for_sqlite: bool) -> Any:
    insert_into = sqlite.insert if for_sqlite else postgresql.insert
    return insert_into(_events).on_conflict_do_nothing()
