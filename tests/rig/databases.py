"""The same tests on SQLite and PostgreSQL: a migrated template of each a run, and cheap clean copies of it.

`PORTAL_TEST_DATABASES` chooses the kinds (default `sqlite,postgresql`).
"""

import contextlib
import itertools
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
from psycopg import sql

from portal.app import create_app
from portal.core import migrate as steps
from portal.core.db import db
from portal.core.settings import load
from tests.rig import postgres, run

KINDS = tuple(os.environ.get("PORTAL_TEST_DATABASES", "sqlite,postgresql").split(","))
TEMPLATE = "portal_template"
ROOT = Path(__file__).resolve().parents[2]
EMPTY = Path(__file__).with_name("empty.sql")

_numbers = itertools.count(1)
_cleaners: dict[str, psycopg.Connection] = {}


@contextlib.contextmanager
def fresh_database(kind: str, *, migrated: bool = True) -> Iterator[str]:
    """Give the address of a database of its own, migrated or with nothing in it; removed afterwards."""
    name = f"portal_{run.worker()}_{next(_numbers)}"
    if kind == "sqlite":
        path = run.folder() / f"{name}.db"
        if migrated:
            shutil.copyfile(_sqlite_template(), path)
        try:
            yield f"sqlite:///{path}"
        finally:
            for leftover in run.folder().glob(f"{name}.db*"):
                leftover.unlink()
        return
    source = _postgres_template() if migrated else "template0"
    with psycopg.connect(postgres.admin_url(), autocommit=True) as admin:
        words = "CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY = file_copy"
        admin.execute(sql.SQL(words).format(*map(sql.Identifier, (name, postgres.OWNER, source))))
        try:
            yield postgres.owner_url(name)
        finally:
            if cleaner := _cleaners.pop(name, None):
                cleaner.close()
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def empty(url: str) -> None:
    """Bring a database back to what the migrations left, also under a running application."""
    if url.startswith("sqlite:"):
        with (
            contextlib.closing(sqlite3.connect(_sqlite_template())) as source,
            contextlib.closing(sqlite3.connect(url.removeprefix("sqlite:///"), timeout=10)) as target,
        ):
            source.backup(target)
        return
    name = url.rsplit("/", 1)[-1]
    if name not in _cleaners:
        _cleaners[name] = psycopg.connect(
            postgres.admin_url(name),
            autocommit=True,
            options="-c lock_timeout=2s -c client_min_messages=warning",
        )
    cleaner = _cleaners[name]
    try:
        cleaner.execute("SELECT rig.empty()")
    except psycopg.errors.LockNotAvailable:
        # A test that failed may have left a transaction open.
        cleaner.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        cleaner.execute("SELECT rig.empty()")


def close() -> None:
    """Hang up on every database."""
    while _cleaners:
        _cleaners.popitem()[1].close()


def migrate(url: str) -> None:
    """Bring the schema up to date, as `portal migrate` does."""
    app = create_app(load(env="test", database_url=url, instance_path=run.folder() / "instance"))
    with app.app_context():
        steps.upgrade(app)
        db.engine.dispose()


def portal(url: str, *arguments: str, **settings: str) -> str:
    """Run a `portal` command on that database and return what it printed."""
    settings = {
        "env": "test",
        "database_url": url,
        "instance_path": str(run.folder() / "instance"),
    } | settings
    outcome = subprocess.run(
        [sys.executable, "-m", "portal.cli", *arguments],
        env=clean_environment() | {f"PORTAL_{name.upper()}": value for name, value in settings.items()},
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
    )
    if outcome.returncode != 0:
        said = f"{outcome.stdout}\n{outcome.stderr}"
        raise AssertionError(f"portal {' '.join(arguments)} ended with {outcome.returncode}:\n{said}")
    return outcome.stdout


def clean_environment() -> dict[str, str]:
    """Return our environment without the settings somebody may have for their own portal."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}


def _sqlite_template() -> Path:
    path = run.folder() / f"{TEMPLATE}.db"

    def make() -> str:
        migrate(f"sqlite:///{path}")
        with contextlib.closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return str(path)

    return Path(run.once("sqlite-template", make))


def _postgres_template() -> str:
    def make() -> str:
        with psycopg.connect(postgres.admin_url(), autocommit=True) as admin:
            admin.execute(f"CREATE DATABASE {TEMPLATE} OWNER {postgres.OWNER}")
        migrate(postgres.owner_url(TEMPLATE))
        with psycopg.connect(postgres.admin_url(TEMPLATE), autocommit=True) as admin:
            admin.execute(EMPTY.read_text())
        return TEMPLATE

    name: str = run.once("postgres-template", make)
    return name
