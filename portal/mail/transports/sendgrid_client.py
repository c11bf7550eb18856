"""The `sendgrid` package's client on connections of our own: kept alive, timed, silent about its content.

See docs/decisions/0010-sendgrid-on-our-own-connections.md.
"""

import logging
import ssl
from email.message import Message
from typing import Any
from urllib.parse import quote

import orjson
import python_http_client
import sendgrid

from portal.mail.transports.lines import Lines, NotHandedOver, Reply, Unclear

__all__ = ["Api", "NotHandedOver", "Reply", "Unclear"]

_JSON = "application/json; charset=utf-8"
"""With any type but the bare one the package leaves the body to us; SendGrid's C# client sends this one."""


class _NoSecrets(logging.Filter):
    """The package writes the key and every recipient to its log at DEBUG; nothing below INFO gets through."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno >= logging.INFO


_no_secrets = _NoSecrets()


def hush() -> None:
    """Hold the package's loggers at INFO, whatever the root logger is set to. Repeating is harmless."""
    for name in ("sendgrid", "python_http_client", "python_http_client.client"):
        logger = logging.getLogger(name)
        logger.setLevel(max(logger.level, logging.INFO))
        logger.addFilter(_no_secrets)


class _Sealed(bytes):
    """A body that does not show itself when the package formats it for its log (it does so at any level)."""

    def __format__(self, _spec: str) -> str:
        return f"({len(self)} bytes)"

    def encode(self, _encoding: str) -> "_Sealed":
        """The package encodes a body before it sends it; this one is ready."""
        return self


class _Answer:
    """A reply in the form of urllib, for the package."""

    def __init__(self, reply: Reply) -> None:
        self._reply = reply

    def getcode(self) -> int:
        return self._reply.status

    def read(self) -> bytes:
        return self._reply.body

    def info(self) -> Message:
        return self._reply.headers


class _Client(python_http_client.Client):
    """The package's client, asking over our lines. It returns every answer, whatever its status."""

    lines: Lines

    def _build_client(self, name: str | None = None) -> "_Client":
        client = _Client(
            host=self.host,
            version=self._version,
            request_headers=self.request_headers,
            url_path=[*self._url_path, name] if name else self._url_path,
        )
        client.lines = self.lines
        return client

    def _make_request(self, _opener: Any, request: Any, timeout: float | None = None) -> _Answer:
        reply = self.lines.exchange(
            request.get_method(), request.selector, dict(request.header_items()), request.data
        )
        if not reply.is_whole and reply.status < 400:
            raise Unclear(f"the answer {reply.status} was cut off")
        return _Answer(reply)


class Api:
    """The calls we make."""

    def __init__(
        self, key: str, url: str, *, trust: ssl.SSLContext | None, connect_seconds: float, read_seconds: float
    ) -> None:
        hush()
        package = sendgrid.SendGridAPIClient(api_key=key, host=url)
        host, _, port = url.partition("://")[2].rpartition(":")
        self._lines = Lines(
            host.strip("[]"),
            int(port),
            trust=trust,
            connect_seconds=connect_seconds,
            read_seconds=read_seconds,
        )
        client = _Client(
            host=package.client.host,
            version=3,
            request_headers={**package.client.request_headers, "Content-Type": _JSON},
        )
        client.lines = self._lines
        package.client = client
        self._send = package.client.mail.send
        self._scopes = package.client.scopes
        self._erasejob = package.client.recipients.erasejob
        self._suppression = package.client.suppression

    def send(self, request: bytes) -> Any:
        """`POST /v3/mail/send`; returns the package's response, with `status_code`, `headers` and `body`.

        Raises:
            NotHandedOver: the request certainly did not leave.
            Unclear: there is no whole answer.
        """
        return self._send.post(request_body=_Sealed(request))

    def scopes(self) -> Any:
        """`GET /v3/scopes`: what the key may do."""
        return self._scopes.get()

    def erase(self, request: bytes) -> Any:
        """`POST /v3/recipients/erasejob`; returns and raises as `send` does."""
        return self._erasejob.post(request_body=_Sealed(request))

    def forgive(self, kind: str, address: str) -> Any:
        """`DELETE /v3/suppression/{kind}/{address}`: take an address off one of the provider's own lists."""
        return self._suppression._(kind)._(quote(address, safe="@")).delete()

    def close(self) -> None:
        """End the connections."""
        self._lines.close()


def serialised(request: dict[str, Any]) -> bytes:
    """Return the request as JSON."""
    return orjson.dumps(request)
