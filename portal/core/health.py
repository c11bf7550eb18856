"""Is everything there that the portal stands on?"""

from alembic.script import ScriptDirectory
from flask import Flask
from huey import Huey
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from portal.core.db import session


def problems(app: Flask) -> list[str]:
    """What is missing, a sentence each; empty when the portal can serve."""
    found = []
    try:
        stored = set(session().scalars(text("SELECT version_num FROM alembic_version")))
    except SQLAlchemyError:
        session().rollback()
        try:
            session().execute(text("SELECT 1"))
            found.append("The database has no tables yet: run `portal migrate`.")
        except SQLAlchemyError as away:
            found.append(f"The database does not answer ({type(away).__name__}).")
    else:
        script: ScriptDirectory = app.extensions["alembic"].script_directory
        if stored != set(script.get_heads()):
            found.append("The schema is not the one this version needs: run `portal migrate`.")
    engine: Huey = app.extensions["portal_huey"]
    try:
        engine.pending_count()
    except Exception as away:
        found.append(f"The job engine does not answer ({type(away).__name__}).")
    return found
