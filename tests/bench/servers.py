"""Servers to be measured: `portal web`, and a bare application on the same server settings."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from tests.rig import databases, run
from tests.rig.ports import free_port

ROOT = Path(__file__).parents[2]
WORKERS = os.cpu_count() or 1
PATIENCE = 60


@dataclass(frozen=True, slots=True)
class Served:
    """A running server."""

    port: int
    log: Path

    def get(self, path: str) -> str:
        """Return a request for a page, as it goes over the wire."""
        return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nAccept: text/html\r\n\r\n"

    def post(self, path: str, body: str, *headers: str) -> str:
        """Return a request that sends a form."""
        lines = (
            f"POST {path} HTTP/1.1",
            f"Host: 127.0.0.1:{self.port}",
            "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(body)}",
            *headers,
        )
        return "\r\n".join(lines) + "\r\n\r\n" + body


@contextlib.contextmanager
def portal(database_url: str, **settings: str) -> Iterator[Served]:
    """`portal web` with a process a core."""
    port = free_port()
    arguments = ["-m", "portal.cli", "web", "--port", str(port), "--workers", str(WORKERS)]
    with _running(arguments, port, database_url, **settings) as served:
        yield served


@contextlib.contextmanager
def bare(database_url: str) -> Iterator[Served]:
    """The bare application with a process a core."""
    port = free_port()
    with _running(["-m", "tests.bench.bare", str(port), str(WORKERS)], port, database_url) as served:
        yield served


@contextlib.contextmanager
def _running(arguments: list[str], port: int, database_url: str, **settings: str) -> Iterator[Served]:
    folder = run.folder() / f"bench-{port}"
    folder.mkdir()
    settings = {
        "env": "test",
        "database_url": database_url,
        "base_url": f"http://127.0.0.1:{port}",
        "instance_path": str(folder),
    } | settings
    log = folder / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            env=databases.clean_environment()
            | {f"PORTAL_{name.upper()}": one for name, one in settings.items()},
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    guard = run.guard(-process.pid, "KILL")
    served = Served(port, log)
    try:
        _wait(served, process)
        yield served
        process.terminate()
        process.wait(PATIENCE)
    finally:
        run.release(guard)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait(served: Served, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        connection = HTTPConnection("127.0.0.1", served.port, timeout=5)
        with contextlib.closing(connection), contextlib.suppress(OSError):
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        time.sleep(0.1)
    raise AssertionError(served.log.read_text()[-3000:])
