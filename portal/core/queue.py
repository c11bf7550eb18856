"""Work for later: a job carries a name and ids only, and is handed over after the commit.

The truth is rows in the database; a job that is lost is found again by the sweeper of its room.
"""

from collections.abc import Callable

from flask import current_app

from portal.core.db import after_commit

Push = Callable[[str, tuple[int | str, ...]], None]


def ask(job: str, *ids: int | str) -> None:
    """Ask for a job (a name of `portal.jobs.JOBS`) once the running transaction is stored."""
    push: Push = current_app.extensions["portal_queue"]
    after_commit(lambda: push(job, ids))
