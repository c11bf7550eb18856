"""Logs: one JSON object a line, with the request's id and without personal data."""

import logging
import sys
import time
import uuid

import structlog
from flask import Flask, Response, g, request
from structlog.tracebacks import ExceptionDictTransformer

from portal.core.settings import Settings

_LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}
log = structlog.get_logger("portal.request")


def configure(settings: Settings) -> None:
    """Send everything to standard error, the libraries' loggers included."""
    level = _LEVELS[settings.log_level]
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        # Without the values of local variables: they hold what people typed, and our keys.
        structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # These would write keys, addresses or the values of statements.
    for name in ("sendgrid", "python_http_client", "urllib3", "PIL", "markdown_it"):
        logging.getLogger(name).setLevel(max(level, logging.INFO))
    for name in ("alembic", "huey", "sqlalchemy", "sqlalchemy.engine", "werkzeug"):
        logging.getLogger(name).setLevel(logging.WARNING)


def init_app(app: Flask) -> None:
    """Give each request an id, and write one line when it is answered: the rule, never the address."""

    @app.before_request
    def _begin() -> None:
        g.request_id = uuid.uuid4().hex
        g.request_began = time.perf_counter()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)

    @app.after_request
    def _end(response: Response) -> Response:
        response.headers["X-Request-Id"] = g.get("request_id", "")
        log.info(
            "answered",
            method=request.method,
            rule=request.url_rule.rule if request.url_rule else None,
            status=response.status_code,
            ms=round(
                (time.perf_counter() - g.get("request_began", time.perf_counter())) * 1000,
                1,
            ),
        )
        return response

    @app.teardown_request
    def _forget(_error: BaseException | None) -> None:
        structlog.contextvars.unbind_contextvars("request_id")
