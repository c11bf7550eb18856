"""Bring the schema up to date."""

from flask import Flask
from flask_alembic import Alembic
from sqlalchemy import event, make_url

from portal.core.db import db, rollback
from portal.core.settings import Settings


def upgrade(app: Flask) -> int:
    """Run the migrations that are missing; returns how many. Called inside an app context.

    On PostgreSQL a step waits at most ten seconds for a lock, rather than holding up the portal.
    """
    settings: Settings = app.extensions["portal"]
    url = make_url(settings.database_url.get_secret_value())
    rollback()
    if url.get_backend_name() == "postgresql":
        event.listen(db.engine, "connect", _impatient)
    alembic: Alembic = app.extensions["alembic"]
    before = set(_done(alembic))
    alembic.upgrade()
    return len(set(_done(alembic)) - before)


def _done(alembic: Alembic) -> list[str]:
    heads = [revision.revision for revision in alembic.current()]
    script = alembic.script_directory
    return [step.revision for head in heads for step in script.iterate_revisions(head, "base")]


def _impatient(connection: object, _record: object) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]
    cursor.execute("SET lock_timeout = '10s'")
    cursor.close()
    connection.commit()  # type: ignore[attr-defined]
