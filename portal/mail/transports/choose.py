"""One address chooses how mail leaves: `outbox:`, `smtp://...`, `sendgrid://...`."""

import ipaddress
import ssl
from pathlib import Path
from typing import Protocol
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from portal.mail.transports.batch import Batch
from portal.mail.transports.outbox import Outbox
from portal.mail.transports.result import Checkpoint, Result, unguarded
from portal.mail.transports.sendgrid import Account, SendGrid
from portal.mail.transports.smtp import Security, Server, Smtp

_SMTP_PORTS: dict[Security, int] = {"starttls": 587, "implicit": 465, "none": 25}


class Transport(Protocol):
    """A way out. Threads may share one; each gets a connection of its own."""

    @property
    def capacity(self) -> int:
        """The most recipients a batch may have."""

    def check(self) -> str:
        """Say in words where mail goes. Raises NotReachable with the reason when it cannot go now."""

    def send(self, batch: Batch, checkpoint: Checkpoint = unguarded) -> Result:
        """Hand the batch over and return a fact for each recipient, within the timeouts.

        The checkpoint is passed right before every request that leaves.
        """

    def close(self) -> None:
        """End connections. The transport may be used again and opens new ones."""


def transport(
    url: str,
    *,
    outbox: Path,
    connect_seconds: float = 5.0,
    read_seconds: float = 30.0,
    is_plain_allowed: bool = False,
) -> Transport:
    """Return the transport that `PORTAL_MAIL_URL` names.

    `is_plain_allowed` is for development and tests: it lets `sendgrid+http` speak to a stub on this machine.

    Raises:
        ValueError: the address names no transport, or an unsafe one; in words, without its secrets.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError("PORTAL_MAIL_URL is not an address that can be read.") from None
    match parts.scheme:
        case "outbox":
            if url != "outbox:":
                raise ValueError("Write just outbox: as PORTAL_MAIL_URL; the folder is another setting.")
            return Outbox(outbox)
        case "smtp":
            return Smtp(_server(parts, port, connect_seconds, read_seconds))
        case "sendgrid" | "sendgrid+http":
            account = _account(parts, port, connect_seconds, read_seconds, is_plain_allowed=is_plain_allowed)
            return SendGrid(account)
    raise ValueError("PORTAL_MAIL_URL must begin with outbox:, smtp:// or sendgrid://.")


def _server(parts: SplitResult, port: int | None, connect_seconds: float, read_seconds: float) -> Server:
    if not parts.hostname:
        raise ValueError("PORTAL_MAIL_URL names no mail server: smtp://user:password@host:587?tls=starttls")
    choices = parse_qs(parts.query)
    security = choices.pop("tls", ["starttls"])[-1]
    authority = choices.pop("ca", [""])[-1]
    if security not in _SMTP_PORTS:
        raise ValueError("tls in PORTAL_MAIL_URL must be starttls, implicit or none.")
    if choices or parts.path.strip("/"):
        raise ValueError("PORTAL_MAIL_URL for SMTP takes nothing but ?tls= and &ca= after the port.")
    if security == "none" and not _is_this_machine(parts.hostname) and parts.password:
        raise ValueError("PORTAL_MAIL_URL would send a password in the clear: use tls=starttls.")
    try:
        trust = ssl.create_default_context(cafile=authority) if authority else None
    except (OSError, ssl.SSLError):
        raise ValueError(f"PORTAL_MAIL_URL: {authority} holds no certificates.") from None
    return Server(
        host=parts.hostname,
        port=port or _SMTP_PORTS[security],
        security=security,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        connect_seconds=connect_seconds,
        read_seconds=read_seconds,
        trust=trust,
    )


def _account(
    parts: SplitResult,
    port: int | None,
    connect_seconds: float,
    read_seconds: float,
    *,
    is_plain_allowed: bool,
) -> Account:
    key, host = unquote(parts.username or ""), parts.hostname
    if not key or not host or parts.password:
        raise ValueError("PORTAL_MAIL_URL for SendGrid is written sendgrid://KEY@api.sendgrid.com")
    if not key.isascii() or not key.isprintable() or " " in key:
        raise ValueError("The SendGrid key in PORTAL_MAIL_URL holds characters that no key has.")
    if parts.query or parts.fragment or parts.path.strip("/"):
        raise ValueError("PORTAL_MAIL_URL for SendGrid takes nothing after the host.")
    name = f"[{host}]" if ":" in host else host
    if parts.scheme == "sendgrid":
        return Account(f"https://{name}:{port or 443}", key, connect_seconds, read_seconds)
    if not is_plain_allowed or not _is_this_machine(host):
        raise ValueError("sendgrid+http is for a stub on this machine, in development and tests only.")
    return Account(f"http://{name}:{port or 80}", key, connect_seconds, read_seconds)


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
