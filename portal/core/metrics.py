"""Figures for Prometheus, summed over all processes of this box."""

import os
import time

from flask import Flask, Response, g, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    multiprocess,
)

REQUESTS = Counter(
    "portal_requests_total", "Requests answered", ["endpoint", "method", "status"]
)
SECONDS = Histogram(
    "portal_request_seconds",
    "Seconds to answer",
    ["endpoint"],
    buckets=(0.005, 0.02, 0.05, 0.1, 0.3, 1, 3),
)
HANDED_OVER = Counter(
    "portal_messages_total",
    "Messages that left the ledger's planned state",
    ["stream", "state"],
)
JOBS = Counter("portal_jobs_total", "Jobs that ended", ["job", "outcome"])


def init_app(app: Flask) -> None:
    """Count each request by its endpoint."""

    @app.after_request
    def _count(response: Response) -> Response:
        endpoint = request.endpoint or "none"
        REQUESTS.labels(endpoint, request.method, response.status_code).inc()
        SECONDS.labels(endpoint).observe(
            time.perf_counter() - g.get("request_began", time.perf_counter())
        )
        return response


def exposition() -> Response:
    """The figures in Prometheus' text format."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)
        return Response(generate_latest(registry), mimetype=CONTENT_TYPE_LATEST)
    return Response(generate_latest(), mimetype=CONTENT_TYPE_LATEST)
