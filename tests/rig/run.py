"""What one run of the tests shares between its workers: a folder, and the servers they started together."""

import contextlib
import fcntl
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil

FOLDER = "PORTAL_TEST_RUN"

# Stops a server when the run that started it has been killed and could not.
GUARD = """
( while kill -0 "$1"; do sleep 2; done; kill -s "$3" -- "$2"; sleep 1; rm -rf "$4" ) >/dev/null 2>&1 &
echo $!
"""


def begin() -> None:
    """Open the run; its workers inherit the folder."""
    path = Path(tempfile.mkdtemp(prefix="perennial-tests-"))
    path.chmod(0o755)
    (path / "owner").write_text(str(os.getpid()))
    os.environ[FOLDER] = str(path)


def end() -> None:
    """Stop what was started and remove the folder."""
    path = Path(os.environ.pop(FOLDER))
    for record in path.glob("*.server"):
        server, watch, stop = record.read_text().split()
        release(int(watch))
        _stop(int(server), signal.Signals[f"SIG{stop}"])
    shutil.rmtree(path, ignore_errors=True)


def folder() -> Path:
    """Return the folder of this run."""
    return Path(os.environ[FOLDER])


@contextlib.contextmanager
def alone(name: str) -> Iterator[None]:
    """Keep the other workers out of the same step."""
    with (folder() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def once(name: str, make: Callable[[], Any]) -> Any:
    """Return what `make` gives (plain data); the first worker to ask makes it, the others wait and read."""
    result = folder() / f"{name}.json"
    with alone(name):
        if not result.exists():
            result.write_text(json.dumps(make()))
        return json.loads(result.read_text())


def keep(name: str, pid: int, stop: str) -> None:
    """Remember a server that runs in the background, so that it ends with the run, however that ends."""
    (folder() / f"{name}.server").write_text(f"{pid} {guard(pid, stop)} {stop}")


def guard(target: int, stop: str) -> int:
    """Watch over a process (or, below zero, a group) in case this run is killed; returns the guard's own number."""
    owner = (folder() / "owner").read_text()
    started = subprocess.run(
        ["sh", "-c", GUARD, "guard", owner, str(target), stop, str(folder())],
        check=True,
        capture_output=True,
        text=True,
        start_new_session=True,
    )
    return int(started.stdout)


def release(pid: int) -> None:
    """Send a guard home."""
    _stop(pid, signal.SIGTERM)


def worker() -> str:
    """Return the name of this worker: gw0, gw1 ... or main."""
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


def _stop(pid: int, how: signal.Signals) -> None:
    """End a process and wait until it is gone (a zombie is)."""
    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        process.send_signal(how)
        for _ in range(200):
            if process.status() == psutil.STATUS_ZOMBIE:
                return
            time.sleep(0.02)
