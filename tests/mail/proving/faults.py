"""Faults planted into a worker process, from outside the portal: a signal to itself at a named point.

The points are found by listening to the database engine, by standing between the worker and its transport, and by
telling the stub to send the signal while it has a request in its hands.
"""

import http.client
import json
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import event

from portal.core.db import db
from portal.mail.transports.batch import Batch
from portal.mail.transports.choose import Transport
from portal.mail.transports.result import Checkpoint, Result, unguarded

POINTS = (
    "before_claim_commit",
    "after_claim",
    "before_post",
    "unread",
    "recorded",
    "after_post",
    "before_save_commit",
    "after_save_commit",
)
"""Where a worker may be struck, in the order in which it passes them with each batch."""

IN_THE_STUB = {"unread": "signal_unread", "recorded": "signal_recorded"}


class Fault:
    """A signal at the n-th passage of a point."""

    def __init__(self, point: str, nth: int = 1, how: int = signal.SIGKILL) -> None:
        self.point, self.nth, self.how = point, nth, how
        self._counting = threading.Lock()

    def at(self, point: str) -> None:
        """The worker passes a point."""
        if point != self.point:
            return
        with self._counting:
            self.nth -= 1
            is_now = self.nth == 0
        if is_now:
            os.kill(os.getpid(), self.how)


class Watched:
    """The real transport, and whoever wants to know before and after each batch."""

    def __init__(
        self, real: Transport, phase: "Phase", passes: Callable[[str], None], capacity: int, claims: str
    ) -> None:
        self.real, self.capacity = real, capacity
        self._phase, self._passes, self._claims = phase, passes, claims

    def send(self, batch: Batch, checkpoint: Checkpoint = unguarded) -> Result:
        """Hand over, passing the points on the way."""
        self._passes("after_claim")
        if self._claims:
            claim = {"began": self._phase.began, "people": [one.address for one in batch.recipients]}
            with Path(self._claims).open("a") as file:
                file.write(json.dumps(claim) + "\n")

        def guarded(facts: Any) -> bool:
            may_go_on = checkpoint(facts)
            if may_go_on:
                self._passes("before_post")
            return may_go_on

        result = self.real.send(batch, guarded)
        self._phase.is_saving = True
        self._passes("after_post")
        return result

    def check(self) -> str:
        """As the real one."""
        return self.real.check()

    def close(self) -> None:
        """As the real one."""
        self.real.close()


class Phase(threading.local):
    """What the running thread is about: claiming, or saving a result; and whether it has written by now."""

    is_saving = False
    has_written = False
    has_saved = False
    began = 0.0


def plant(
    app: Flask, capacity: int, fault: Fault | None, statements: Sequence[str] = (), claims: str = ""
) -> None:
    """Make the worker hand over batches of that many people, and strike it where the fault says.

    `statements` are said to every new connection to the database. In the file `claims` stands whom the worker
    claimed, and when that transaction began, by the clock that all processes of a machine share.
    """
    phase = Phase()
    passes = fault.at if fault is not None else (lambda _point: None)
    watched = Watched(app.extensions["portal_transport"], phase, passes, capacity, claims)
    watched.real.capacity = capacity  # type: ignore[misc]
    app.extensions["portal_transport"] = watched
    with app.app_context():
        engine = db.engine
    if statements:

        @event.listens_for(engine, "connect")
        def _connect(connection: Any, _record: Any) -> None:
            for statement in statements:
                connection.execute(statement)

    @event.listens_for(engine, "begin")
    def _begin(_connection: Any) -> None:
        phase.began = time.monotonic()

    if fault is None:
        return
    if fault.point in IN_THE_STUB:
        _tell_the_stub(app, fault)
        return

    @event.listens_for(engine, "before_cursor_execute")
    def _see(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip()[:6].upper() in ("UPDATE", "INSERT", "DELETE") or "WITH" in statement[:6]:
            phase.has_written = True

    @event.listens_for(engine, "commit")
    def _before(_connection: Any) -> None:
        if phase.has_written:
            passes("before_save_commit" if phase.is_saving else "before_claim_commit")
            phase.has_saved, phase.is_saving = phase.is_saving, False

    @event.listens_for(engine, "checkin")
    def _after(_connection: Any, _record: Any) -> None:
        has_saved, phase.has_saved, phase.has_written = phase.has_saved, False, False
        if has_saved:
            passes("after_save_commit")


def _tell_the_stub(app: Flask, fault: Fault) -> None:
    url = app.extensions["portal"].mail_url.get_secret_value()
    line = http.client.HTTPConnection("127.0.0.1", int(url.rpartition(":")[2]), timeout=10)
    rule = {
        "mode": IN_THE_STUB[fault.point],
        "nth": fault.nth,
        "pid": os.getpid(),
        "signal": int(fault.how),
    }
    line.request("POST", "/control", json.dumps({"rules": [rule]}))
    line.getresponse().read()
    line.close()
