"""What a worker of the proving ground does, in a process of its own: the portal's own jobs, on a real application."""

import resource
import signal
import sys
import time
import traceback
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from portal import jobs
from portal.app import create_app
from portal.core import clock, queue
from portal.core.settings import load
from portal.mail import bulk, hand_over, leases
from portal.mail.transports.choose import transport
from tests.mail.proving.faults import Fault, plant


@dataclass
class Task:
    """One worker's life.

    `job` is "send" (one mailing until nobody is left), "letters", or "stay" (send, hand over letters and sweep by
    turns until SIGTERM). `lease` and `margin` shorten the claim, in seconds; `step` names a file whose number of
    seconds is added to the clock; `room` is how many bytes a file may have that the worker writes to; `claims` names
    a file in which it notes whom it claimed and when.
    """

    settings: dict[str, Any]
    job: str = "send"
    mailing: int = 0
    capacity: int = 10
    senders: int = 1
    seconds: float = 60
    read_seconds: float = 0
    fault: dict[str, Any] | None = None
    lease: float = 0
    margin: float = 0
    step: str = ""
    room: int = 0
    claims: str = ""
    log: str = ""
    statements: list[str] = field(default_factory=list)


def do(task: Task) -> None:
    """Live it."""
    sys.stderr = Path(task.log).open("a")  # noqa: SIM115 - open as long as the process
    if task.step:
        _step(Path(task.step))
    if task.room:
        resource.setrlimit(resource.RLIMIT_FSIZE, (task.room, resource.RLIM_INFINITY))
    if task.lease:
        leases.LEASE, leases.MARGIN = timedelta(seconds=task.lease), timedelta(seconds=task.margin)
    app = create_app(load(env="test", **task.settings))
    app.extensions["portal_queue"] = lambda _name, _ids: None
    if task.read_seconds:
        app.extensions["portal_transport"] = transport(
            task.settings["mail_url"],
            outbox=Path("/nowhere"),
            read_seconds=task.read_seconds,
            is_plain_allowed=True,
        )
    plant(app, task.capacity, Fault(**task.fault) if task.fault else None, task.statements, task.claims)
    with app.app_context():
        match task.job:
            case "send":
                bulk.send_mailing(task.mailing, seconds=task.seconds, senders=task.senders)
            case "letters":
                hand_over.hand_over_letters()
            case "stay":
                _stay(task)
            case other:
                raise ValueError(other)


def _stay(task: Task) -> None:
    """Work as `portal worker` does, with a schedule that is in a hurry; a job that fails does not end the worker."""
    signal.signal(signal.SIGTERM, lambda *_: queue.end())
    until = time.monotonic() + task.seconds
    while not queue.is_ending() and time.monotonic() < until:
        for job, ids in (
            ("mail.sweep", ()),
            ("mail.hand_over_letters", ()),
            ("mail.send_mailing", (task.mailing,)),
        ):
            try:
                jobs.run(job, *ids)
            except Exception:
                traceback.print_exc()
            if queue.is_ending():
                return
        time.sleep(0.05)


def _step(by: Path) -> None:
    """Let the clock be set: ours is asked in one place only."""

    def stepped() -> datetime:
        return datetime.now(UTC) + timedelta(seconds=float(by.read_text() or 0))

    clock.now = stepped
