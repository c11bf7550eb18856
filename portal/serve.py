"""Run the portal: the web half, the worker half, or both in one process tree."""

import multiprocessing
import os
import signal
import threading
from pathlib import Path
from typing import Any

import structlog
from gunicorn.app.base import BaseApplication
from huey.consumer import Consumer

from portal.app import create_app
from portal.core import logs, metrics, queue
from portal.core.settings import Settings

GRACE = 30
log = structlog.get_logger("portal.serve")


class _Web(BaseApplication):
    """Gunicorn with our settings; the application is built in each worker process."""

    def __init__(self, settings: Settings, options: dict[str, Any]) -> None:
        self._portal_settings, self._options = settings, options
        super().__init__()

    def load_config(self) -> None:
        """Take our options only: no file, no environment."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Build the application."""
        return create_app(self._portal_settings)


def web(settings: Settings, host: str, port: int, workers: int | None, threads: int) -> None:
    """Serve requests until SIGTERM; requests in flight are finished.

    Without Redis the requester limits count in one process, so one process serves by default.
    """
    if workers is None:
        workers = (os.cpu_count() or 1) if settings.redis_url.get_secret_value() else 1
    logs.configure(settings)
    _Web(settings, options(host, port, workers, threads)).run()


def options(host: str, port: int, workers: int, threads: int) -> dict[str, Any]:
    """How gunicorn serves."""
    return {
        "bind": f"{host}:{port}",
        "workers": workers,
        "threads": threads,
        "worker_class": "gthread",
        "timeout": 60,
        "graceful_timeout": GRACE,
        "keepalive": 5,
        "max_requests": 50_000,
        "max_requests_jitter": 5_000,
        "limit_request_line": 8190,
        "forwarded_allow_ips": "",
        "accesslog": None,
        "errorlog": "-",
        "loglevel": "warning",
        "worker_tmp_dir": "/dev/shm" if Path("/dev/shm").is_dir() else None,  # noqa: S108 - heartbeat file
        "control_socket_disable": True,
        "child_exit": _forget_figures,
    }


def _forget_figures(_server: Any, gone: Any) -> None:
    metrics.forget(gone.pid)


class _Worker(Consumer):
    """Huey's consumer; when it is to end, long jobs hear of it."""

    def stop(self, graceful: bool = False) -> None:
        """Take no more jobs; gracefully, wait for those in flight."""
        queue.end()
        super().stop(graceful=graceful)


def worker(settings: Settings, threads: int, schedule: bool) -> None:
    """Run jobs until SIGTERM; jobs in flight are finished."""
    app = create_app(settings)
    # Polls often, because somebody may be waiting for a sign-in mail.
    consumer = _Worker(
        app.extensions["portal_huey"],
        workers=threads,
        periodic=schedule,
        initial_delay=0.05,
        backoff=1.2,
        max_delay=0.5,
        worker_type="thread",
        check_worker_health=True,
        graceful_signal="TERM",
    )
    log.info("worker is running", threads=threads, schedule=schedule)
    consumer.run()


def both(settings: Settings, host: str, port: int) -> int:
    """Run web and worker as two processes of this one; when one ends, so does the other. Returns the exit code."""
    fork = multiprocessing.get_context("fork")
    halves = [
        fork.Process(target=web, args=(settings, host, port, None, 4), name="web"),
        fork.Process(target=worker, args=(settings, 4, True), name="worker"),
    ]
    for half in halves:
        half.start()
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    while not stopping.is_set() and all(half.is_alive() for half in halves):
        stopping.wait(0.2)
    was_asked = stopping.is_set()
    for half in halves:
        if half.is_alive():
            half.terminate()
    for half in halves:
        half.join(GRACE + 5)
        if half.is_alive():
            half.kill()
    metrics.close()
    return 0 if was_asked else 1
