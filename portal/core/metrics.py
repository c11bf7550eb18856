"""Figures for Prometheus, summed over all processes that were started together."""

import os
import shutil
import tempfile
import time
from pathlib import Path

from flask import Flask, Response, g, request

# The library decides on import whether it sums over processes; children inherit the folder, and only the process
# that chose it removes it.
_IS_OURS = "PROMETHEUS_MULTIPROC_DIR" not in os.environ
FOLDER = Path(
    os.environ.setdefault(
        "PROMETHEUS_MULTIPROC_DIR", str(Path(tempfile.gettempdir()) / f"portal-metrics-{os.getpid()}")
    )
)

from prometheus_client import (  # noqa: E402
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    multiprocess,
)

REQUESTS = Counter("portal_requests_total", "Requests answered", ["endpoint", "method", "status"])
SECONDS = Histogram(
    "portal_request_seconds", "Seconds to answer", ["endpoint"], buckets=(0.005, 0.02, 0.05, 0.1, 0.3, 1, 3)
)
HANDED_OVER = Counter("portal_messages_total", "Messages that left the planned state", ["stream", "state"])
PROVIDER_EVENTS = Counter("portal_provider_events_total", "Events of the mail provider", ["outcome"])
JOBS = Counter("portal_jobs_total", "Jobs that ended", ["job", "outcome"])


def init_app(app: Flask) -> None:
    """Count each request by its endpoint."""
    FOLDER.mkdir(parents=True, exist_ok=True)

    @app.after_request
    def _count(response: Response) -> Response:
        endpoint = request.endpoint or "none"
        REQUESTS.labels(endpoint, request.method, response.status_code).inc()
        SECONDS.labels(endpoint).observe(time.perf_counter() - g.get("request_began", time.perf_counter()))
        return response


def exposition() -> Response:
    """The figures in Prometheus' text format."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return Response(generate_latest(registry), mimetype=CONTENT_TYPE_LATEST)


def forget(pid: int) -> None:
    """A process has ended: its gauges no longer count."""
    multiprocess.mark_process_dead(pid)  # type: ignore[no-untyped-call]


def close() -> None:
    """Remove the figures; the whole process tree is ending."""
    if _IS_OURS:
        shutil.rmtree(FOLDER, ignore_errors=True)
