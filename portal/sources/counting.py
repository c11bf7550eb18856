"""Counts steps of joining, apart from every request's own transaction: opening a page stores nothing of its own.

Each process adds up what it saw and stores the sums some seconds later, by itself. A process that is killed loses
those seconds; nothing else depends on them.
"""

import atexit
import threading
from collections import Counter
from datetime import date

import structlog
from flask import Flask, Response, current_app, request
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from portal.core import clock
from portal.core.db import db, is_sqlite
from portal.sources.models import LONGEST_TAG, OTHER, JoinCount, SourceLink, Step

log = structlog.get_logger("portal.sources")
SECONDS = 5.0
_NAME = "portal_tally"
_SIGNS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_.")
# What an answer other than the wished one means, at the addresses of joining.
_DOORS = frozenset(
    {
        "members.join",
        "members.ask_to_join",
        "members.check_your_mail",
        "members.open_by_code",
        "members.again",
        "members.confirm",
        "members.use_confirm",
        "members.confirm_again",
    }
)
_HITCHES = {
    400: Step.grown_old,
    404: Step.unknown_link,
    410: Step.link_over,
    422: Step.mistaken,
    429: Step.too_fast,
}
Key = tuple[date, str, Step]


class Tally:
    """What this process saw and has not stored yet."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._waits = not app.testing
        self._seen: Counter[Key] = Counter()
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None

    def add(self, step: Step, tag: str) -> None:
        """Count one; stored within some seconds."""
        with self._lock:
            self._seen[clock.now().date(), tag, step] += 1
            if self._waits and self._timer is None:
                self._timer = threading.Timer(SECONDS, self.store)
                self._timer.daemon = True
                self._timer.start()

    def store(self) -> None:
        """Store the sums; what the database does not take waits for the next time."""
        with self._lock:
            seen, self._seen, self._timer = self._seen, Counter(), None
        if not seen:
            return
        try:
            with self._app.app_context():
                _store(seen)
        except SQLAlchemyError as wrong:
            log.error("counts could not be stored", kind=type(wrong).__name__)
            with self._lock:
                self._seen.update(seen)


def init_app(app: Flask) -> None:
    """Give the app its tally, and count what goes wrong at the doors of joining."""
    tally = app.extensions[_NAME] = Tally(app)
    if not app.testing:
        atexit.register(tally.store)

    @app.after_request
    def _count(response: Response) -> Response:
        if request.endpoint in _DOORS and response.status_code >= 400:
            step = Step.broken if response.status_code >= 500 else _HITCHES.get(response.status_code)
            if step is not None:
                add(step, tag_of_request())
        return response


def add(step: Step, tag: str = "") -> None:
    """Count a step that was just taken."""
    tally: Tally = current_app.extensions[_NAME]
    tally.add(step, tag)


def store() -> None:
    """Store at once what this process saw."""
    tally: Tally = current_app.extensions[_NAME]
    tally.store()


def tag_of_request() -> str:
    """The tag that the address carries: `from`, as our links have it, or as other tools write it."""
    for name in ("from", "utm_source", "source"):
        found = clean(request.args.get(name, ""))
        if found:
            return found
    return ""


def clean(text: str | None) -> str:
    """A tag: lower case letters, digits and -_. of what stands there."""
    return "".join(sign for sign in (text or "").lower() if sign in _SIGNS)[:LONGEST_TAG]


def _store(seen: Counter[Key]) -> None:
    """Add to what is stored, under the tags of our own links; whatever else a link may carry is one heap."""
    insert = sqlite.insert if is_sqlite() else postgresql.insert
    with db.engine.begin() as connection:
        known = set(connection.scalars(select(SourceLink.tag)))
        sums: Counter[Key] = Counter()
        for (day, tag, step), count in seen.items():
            sums[day, tag if tag in known or not tag else OTHER, step] += count
        # In one order, so that two processes never wait for each other in a circle.
        for (day, tag, step), count in sorted(sums.items()):
            values = {"day": day, "tag": tag, "step": step, "count": count}
            statement = insert(JoinCount).values(values)
            connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["day", "tag", "step"], set_={"count": JoinCount.count + count}
                )
            )
