"""Where the database lives. A copy of it that wakes up elsewhere must not send what the first one sends.

The place is a fingerprint of the database itself: for SQLite the file, for PostgreSQL the cluster and the database in
it, and outside development the address of the portal. A backup that is put back in the same place is told by its
beats: a file in the instance folder has seen more of them.
"""

import hashlib
import json
import os
import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from weakref import WeakKeyDictionary

import structlog
from sqlalchemy import Engine, select, text, true, update

from portal.core import clock
from portal.core.db import after_commit, db, insert_once, is_sqlite, session, transaction
from portal.core.settings import Settings
from portal.mail import steering
from portal.mail.models import Lane, Mailing, MailingState, Message, Reason, Residence, State

ONLY = 1
FILE = "residence.json"
COPIED = "This database woke up in another place, or was restored from a backup. Somebody has to say which one sends."
log = structlog.get_logger("portal.mail")


@dataclass(frozen=True, slots=True)
class Seen:
    """What the file beside the portal remembers."""

    name: str = ""
    beats: int = 0


def place(settings: Settings) -> str:
    """The fingerprint of where this database lives."""
    if is_sqlite():
        file = Path(db.engine.url.database or ":memory:")
        parts = [str(file), str(file.stat().st_ino) if file.exists() else ""]
    else:
        if db.engine not in _clusters:
            _clusters[db.engine] = [str(one) for one in session().execute(text(_IDENTITY)).one()]
        parts = list(_clusters[db.engine])
    if not settings.is_development:
        parts.append(settings.base_url)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


_IDENTITY = """
    SELECT CASE WHEN has_function_privilege('pg_control_system()', 'EXECUTE')
                THEN (SELECT system_identifier FROM pg_control_system()) END,
           (SELECT oid FROM pg_database WHERE datname = current_database())
"""


_clusters: WeakKeyDictionary[Engine, list[str]] = WeakKeyDictionary()


def the_row() -> Residence | None:
    """What the database says of where it lives."""
    return session().get(Residence, ONLY, populate_existing=True)


def is_home(settings: Settings) -> bool:
    """Whether what stands in this database may be sent from here."""
    row = the_row()
    return row is None or (row.held_at is None and row.place == place(settings))


def look_around(settings: Settings) -> None:
    """Notice before the first letter leaves that this database is a copy, and hold what stands in it."""
    row = the_row()
    is_new_here = row is not None and row.held_at is None and row.place != place(settings)
    session().rollback()
    if is_new_here:
        with transaction():
            beat(settings)


def beat(settings: Settings) -> bool:
    """Note that the portal runs here; returns whether it may send. A copy holds all that is scheduled or under way."""
    here, seen = place(settings), _read(settings)
    fresh = {"id": ONLY, "name": secrets.token_hex(16), "place": here, "beats": 1, "held_place": ""}
    if insert_once(Residence, fresh | {"since": clock.now()}):
        _remember(settings, Seen(str(fresh["name"]), 1))
        return True
    row = session().get_one(Residence, ONLY, with_for_update=True, populate_existing=True)
    is_restored = seen.name == row.name and seen.beats > row.beats
    if row.place == here and row.held_at is None and not is_restored:
        row.beats += 1
        _remember(settings, Seen(row.name, row.beats))
        return True
    if row.held_at is None or row.held_place != here:
        row.held_at, row.held_place = row.held_at or clock.now(), here
        held = steering.hold(true(), Reason.copied, COPIED)
        log.error("this database is a copy: nothing leaves until a person decides", mailings=held)
    return False


def take_over(settings: Settings, *, with_letters: bool) -> int:
    """This is the one that sends from now on; returns how many letters were waiting.

    Mailings stay held, each until a person decides. Letters that were waiting leave, or are skipped when the other
    one has sent them.
    """
    row = session().get(Residence, ONLY, with_for_update=True, populate_existing=True)
    if row is None or row.held_at is None:
        return 0
    waiting = Message.line.in_([int(lane) for lane in Lane]) & (Message.planned_at < row.held_at)
    values = {} if with_letters else {"state": State.skipped, "why": "copied", "line": None}
    done = session().execute(
        update(Message)
        .where(waiting)
        .values(values or {"line": Message.line})
        .execution_options(synchronize_session=False)
    )
    here = place(settings)
    row.place, row.since, row.held_at, row.held_place = here, clock.now(), None, ""
    row.beats = max(row.beats, _read(settings).beats) + 1
    _remember(settings, Seen(row.name, row.beats))
    return int(done.rowcount)  # type: ignore[attr-defined]


def held() -> Residence | None:
    """The place of a database that waits for a person to say whether it may send."""
    row = the_row()
    return row if row is not None and row.held_at is not None else None


def held_since() -> datetime | None:
    """From when on letters of a held copy are its own: those asked for later, such as a sign-in."""
    return session().scalar(select(Residence.held_at).where(Residence.id == ONLY))


def held_mailings() -> Sequence[Mailing]:
    """What a person has to decide about."""
    statement = select(Mailing).where(Mailing.state == MailingState.held).order_by(Mailing.id)
    return session().scalars(statement).all()


def _read(settings: Settings) -> Seen:
    try:
        found = json.loads((settings.instance / FILE).read_text())
        return Seen(str(found["name"]), int(found["beats"]))
    except (OSError, ValueError, TypeError, KeyError):
        return Seen()


def _remember(settings: Settings, seen: Seen) -> None:
    """Write the file, whole or not at all, once the database has stored what it says."""

    def write() -> None:
        path = settings.instance / FILE
        fresh = path.with_name(f"{FILE}.{os.getpid()}-{threading.get_ident()}")
        fresh.write_text(json.dumps({"name": seen.name, "beats": seen.beats}))
        fresh.replace(path)

    after_commit(write)
