"""Mail over SMTP: one connection a thread, used again while it lives, and an answer for each recipient."""

import smtplib
import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock, local
from typing import Literal

from portal.mail.transports import clean
from portal.mail.transports.batch import Batch, Recipient
from portal.mail.transports.compose import Composer, message_id
from portal.mail.transports.patience import Patience
from portal.mail.transports.reach import NotReachable
from portal.mail.transports.result import HELD, Checkpoint, Result, Tally, unguarded
from portal.mail.transports.tags import NoValue

Security = Literal["starttls", "implicit", "none"]

_CLOSING = 421
"""The server says goodbye (RFC 5321, 3.8)."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where to, and how."""

    host: str
    port: int
    security: Security = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    connect_seconds: float = 5.0
    read_seconds: float = 30.0
    trust: ssl.SSLContext | None = field(default=None, repr=False)


class _Shut(Exception):
    """No connection could be had: nothing was handed over."""


class _Lost(Exception):
    """The connection went away before the mail's content was offered."""


class _NotOurs(Exception):
    """The server will not work for us at all: key, sender or security. A person has to look."""


class Smtp:
    """Hands mails to an SMTP server, one transaction per recipient."""

    capacity = 100

    def __init__(self, server: Server) -> None:
        self._server = server
        self._mine = local()
        self._all: list[smtplib.SMTP] = []
        self._lock = Lock()
        self._patience = Patience()

    def __repr__(self) -> str:
        return f"Smtp({self._server.host!r}, {self._server.port}, {self._server.security!r})"

    def check(self) -> str:
        """Connect, sign in and say so in words.

        Raises:
            NotReachable: with the reason.
        """
        try:
            self._line().noop()
        except (_Shut, _NotOurs, smtplib.SMTPException, OSError) as error:
            raise NotReachable(f"The mail server {self._server.host}: {error}") from error
        return f"The mail server {self._server.host}:{self._server.port} answers ({self._server.security})."

    def send(self, batch: Batch, checkpoint: Checkpoint = unguarded) -> Result:
        """Hand the batch over, person by person."""
        tally = Tally(checkpoint)
        if not batch.recipients:
            return tally.result(())
        composer = Composer(batch, datetime.now(UTC))
        try:
            for person in batch.recipients:
                if not tally.may_go_on():
                    return tally.result(batch.recipients, why_not_tried=HELD)
                self._one(batch, person, composer, tally)
        except (NoValue, _NotOurs) as reason:
            tally.pause = str(reason)
            return tally.result(batch.recipients, why_not_tried=str(reason))
        except _Shut as shut:
            tally.wait(self._patience.failed())
            return tally.result(batch.recipients, why_not_tried=str(shut))
        return tally.result(batch.recipients)

    def close(self) -> None:
        """End all connections, of all threads."""
        with self._lock:
            lines, self._all = self._all, []
        for line in lines:
            line.close()
        self._mine = local()

    def _one(self, batch: Batch, person: Recipient, composer: Composer, tally: Tally) -> None:
        try:
            mail = composer.mail(person)
            address = clean.address(person.address)
        except clean.BadAddress as bad:
            tally.refused([person], str(bad))
            return
        try:
            line = self._line()
            is_open = self._envelope(line, batch, person, address, tally)
        except _Lost:
            self._drop()
            try:
                line = self._line()
                is_open = self._envelope(line, batch, person, address, tally)
            except _Lost as lost:
                self._drop()
                raise _Shut(str(lost)) from lost
        if is_open:
            self._content(line, batch, person, mail, tally)

    def _envelope(
        self, line: smtplib.SMTP, batch: Batch, person: Recipient, address: str, tally: Tally
    ) -> bool:
        """Open the transaction; False when the server took the sender but not this recipient, or not now."""
        try:
            code, said = line.mail(clean.address(batch.sender_address))
            if code >= 500:
                raise _NotOurs(f"The mail server refuses our sender: {_words(code, said)}")
            if code < 300:
                code, said = line.rcpt(address)
                if code < 300:
                    return True
            if code == _CLOSING:
                raise _Lost(_words(code, said))
            line.rset()
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            raise _Lost(_reason(error)) from error
        if code >= 500:
            tally.refused([person], _words(code, said))
        else:
            tally.again([person], _words(code, said))
        return False

    def _content(
        self, line: smtplib.SMTP, batch: Batch, person: Recipient, mail: bytes, tally: Tally
    ) -> None:
        """Give the content. From here on a lost connection leaves us not knowing."""
        try:
            code, said = line.data(mail)
        except smtplib.SMTPDataError as error:
            code, said = error.smtp_code, _bytes(error.smtp_error)
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            self._drop()
            tally.unknown([person], f"The connection was lost while giving the mail: {_reason(error)}")
            return
        if code < 300:
            tally.accepted([person], message_id(batch, person))
        elif code >= 500:
            tally.refused([person], _words(code, said))
        else:
            tally.again([person], _words(code, said))
        if code == _CLOSING:
            self._drop()

    def _line(self) -> smtplib.SMTP:
        """Return this thread's connection, or a new one. One that died unseen is found by `_one`."""
        line: smtplib.SMTP | None = getattr(self._mine, "line", None)
        if line is not None and line.sock is not None:
            return line
        line = self._connected()
        self._mine.line = line
        with self._lock:
            self._all = [known for known in self._all if known.sock is not None]
            self._all.append(line)
        self._patience.answered()
        return line

    def _connected(self) -> smtplib.SMTP:
        server = self._server
        trust = server.trust or ssl.create_default_context()
        line: smtplib.SMTP | None = None
        try:
            if server.security == "implicit":
                line = smtplib.SMTP_SSL(
                    server.host, server.port, timeout=server.connect_seconds, context=trust
                )
            else:
                line = smtplib.SMTP(server.host, server.port, timeout=server.connect_seconds)
            line.ehlo_or_helo_if_needed()
            if server.security == "starttls":
                line.starttls(context=trust)
            if server.user:
                line.login(server.user, server.password)
            if line.sock is not None:
                line.sock.settimeout(server.read_seconds)
        except (smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError) as error:
            _end(line)
            if isinstance(error, smtplib.SMTPAuthenticationError) and error.smtp_code < 500:
                raise _Shut(_reason(error)) from error
            raise _NotOurs(f"The mail server does not let us in: {_reason(error)}") from error
        except (smtplib.SMTPException, OSError) as error:
            _end(line)
            raise _Shut(f"The mail server cannot be reached: {_reason(error)}") from error
        return line

    def _drop(self) -> None:
        _end(getattr(self._mine, "line", None))
        self._mine.line = None


def _end(line: smtplib.SMTP | None) -> None:
    if line is not None:
        line.close()


def _words(code: int, said: bytes) -> str:
    return f"{code} {clean.words(said.decode('utf-8', 'replace'))}"


def _bytes(said: bytes | str) -> bytes:
    return said if isinstance(said, bytes) else said.encode("utf-8", "replace")


def _reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _words(error.smtp_code, _bytes(error.smtp_error))
    return clean.words(str(error) or type(error).__name__)
