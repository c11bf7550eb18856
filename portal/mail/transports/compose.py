"""Writes complete mails (RFC 5322): the fixed parts once a batch, the personal ones once a person."""

import binascii
import re
from collections.abc import Mapping
from datetime import datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr

from portal.mail.transports import clean, tags
from portal.mail.transports.batch import Attachment, Batch, Recipient

_TEXT_MARK = "textpartgoeshere"
_HTML_MARK = "htmlpartgoeshere"
_SOFT_BREAK = b"=\r\n"
_PARAMETER = re.compile(r';\s*([a-z-]+)\s*=\s*"?([^";\s]+)"?', re.IGNORECASE)
_LINE = 76
_LONGEST_WORD = 900
"""Addresses of pages are not folded; 998 is the longest line there may be (RFC 5322, 2.1.1)."""


def message_id(batch: Batch, person: Recipient) -> str:
    """Return the Message-ID of the person's mail: the ledger's id at the sender's domain."""
    return f"<{person.message}@{clean.address(batch.sender_address).rpartition('@')[2]}>"


def header(name: str, value: str) -> bytes:
    """Return one header line, folded and encoded where needed; a control character cannot end it early."""
    value = clean.one_line(value)
    longest = max(map(len, value.split(" ")))
    if value.isascii() and "=?" not in value and longest < _LONGEST_WORD:
        if len(name) + 2 + len(value) <= _LINE or longest == len(value):
            return f"{name}: {value}\r\n".encode("ascii")
        encoded = Header(value, "us-ascii", maxlinelen=_LINE, header_name=name)
    else:
        encoded = Header(value, "utf-8", maxlinelen=_LINE, header_name=name)
    folded = encoded.encode(linesep="\r\n")
    return f"{name}: {folded}\r\n".encode("ascii")


def mailbox(kind: str, name: str, address: str) -> bytes:
    """Return a From, To or Reply-To line: a name in any script, and one address."""
    name, address = clean.name(name), clean.address(address)
    if name.isascii():
        return f"{kind}: {formataddr((name, address))}\r\n".encode("ascii")
    encoded = Header(name, "utf-8", maxlinelen=_LINE, header_name=kind).encode(linesep="\r\n")
    return f"{kind}: {encoded}\r\n <{address}>\r\n".encode("ascii")


def quoted(text: str) -> bytes:
    r"""Return text in quoted-printable (RFC 2045), no line longer than 76, line ends \r\n."""
    lines = clean.body(text).encode("utf-8", "replace")
    return binascii.b2a_qp(lines, istext=True).replace(b"\n", b"\r\n")


class Composer:
    """Writes the mails of one batch."""

    def __init__(self, batch: Batch, now: datetime) -> None:
        self._batch = batch
        self._before, text_to_html, self._after = self._skeleton()
        self._between = text_to_html
        self._text = self._parts(batch.text)
        self._html = self._parts(batch.html)
        self._subject = clean.subject(batch.subject)
        self._fixed = b"".join(
            [
                mailbox("From", batch.sender_name, batch.sender_address),
                mailbox("Reply-To", batch.reply_to_name, batch.reply_to) if batch.reply_to else b"",
                header("Date", format_datetime(now)),
                *(header(name, value) for name, value in batch.headers.items()),
            ]
        )

    def mail(self, person: Recipient) -> bytes:
        """Return the person's complete mail.

        Raises:
            NoValue: a tag of the subject or a part has no value for them.
            BadAddress: their address cannot be written on an envelope.
        """
        return b"".join(
            [
                self._fixed,
                mailbox("To", person.name, person.address),
                header("Subject", self._subject_for(person)),
                header("Message-ID", message_id(self._batch, person)),
                *(header(name, value) for name, value in person.headers.items()),
                self._before,
                self._filled(self._text, person.values),
                self._between,
                self._filled(self._html, person.html_values),
                self._after,
            ]
        )

    def _subject_for(self, person: Recipient) -> str:
        return tags.fill(self._subject, person.values) if self._batch.has_tags else self._subject

    def _skeleton(self) -> tuple[bytes, bytes, bytes]:
        mail = EmailMessage(policy=SMTP)
        mail.set_content(_TEXT_MARK, cte="quoted-printable")
        mail.add_alternative(_HTML_MARK, subtype="html", cte="quoted-printable")
        for attachment in self._batch.attachments:
            _attach(mail, attachment)
        before, rest = mail.as_bytes().split(_TEXT_MARK.encode("ascii"), 1)
        between, after = rest.split(_HTML_MARK.encode("ascii"), 1)
        return before, between, after

    def _parts(self, text: str) -> list[bytes | str]:
        """Return literals in quoted-printable and tag names, by turns."""
        if not self._batch.has_tags:
            return [quoted(text)]
        return [piece if at % 2 else quoted(piece) for at, piece in enumerate(tags.pieces(text))]

    @staticmethod
    def _filled(parts: list[bytes | str], values: Mapping[str, str]) -> bytes:
        """Join literals and values; a soft line break on both sides of a value keeps every line short."""
        whole = bytearray()
        for part in parts:
            if isinstance(part, bytes):
                whole += part
                continue
            try:
                value = values[part]
            except KeyError:
                raise tags.NoValue(part) from None
            whole += _SOFT_BREAK + quoted(value) + _SOFT_BREAK
        return bytes(whole)


def _attach(mail: EmailMessage, attachment: Attachment) -> None:
    kind = clean.one_line(attachment.content_type)
    main, _, sub = kind.partition(";")[0].strip().lower().partition("/")
    mail.add_attachment(
        attachment.content,
        maintype=main or "application",
        subtype=sub or "octet-stream",
        filename=clean.one_line(attachment.filename),
        params={key.lower(): value for key, value in _PARAMETER.findall(kind)},
    )
