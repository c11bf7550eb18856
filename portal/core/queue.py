"""Work for later: a job carries a name and ids only, and is handed over after the commit.

The truth is rows in the database; a job that is lost is found again by the sweeper of its room.
"""

import threading
from collections.abc import Callable
from datetime import datetime

from flask import current_app

from portal.core.db import after_commit

Push = Callable[[str, tuple[int | str, ...]], None]
_ending = threading.Event()


def ask(job: str, *ids: int | str) -> None:
    """Ask for a job (a name of `portal.jobs.JOBS`) once the running transaction is stored."""
    push: Push = current_app.extensions["portal_queue"]
    after_commit(lambda: push(job, ids))


def ask_at(moment: datetime, job: str, *ids: int | str) -> None:
    """Ask for a job at that moment. Only a convenience: whoever asks is found by a tick of the schedule too."""
    push = current_app.extensions.get("portal_queue_at")
    if push is not None:
        after_commit(lambda: push(moment, job, ids))


def end() -> None:
    """Tell long jobs of this process that it is to end: they finish what they have in hand, and take no more."""
    _ending.set()


def is_ending() -> bool:
    """Whether this process is to end."""
    return _ending.is_set()
