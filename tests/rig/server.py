"""The real application as the processes an operator starts: on a free port, with an outbox of its own."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path

from portal.mail.transports import outbox
from portal.mail.transports.outbox import Letter
from tests.rig import databases, run
from tests.rig.ports import free_port

PATIENCE = 40


@dataclass
class Site:
    """A running portal. `embedded`: web and worker in one process tree; else the two halves apart."""

    database_url: str
    redis_url: str = ""
    embedded: bool = True
    settings: dict[str, str] = field(default_factory=dict)
    folder: Path = field(init=False)
    port: int = field(init=False)
    processes: list[subprocess.Popen[bytes]] = field(init=False, default_factory=list)
    guards: list[int] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        """Choose a port, and a folder for everything the portal writes."""
        self.port = free_port()
        self.folder = run.folder() / f"site-{self.port}"
        self.folder.mkdir()

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """The variables its processes and commands run with."""
        settings = {
            "env": "test",
            "database_url": self.database_url,
            "redis_url": self.redis_url,
            "base_url": self.address,
            "instance_path": str(self.folder),
        } | self.settings
        named = {f"PORTAL_{name.upper()}": value for name, value in settings.items()}
        return databases.clean_environment() | named

    def start(self) -> None:
        """Start the processes and wait until they say they are ready."""
        port = ("--port", str(self.port))
        commands = [("serve", *port)] if self.embedded else [("web", *port), ("worker",)]
        for command in commands:
            with (self.folder / f"{command[0]}.log").open("ab") as log:
                process = subprocess.Popen(
                    [sys.executable, "-m", "portal.cli", *command],
                    env=self.environment,
                    cwd=self.folder,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            self.processes.append(process)
            self.guards.append(run.guard(-process.pid, "KILL"))
        deadline = time.monotonic() + PATIENCE
        while not self.is_ready():
            if any(process.poll() is not None for process in self.processes) or time.monotonic() > deadline:
                said = self.log()
                self.kill()
                raise AssertionError(f"the portal did not get ready:\n{said}")
            time.sleep(0.05)

    def is_ready(self) -> bool:
        """Whether /readyz answers 200."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        with contextlib.closing(connection), contextlib.suppress(OSError):
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        return False

    def stop(self) -> list[int]:
        """Ask all processes to end (SIGTERM), wait, and return their exit codes."""
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        try:
            return [process.wait(PATIENCE) for process in self.processes]
        finally:
            self.kill()

    def kill(self) -> None:
        """End what is left, with its children, at once."""
        while self.guards:
            run.release(self.guards.pop())
        for process in self.processes:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.processes.clear()

    def log(self) -> str:
        """Everything the processes have said."""
        return "\n".join(path.read_text(errors="replace") for path in sorted(self.folder.glob("*.log")))

    def command(self, *arguments: str) -> str:
        """Run a `portal` command beside the running site and return what it printed."""
        outcome = subprocess.run(
            [sys.executable, "-m", "portal.cli", *arguments],
            env=self.environment,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        said = f"{outcome.stdout}\n{outcome.stderr}"
        assert outcome.returncode == 0, (
            f"portal {' '.join(arguments)} ended with {outcome.returncode}:\n{said}"
        )
        return outcome.stdout

    def letters(self, to: str = "", at_least: int = 0, patience: float = 15) -> list[Letter]:
        """Return the mails in the outbox, newest first; waits until there are at least so many."""
        deadline = time.monotonic() + patience
        while True:
            found = [
                letter for letter in outbox.letters(self.folder / "outbox") if to in {"", letter.address}
            ]
            if len(found) >= at_least:
                return found
            if time.monotonic() > deadline:
                said = self.log()[-4000:]
                raise AssertionError(f"{len(found)} of {at_least} letters to {to or 'anybody'} came:\n{said}")
            time.sleep(0.05)

    def clear_letters(self) -> None:
        """Throw the mails in the outbox away."""
        outbox.clear(self.folder / "outbox")


@contextlib.contextmanager
def running(
    database_url: str, *, redis_url: str = "", embedded: bool = True, **settings: str
) -> Iterator[Site]:
    """Give a running portal; it ends cleanly with the block, or the block fails."""
    site = Site(database_url, redis_url, embedded, settings)
    try:
        site.start()
        yield site
        codes = site.stop()
        assert set(codes) == {0}, f"the portal ended with {codes}:\n{site.log()[-4000:]}"
    finally:
        site.kill()
        shutil.rmtree(site.folder, ignore_errors=True)
