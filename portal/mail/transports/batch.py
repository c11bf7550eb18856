"""What is handed over in one go: one text for many people, with a few values for each of them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,75}")

RESERVED_HEADERS = frozenset(
    {
        "bcc",
        "cc",
        "content-transfer-encoding",
        "content-type",
        "date",
        "dkim-signature",
        "from",
        "message-id",
        "mime-version",
        "received",
        "reply-to",
        "subject",
        "to",
        "x-sg-eid",
        "x-sg-id",
    }
)
"""Headers a transport writes itself, or that SendGrid refuses (OpenAPI of mail/send, `headers`)."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with the mail, for instance `text/calendar; method=REQUEST`."""

    filename: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Recipient:
    """One person of a batch, and what is theirs alone.

    `message` is the opaque public id of the ledger row. `values` fill tags in the subject and the text part,
    `html_values` the same tags, already escaped, in the HTML part.
    """

    message: str
    address: str
    name: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    html_values: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Batch:
    """One request's worth: one mailing or letter, one variant, one stream.

    `subject`, `text` and `html` may hold tags written `%%name%%`; nothing else is ever replaced.

    Raises:
        ValueError: two recipients share a ledger id, or a header is one that only the transport may write.
    """

    sender_name: str
    sender_address: str
    reply_to: str
    reply_to_name: str
    subject: str
    text: str
    html: str
    recipients: tuple[Recipient, ...]
    stream: str
    mailing: str = ""
    attachments: tuple[Attachment, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def has_tags(self) -> bool:
        """False when nobody brings a value: then whatever looks like a tag is somebody's words, and stays."""
        return any(person.values or person.html_values for person in self.recipients)

    def __post_init__(self) -> None:
        if len({person.message for person in self.recipients}) != len(self.recipients):
            raise ValueError("Two recipients of one batch share a ledger id.")
        names = {name for person in self.recipients for name in person.headers} | set(self.headers)
        for name in names:
            if name.lower() in RESERVED_HEADERS or not _HEADER_NAME.fullmatch(name):
                raise ValueError(f"The header {name!r} cannot be set on a batch.")
