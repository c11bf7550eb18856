"""Writes a batch as the JSON of `POST /v3/mail/send`."""

import base64
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from email.header import Header
from typing import Any

from portal.mail.transports import clean, tags
from portal.mail.transports.batch import Attachment, Batch, Recipient

MOST_RECIPIENTS = 1000
MOST_BYTES = 29_000_000
"""The provider's limit is 30 MB for the whole request."""

_MOST_SUBSTITUTION_BYTES = 10_000

Personal = dict[str, Any]


class Unfit(ValueError):
    """What is to be sent to this person would make the provider refuse the whole request."""


class Form:
    """One batch, ready to be written for any of its people.

    The tags go out under names that hold a random word of this batch, so that no value, which is older than
    the word, can contain one: the provider replaces raw text and might otherwise cascade.
    """

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        word = secrets.token_hex(4)
        subject, text, html = map(self._names, (batch.subject, batch.text, batch.html))
        self._subject = {name: f"%%{name}.subject.{word}%%" for name in subject}
        self._text = {name: f"%%{name}.{word}%%" for name in text}
        self._html = {name: f"%%{name}.html.{word}%%" for name in html}
        self._common = self._message_wide()

    def request(self, personal: Sequence[Personal]) -> dict[str, Any]:
        """Return the request for these personalizations."""
        return {"personalizations": list(personal), **self._common}

    def personal(self, person: Recipient) -> Personal:
        """Return the person's personalization.

        Raises:
            NoValue: a tag has no value for them.
            BadAddress: their address cannot be written.
            Unfit: their values are too long.
        """
        to = {"email": clean.address(person.address)}
        if name := clean.name(person.name):
            to["name"] = name
        personal: Personal = {"to": [to], "custom_args": {"message": person.message}}
        if self._batch.mailing:
            personal["custom_args"]["mailing"] = self._batch.mailing
        if person.headers:
            personal["headers"] = headers(person.headers)
        values = {
            **_values(self._subject, person.values, clean.subject),
            **_values(self._text, person.values, clean.body),
            **_values(self._html, person.html_values, clean.body),
        }
        if values:
            _measure(values)
            personal["substitutions"] = values
        return personal

    def _names(self, text: str) -> frozenset[str]:
        return tags.names(text) if self._batch.has_tags else frozenset()

    def _message_wide(self) -> dict[str, Any]:
        batch = self._batch
        common: dict[str, Any] = {
            "from": _mailbox(batch.sender_name, batch.sender_address),
            "subject": tags.renamed(clean.subject(batch.subject), self._subject),
            "content": [
                {"type": "text/plain", "value": tags.renamed(clean.body(batch.text), self._text)},
                {"type": "text/html", "value": tags.renamed(clean.body(batch.html), self._html)},
            ],
            "categories": [batch.stream],
            "tracking_settings": {
                "click_tracking": {"enable": False, "enable_text": False},
                "open_tracking": {"enable": False},
                "subscription_tracking": {"enable": False},
            },
        }
        if batch.reply_to:
            common["reply_to"] = _mailbox(batch.reply_to_name, batch.reply_to)
        if batch.headers:
            common["headers"] = headers(batch.headers)
        if batch.attachments:
            common["attachments"] = [_attachment(attachment) for attachment in batch.attachments]
        return common


def once_each(people: Sequence[tuple[Recipient, Personal]]) -> Iterator[list[tuple[Recipient, Personal]]]:
    """Return the people in groups of a request's size, in none of which an address stands twice.

    SendGrid refuses a whole request for one repeated address, in any letter case.
    """
    rest = list(people)
    while rest:
        seen: set[str] = set()
        group: list[tuple[Recipient, Personal]] = []
        later: list[tuple[Recipient, Personal]] = []
        for pair in rest:
            address = pair[1]["to"][0]["email"].lower()
            if address in seen or len(group) == MOST_RECIPIENTS:
                later.append(pair)
            else:
                seen.add(address)
                group.append(pair)
        yield group
        rest = later


def headers(given: Mapping[str, str]) -> dict[str, str]:
    """Return headers as the provider takes them: one line each, ASCII."""
    return {name: _ascii(clean.one_line(value)) for name, value in given.items()}


def _ascii(value: str) -> str:
    return value if value.isascii() else Header(value, "utf-8", maxlinelen=10_000).encode(linesep="")


def _values(
    written: Mapping[str, str], values: Mapping[str, str], cleaned: Callable[[str], str]
) -> dict[str, str]:
    try:
        return {tag: cleaned(values[name]) for name, tag in written.items()}
    except KeyError as missing:
        raise tags.NoValue(str(missing.args[0])) from None


def _measure(values: Mapping[str, str]) -> None:
    if sum(map(len, values)) + sum(map(len, values.values())) <= _MOST_SUBSTITUTION_BYTES // 4:
        return
    size = sum(len(tag.encode()) + len(value.encode()) for tag, value in values.items())
    if size > _MOST_SUBSTITUTION_BYTES:
        raise Unfit(f"The personal parts of this mail are {size:,} bytes long; 10,000 is the most.")


def _mailbox(name: str, address: str) -> dict[str, str]:
    mailbox = {"email": clean.address(address)}
    if cleaned := clean.name(name):
        mailbox["name"] = cleaned
    return mailbox


def _attachment(attachment: Attachment) -> dict[str, str]:
    """The type goes without its parameters: a `;` in it is refused (sendgrid-php issue 250)."""
    return {
        "content": base64.b64encode(attachment.content).decode("ascii"),
        "type": clean.one_line(attachment.content_type).partition(";")[0].strip(),
        "filename": clean.one_line(attachment.filename),
        "disposition": "attachment",
    }
