"""SMTP servers for the tests: aiosmtpd on a real socket, with answers to order."""

import asyncio
import socket
from collections.abc import Callable
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


class Postbox:
    """An aiosmtpd handler that keeps mails and answers as it is told, by recipient."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, bytes]] = []
        self.sessions = 0
        self.rcpt: dict[str, str] = {}
        self.data: dict[str, str] = {}
        self.sender = ""
        self.hang_up_at_data: set[str] = set()
        self.hang_up_after: int = 0
        self.cuts = 0

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.sessions += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.sender:
            return self.sender
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.rcpt:
            return self.rcpt[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        (address,) = envelope.rcpt_tos
        if address in self.hang_up_at_data:
            self.mails.append((address, envelope.content or b""))
            cut(server)
            return "250 never heard"
        if address in self.data:
            return self.data[address]
        self.mails.append((address, envelope.content or b""))
        if self.hang_up_after and len(self.mails) % self.hang_up_after == 0:
            asyncio.get_running_loop().call_later(0.02, self._cut, server)
        return "250 OK queued"

    def _cut(self, server: SMTP) -> None:
        cut(server)
        self.cuts += 1


def cut(server: Any) -> None:
    """End the connection without a word."""
    if server.transport is not None:
        server.transport.abort()


class Running(Controller):
    """A server on a free port."""

    def __init__(self, handler: Postbox, **options: Any) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        super().__init__(handler, hostname="127.0.0.1", port=port, **options)

    def end(self) -> None:
        """Stop; harmless when it has stopped."""
        if self._thread is not None:
            self.stop()


def only(user: bytes, password: bytes) -> Callable[..., AuthResult]:
    """Return an authenticator that lets one person in."""

    def authenticate(_server: Any, _session: Any, _envelope: Any, _kind: str, given: Any) -> AuthResult:
        return AuthResult(success=given == LoginPassword(user, password), handled=False)

    return authenticate
