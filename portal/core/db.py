"""The database: one session, one transaction at the edge, writers lock before they read.

On SQLite a writing request begins with `BEGIN IMMEDIATE`, so that what it reads cannot change under it;
on PostgreSQL writers take row locks (`with_for_update`) or use conditional updates.
"""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from inspect import iscoroutinefunction
from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from flask_sqlalchemy_lite import SQLAlchemy
from sqlalchemy import (
    BigInteger,
    Connection,
    DateTime,
    Engine,
    Enum,
    Integer,
    MetaData,
    TextClause,
    event,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from portal.core.settings import Settings

WAIT_SECONDS, SHORT_WAIT_SECONDS = 30.0, 1.0
"""How long a writer waits for another on SQLite, and how long one that need not write."""
WAIT_MILLISECONDS = int(WAIT_SECONDS * 1000)
SCRUB_MILLISECONDS, SCRUB_TRIES = 200, 20
WRITER_LOOKS_AGAIN_SECONDS = 0.0005

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_writing: ContextVar[bool] = ContextVar("writing", default=False)
_patience: ContextVar[float] = ContextVar("patience", default=WAIT_SECONDS)
_before_commit: list[Callable[[Session], None]] = []


BIG = BigInteger().with_variant(Integer, "sqlite")


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: stored in UTC, handed out with its zone. A naive value is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a moment without a zone; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Parent of every table; names its constraints so that migrations can find them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime}


db = SQLAlchemy(session_options={"expire_on_commit": False})


def session() -> Session:
    """The session of the request, command or job that is running."""
    return db.session


def after_commit(deed: Callable[[], None]) -> None:
    """Do something once the running transaction is safely stored; never if it is rolled back."""
    session().info.setdefault("after_commit", []).append(deed)


def before_commit(deed: Callable[[Session], None]) -> None:
    """Do something at the end of every writing transaction, whatever it was about."""
    if deed not in _before_commit:
        _before_commit.append(deed)


def commit() -> None:
    """Store what was done, then do what waits for that. Called at the edge only."""
    current = session()
    current.flush()
    for ending in _before_commit:
        ending(current)
    current.commit()
    for deed in current.info.pop("after_commit", []):
        deed()


def rollback() -> None:
    """Forget what was done."""
    current = session()
    current.rollback()
    current.info.pop("after_commit", None)


@contextmanager
def transaction() -> Iterator[Session]:
    """One writing transaction for a job or a command: stored at the end, undone on any error."""
    token = _writing.set(True)
    current = session()
    current.rollback()
    try:
        yield current
        commit()
    except BaseException:
        rollback()
        raise
    finally:
        _writing.reset(token)
        current.close()


@contextmanager
def apart() -> Iterator[Connection]:
    """A short writing transaction apart from everything else, for what is only ever added; it waits for nobody long."""
    token, impatient = _writing.set(True), _patience.set(SHORT_WAIT_SECONDS)
    try:
        with db.engine.connect() as connection, connection.begin():
            yield connection
    finally:
        _patience.reset(impatient)
        _writing.reset(token)


def init_app(app: Flask, settings: Settings) -> None:
    """Open the database for this app and put the transaction at the edge of each request."""
    url = make_url(settings.database_url.get_secret_value())
    options: dict[str, Any] = {"url": url}
    if url.get_backend_name() == "sqlite":
        options["connect_args"] = {"timeout": WAIT_SECONDS}
        if url.database and url.database != ":memory:":
            # Where the command is run, as with every relative path; the extension would look in the instance folder.
            file = Path(url.database).absolute()
            file.parent.mkdir(parents=True, exist_ok=True)
            options["url"] = url.set(database=str(file))
    else:
        # Compiling a statement of ours takes longer than running it. Databases stand on disks that need no moving arm,
        # and a list of a million ids may stay in memory: else each of them is looked for from the beginning.
        planner = "-c jit=off -c random_page_cost=1.1 -c work_mem=32MB -c hash_mem_multiplier=4"
        options["connect_args"] = {"options": planner}
        options |= {"pool_pre_ping": True, "pool_size": 8, "max_overflow": 16}
    app.config["SQLALCHEMY_ENGINES"] = {"default": options}
    db.init_app(app)
    # No session here is asynchronous; closing none of them would cost every request an event loop (2 ms).
    closing = app.teardown_appcontext_funcs
    closing[:] = [close for close in closing if not iscoroutinefunction(close)]
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            _prepare_sqlite(db.engine)

    @app.before_request
    def _choose_reader_or_writer() -> None:
        _writing.set(request.method not in SAFE_METHODS)

    @app.after_request
    def _end_transaction(response: Response) -> Response:
        if request.method in SAFE_METHODS or response.status_code >= 400:
            rollback()
        else:
            commit()
        return response

    @app.teardown_request
    def _forget_the_rest(error: BaseException | None) -> None:
        if error is not None:
            rollback()


def scrub() -> None:
    """Let nothing of what was erased stay behind in SQLite's log; PostgreSQL's vacuum does that by itself.

    The pages themselves are overwritten by `secure_delete`.
    """
    if db.engine.dialect.name != "sqlite":
        return
    connection = db.engine.raw_connection()
    try:
        # While it waits for readers nobody else can write, so it waits for moments only, and tries again.
        connection.cursor().execute(f"PRAGMA busy_timeout={SCRUB_MILLISECONDS}")
        for _ in range(SCRUB_TRIES):
            is_busy, *_rest = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if not is_busy:
                break
            time.sleep(SCRUB_MILLISECONDS / 1000)
        connection.cursor().execute(f"PRAGMA busy_timeout={WAIT_MILLISECONDS}")
    finally:
        connection.close()


def _prepare_sqlite(engine: Engine) -> None:
    """WAL, foreign keys, erased means erased, and writers that lock before they read."""

    @event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "foreign_keys=ON",
            "synchronous=NORMAL",
            "secure_delete=ON",
            f"busy_timeout={WAIT_MILLISECONDS}",
            "cache_size=-65536",
            "mmap_size=268435456",
            "temp_store=MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}")

    # Threads of this process take turns to write: whoever waits here is awake at once when the turn is free, while
    # SQLite itself would look again every few milliseconds.
    turn = threading.Lock()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        if not _writing.get():
            connection.exec_driver_sql("BEGIN")
            return
        connection.info["turn"] = turn.acquire(timeout=_patience.get())
        _begin_to_write(connection)

    @event.listens_for(engine, "checkin")
    @event.listens_for(engine, "invalidate")
    def _end_turn(_connection: object, record: Any, *_error: object) -> None:
        if record.info.pop("turn", False):
            turn.release()


def _begin_to_write(connection: Any) -> None:
    """Begin as soon as no other process writes: SQLite's own patience would grow to a tenth of a second."""
    raw = connection.connection.driver_connection
    deadline = time.monotonic() + _patience.get()
    raw.execute("PRAGMA busy_timeout=0")
    try:
        while True:
            try:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                return
            except OperationalError as error:
                if "locked" not in str(error.orig) or time.monotonic() > deadline:
                    raise
            time.sleep(WRITER_LOOKS_AGAIN_SECONDS)
    finally:
        raw.execute(f"PRAGMA busy_timeout={WAIT_MILLISECONDS}")


def lock(*names: str) -> None:
    """Let one transaction at a time past this point, until it ends; several names are locked in their order.

    On SQLite a writer is alone already; on PostgreSQL these are advisory locks.
    """
    if not is_sqlite():
        session().connection().execute(
            _locks(len(names)), {f"n{place}": one for place, one in enumerate(names)}
        )


@lru_cache
def _locks(count: int) -> TextClause:
    calls = (f"pg_advisory_xact_lock(hashtextextended(:n{place}, 0))" for place in range(count))
    return text(f"SELECT {', '.join(calls)}")


def is_sqlite() -> bool:
    """Whether the embedded database is in use, which has one writer at a time."""
    return db.engine.dialect.name == "sqlite"


def insert_once(table: type[Base], values: dict[str, Any]) -> bool:
    """Insert a row unless a unique key already has it; returns whether it was new."""
    session().flush()
    statement = _insert_once(table, is_sqlite())
    return session().connection().execute(statement, values).first() is not None


@lru_cache
def _insert_once(table: type[Base], for_sqlite: bool) -> Any:
    insert = sqlite.insert if for_sqlite else postgresql.insert
    stored = table.__table__
    return insert(stored).on_conflict_do_nothing().returning(*stored.primary_key)  # type: ignore[arg-type]


def choice(of: type[StrEnum]) -> Enum:
    """A column type for a closed list of words, stored as the words."""
    return Enum(
        of,
        native_enum=False,
        create_constraint=False,
        length=20,
        values_callable=lambda kind: list(kind),
    )
