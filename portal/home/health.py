"""Alive, ready, and figures: for the machines that look after us."""

from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue

from portal.core import health, metrics

room = Blueprint("health", __name__)


@room.get("/healthz")
def alive() -> ResponseReturnValue:
    """Answer as long as this process runs."""
    return jsonify(status="alive")


@room.get("/readyz")
def ready() -> ResponseReturnValue:
    """Say whether the database, its schema and the job engine are there."""
    problems = health.problems(current_app)
    return jsonify(status="not ready" if problems else "ready", problems=problems), 503 if problems else 200


@room.get("/metrics")
def figures() -> ResponseReturnValue:
    """Figures for Prometheus."""
    return metrics.exposition()
