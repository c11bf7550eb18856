"""The proving ground: real workers in processes of their own, a provider that misbehaves, and what to ask them."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from portal.mail.queries import Balance
from tests.mail.post_room import PostRoom, later
from tests.mail.proving import oracle
from tests.rig import databases, run
from tests.stub.fixtures import Provider
from tests.world import World

ROOT = Path(__file__).parents[3]
PATIENCE = 60.0


class Nursery:
    """The process that workers are forked from."""

    def __init__(self) -> None:
        self.log = run.folder() / f"nursery-{run.worker()}.log"
        with self.log.open("a") as said:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.mail.proving.nursery"],
                cwd=ROOT,
                env=databases.clean_environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=said,
                text=True,
            )
        self._changed = threading.Condition()
        self._born: list[int] = []
        self._gone: dict[int, int] = {}
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def worker(self, **task: Any) -> "Worker":
        """Raise a worker; see `hand.Task` for what it may be told."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(task | {"log": str(self.log)}) + "\n")
        self._process.stdin.flush()
        with self._changed:
            assert self._changed.wait_for(lambda: self._born, PATIENCE), self.log.read_text()[-3000:]
            return Worker(self, self._born.pop())

    def wait(self, pid: int, seconds: float = PATIENCE) -> int:
        """How a worker ended: its exit code, or less than zero for a signal."""
        with self._changed:
            assert self._changed.wait_for(lambda: pid in self._gone, seconds), "the worker did not end"
            code = self._gone[pid]
        if code > 0:
            print(self.log.read_text()[-6000:])
        return code

    def is_gone(self, pid: int) -> bool:
        """Whether a worker has ended."""
        with self._changed:
            return pid in self._gone

    def close(self) -> None:
        """End them all."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(10)
        self._reader.join(10)
        self._process.stdout.close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            told = json.loads(line)
            with self._changed:
                if "born" in told:
                    self._born.append(told["born"])
                else:
                    self._gone[told["gone"]] = told["status"]
                self._changed.notify_all()


class Worker:
    """One worker process."""

    def __init__(self, nursery: Nursery, pid: int) -> None:
        self._nursery, self.pid = nursery, pid

    @property
    def is_gone(self) -> bool:
        """Whether it has ended."""
        return self._nursery.is_gone(self.pid)

    def ended(self, seconds: float = PATIENCE) -> int:
        """Wait until it has ended; its exit code, less than zero for a signal."""
        return self._nursery.wait(self.pid, seconds)

    def signal(self, how: int) -> None:
        """Send it a signal; too late is no mistake."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, how)

    def stop(self) -> int:
        """Ask it to end, as a deploy does; its exit code."""
        self.signal(signal.SIGTERM)
        return self.ended()

    @property
    def is_stopped(self) -> bool:
        """Whether it stands still (SIGSTOP)."""
        stat = Path(f"/proc/{self.pid}/stat").read_text()
        return stat.rpartition(")")[2].split()[0] == "T"


class Ground(PostRoom):
    """The post room, whose workers are processes."""

    def __init__(self, world: World, provider: Provider, nursery: Nursery) -> None:
        super().__init__(world, provider, capacity=10)
        self.nursery = nursery
        self.workers: list[Worker] = []

    def wait_for(self, what: Callable[[], bool], seconds: float = PATIENCE) -> None:
        """Wait until something is so; for long, as other work may have the machine."""
        super().wait_for(what, seconds)

    def worker(self, mailing: int = 0, **task: Any) -> Worker:
        """Raise a worker on the same database and provider."""
        settings = self.world.settings
        task.setdefault("settings", {}).update(
            {
                "database_url": settings.database_url.get_secret_value(),
                "instance_path": str(settings.instance),
                "base_url": settings.base_url,
                "secret_key": settings.secret_key.get_secret_value(),
                "mail_url": self.provider.mail_url,
                "log_level": "error",
            }
        )
        made = self.nursery.worker(mailing=mailing, **task)
        self.workers.append(made)
        return made

    def finish(self, mailing: int) -> None:
        """Let the sweeper find what dead workers left, and a healthy one hand over whoever is still planned."""
        with later(minutes=11):
            self.do("mail.sweep")
        code = self.worker(mailing).ended()
        assert code == 0, self.nursery.log.read_text()[-3000:]
        if self.balance(mailing).planned:
            # Whose turn comes again later.
            with later(minutes=11):
                self.world.app.extensions.pop("portal_mail_desk", None)
                self.send(mailing)

    def check(self, mailing: int, **more: Any) -> oracle.Verdict:
        """Compare the provider's log with the ledger; whatever is wrong is an AssertionError."""
        with self.world.inside():
            return oracle.verdict(mailing, self.provider, **more)

    def end(self) -> None:
        """End what still runs."""
        for worker in self.workers:
            if not worker.is_gone:
                worker.signal(signal.SIGKILL)
                worker.signal(signal.SIGCONT)
                worker.ended()
        self.workers.clear()
        self.way.close()

    @contextlib.contextmanager
    def watched(self, mailing: int, pause: float = 0.01) -> Iterator[list[Balance]]:
        """Look at the balance all the while; it must add up at every instant, and settle nobody back."""
        seen: list[Balance] = []
        is_over = threading.Event()

        def look() -> None:
            while not is_over.wait(pause):
                with contextlib.suppress(*oracle.AWAY):
                    seen.append(self.balance(mailing))

        thread = threading.Thread(target=look)
        thread.start()
        try:
            yield seen
        finally:
            is_over.set()
            thread.join(PATIENCE)
        assert seen
        assert [one for one in seen if not one.adds_up] == []
        assert len({one.intended for one in seen}) == 1
        accepted = [one.accepted for one in seen]
        assert accepted == sorted(accepted), "nobody is taken back from the provider"

    def wait_until_stopped(self, worker: Worker) -> None:
        """Wait until a worker stands still."""
        self.wait_for(lambda: worker.is_stopped or worker.is_gone)
        assert not worker.is_gone

    def repeated(self) -> dict[str, int]:
        """Addresses that the provider took more than once."""
        return {one: count for one, count in Counter(self.provider.addresses()).items() if count > 1}


def seconds_since(began: float) -> float:
    """How long ago that was, on a clock that nobody sets."""
    return time.monotonic() - began


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """One nursery for all tests of a worker."""
    made = Nursery()
    yield made
    made.close()


@pytest.fixture
def ground(world: World, provider: Provider, nursery: Nursery) -> Iterator[Ground]:
    """The proving ground, ten people a batch."""
    before = world.app.extensions["portal_transport"]
    made = Ground(world, provider, nursery)
    yield made
    made.end()
    world.app.extensions["portal_transport"] = before
    world.app.extensions.pop("portal_mail_desk", None)
