"""A real Redis for the tests: one server a run, a numbered database of its own for every worker."""

import shutil
import subprocess
import time
from typing import Any

from redis import Redis
from redis.exceptions import ConnectionError as NotYet

from tests.rig import run
from tests.rig.ports import free_port


def url() -> str:
    """Return the address of this worker's database; the server starts when first asked for."""
    server = run.once("redis", _start)
    number = int(run.worker().removeprefix("gw")) + 1 if run.worker() != "main" else 0
    return f"redis://127.0.0.1:{server['port']}/{number}"


def empty(address: str) -> None:
    """Forget everything in that database."""
    with Redis.from_url(address) as client:
        client.flushdb()


def _start() -> dict[str, Any]:
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    if program is None:
        raise RuntimeError("redis-server was not found: tests/rig/install says what to install")
    port = free_port()
    pidfile = run.folder() / "redis.pid"
    options = {
        "port": port,
        "bind": "127.0.0.1",
        "daemonize": "yes",
        "pidfile": pidfile,
        "dir": run.folder(),
        "logfile": run.folder() / "redis.log",
        "save": "",
        "appendonly": "no",
        "databases": 64,
    }
    command = [part for name, value in options.items() for part in (f"--{name}", str(value))]
    subprocess.run([program, *command], check=True, stdin=subprocess.DEVNULL, capture_output=True)
    with Redis(port=port) as client:
        for _ in range(200):
            try:
                client.ping()
                break
            except NotYet:
                time.sleep(0.02)
        pid = client.info("server")["process_id"]
    run.keep("redis", pid, "TERM")
    return {"port": port}
