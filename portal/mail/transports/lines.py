"""Kept-alive HTTP connections, one a thread, that know whether a request can have been read."""

import http.client
import io
import select
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from threading import Lock, local
from typing import Any

from portal.mail.transports import clean

_LONGEST_IDLE = 10.0
_LONGEST_BODY = 1_000_000


class NotHandedOver(Exception):
    """No connection came about (refused, name, TLS, timeout): not a byte of the request has left."""


class Unclear(Exception):
    """The request, or a part of it, has left, and no whole answer came back."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer. `is_whole` is False when its body was cut off."""

    status: int
    headers: Message
    body: bytes
    is_whole: bool


class Lines:
    """Connections to one server."""

    def __init__(
        self,
        host: str,
        port: int | None,
        *,
        trust: ssl.SSLContext | None,
        connect_seconds: float,
        read_seconds: float,
    ) -> None:
        self._host = host
        self._port = port
        self._trust = trust
        self._connect_seconds = connect_seconds
        self._read_seconds = read_seconds
        self._mine = local()
        self._all: list[http.client.HTTPConnection] = []
        self._lock = Lock()

    def exchange(self, method: str, target: str, headers: Mapping[str, str], body: bytes | None) -> Reply:
        """Send one request and read the whole answer, within the read time in all.

        Raises:
            NotHandedOver: the request certainly did not leave.
            Unclear: it may have been read, but there is no answer to go by.
        """
        line = self._open()
        until = time.monotonic() + self._read_seconds
        broken: OSError | None = None
        try:
            line.request(method, target, body=body, headers=dict(headers))
        except (BrokenPipeError, ConnectionResetError) as error:
            broken = error  # A refusal may still be waiting to be read, for instance 413.
        except (OSError, http.client.HTTPException) as error:
            self._drop(line)
            raise Unclear(_reason(error)) from error
        try:
            return self._answer(line, until, is_request_whole=broken is None)
        except (OSError, http.client.HTTPException) as error:
            self._drop(line)
            raise Unclear(_reason(broken or error)) from error

    def close(self) -> None:
        """End all connections, of all threads."""
        with self._lock:
            lines, self._all = self._all, []
        for line in lines:
            line.close()
        self._mine = local()

    def _answer(self, line: http.client.HTTPConnection, until: float, *, is_request_whole: bool) -> Reply:
        line.response_class = _within(until)
        response = line.getresponse()
        chunks: list[bytes] = []
        is_whole = is_request_whole
        try:
            while chunk := response.read1(65536):
                chunks.append(chunk)
                if sum(map(len, chunks)) > _LONGEST_BODY:
                    is_whole = False
                    break
        except (OSError, http.client.HTTPException):
            is_whole = False
        if response.length:
            is_whole = False
        response.close()
        if not is_whole or response.will_close:
            self._drop(line)
        else:
            self._mine.used_at = time.monotonic()
        return Reply(response.status, response.headers, b"".join(chunks), is_whole)

    def _open(self) -> http.client.HTTPConnection:
        """Return this thread's connection if it is surely alive, else a new one.

        One that idled long, or has something to read already, was or will soon be closed by the server; a
        request written into it would end unclear although nobody read it.
        """
        line: http.client.HTTPConnection | None = getattr(self._mine, "line", None)
        if line is not None and line.sock is not None:
            idle = time.monotonic() - self._mine.used_at
            if idle < _LONGEST_IDLE and not select.select([line.sock], [], [], 0)[0]:
                line.sock.settimeout(self._read_seconds)
                return line
            self._drop(line)
        line = self._connected()
        self._mine.line = line
        self._mine.used_at = time.monotonic()
        with self._lock:
            self._all = [known for known in self._all if known.sock is not None]
            self._all.append(line)
        return line

    def _connected(self) -> http.client.HTTPConnection:
        line: http.client.HTTPConnection
        if self._trust is None:
            line = http.client.HTTPConnection(self._host, self._port, timeout=self._connect_seconds)
        else:
            line = http.client.HTTPSConnection(
                self._host, self._port, timeout=self._connect_seconds, context=self._trust
            )
        try:
            line.connect()
        except OSError as error:
            line.close()
            raise NotHandedOver(_reason(error)) from error
        line.sock.settimeout(self._read_seconds)
        return line

    def _drop(self, line: http.client.HTTPConnection) -> None:
        line.close()
        self._mine.line = None


class _Reader(io.RawIOBase):
    """Reads a socket until a moment, however slowly the bytes drip."""

    def __init__(self, sock: socket.socket, until: float) -> None:
        self._sock = sock
        self._raw: Any = sock.makefile("rb", buffering=0)
        self._until = until

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError("no whole answer in time")
        self._sock.settimeout(left)
        read: int | None = self._raw.readinto(buffer)
        return read

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Source:
    """What http.client wants of a socket when it reads an answer."""

    def __init__(self, sock: socket.socket, until: float) -> None:
        self._sock = sock
        self._until = until

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reader(self._sock, self._until))


def _within(until: float) -> Any:
    def response(sock: socket.socket, *args: Any, **kwargs: Any) -> http.client.HTTPResponse:
        source: Any = _Source(sock, until)
        return http.client.HTTPResponse(source, *args, **kwargs)

    return response


def _reason(error: Exception) -> str:
    kind = type(error).__name__
    said = clean.words(str(error))
    return f"{kind}: {said}" if said else kind
