"""The body of SendGrid's `POST /v3/mail/send` as a strict model.

Written from the provider's OpenAPI document (2026-01-22) and its page of mail/send errors. Unknown
properties, wrong types and broken limits are refused, and the refusal names the field the way SendGrid does.
"""

import base64
import re
from collections.abc import Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

MOST_BYTES = 30_000_000
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_HEADER_NAME = re.compile(r"[!-9;-~]+")
_RESERVED = frozenset(
    {
        *("x-sg-id", "x-sg-eid", "received", "dkim-signature", "content-type", "content-transfer-encoding"),
        *("to", "from", "subject", "reply-to", "cc", "bcc"),
    }
)

Header = dict[str, str]


class Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")


class Mailbox(Strict):
    email: str
    name: str | None = None

    @field_validator("email")
    @classmethod
    def _is_an_address(cls, email: str) -> str:
        if not _ADDRESS.fullmatch(email) or ".." in email:
            raise ValueError("Does not contain a valid address.")
        return email

    @field_validator("name")
    @classmethod
    def _breaks_no_address(cls, name: str | None) -> str | None:
        if name is not None and (";" in name or "," in name or _CONTROL.search(name)):
            raise ValueError("The name cannot contain ';', ',' or control characters.")
        return name


class Personalization(Strict):
    to: Annotated[list[Mailbox], Field(min_length=1, max_length=1000)]
    cc: Annotated[list[Mailbox], Field(max_length=1000)] = []
    bcc: Annotated[list[Mailbox], Field(max_length=1000)] = []
    subject: Annotated[str, Field(min_length=1)] | None = None
    headers: Header = {}
    substitutions: Annotated[dict[str, str], Field(max_length=10_000)] = {}
    custom_args: dict[str, str] = {}
    send_at: int | None = None

    @property
    def everybody(self) -> list[Mailbox]:
        return [*self.to, *self.cc, *self.bcc]

    @field_validator("headers")
    @classmethod
    def _may_be_set(cls, headers: Header) -> Header:
        return _checked(headers)

    @field_validator("substitutions")
    @classmethod
    def _is_short(cls, substitutions: dict[str, str]) -> dict[str, str]:
        if _size(substitutions) > 10_000:
            raise ValueError("The substitutions may not exceed 10000 bytes.")
        return substitutions

    @field_validator("custom_args")
    @classmethod
    def _is_short_and_impersonal(cls, custom_args: dict[str, str]) -> dict[str, str]:
        if _size(custom_args) > 10_000:
            raise ValueError("The custom_args may not exceed 10000 bytes.")
        return custom_args


class Content(Strict):
    type: Annotated[str, Field(min_length=1)]
    value: Annotated[str, Field(min_length=1)]

    @field_validator("type")
    @classmethod
    def _is_bare(cls, kind: str) -> str:
        return _bare(kind)


class Attachment(Strict):
    content: Annotated[str, Field(min_length=1)]
    filename: str
    type: Annotated[str, Field(min_length=1)] | None = None
    disposition: Literal["inline", "attachment"] = "attachment"
    content_id: str | None = None

    @field_validator("content")
    @classmethod
    def _is_base64(cls, content: str) -> str:
        base64.b64decode(content, validate=True)
        return content

    @field_validator("type")
    @classmethod
    def _is_bare(cls, kind: str | None) -> str | None:
        return kind if kind is None else _bare(kind)


class Switch(Strict):
    enable: bool


class ClickTracking(Switch):
    enable_text: bool = False


class OpenTracking(Switch):
    substitution_tag: str | None = None


class SubscriptionTracking(Switch):
    text: str | None = None
    html: str | None = None
    substitution_tag: str | None = None


class TrackingSettings(Strict):
    click_tracking: ClickTracking | None = None
    open_tracking: OpenTracking | None = None
    subscription_tracking: SubscriptionTracking | None = None


class MailSettings(Strict):
    sandbox_mode: Switch | None = None


class Asm(Strict):
    group_id: int
    groups_to_display: Annotated[list[int], Field(max_length=25)] = []


class MailSend(Strict):
    """One request."""

    personalizations: Annotated[list[Personalization], Field(min_length=1, max_length=1000)]
    from_: Annotated[Mailbox, Field(alias="from")]
    reply_to: Mailbox | None = None
    subject: Annotated[str, Field(min_length=1)]
    content: Annotated[list[Content], Field(min_length=1)]
    attachments: list[Attachment] = []
    headers: Header = {}
    categories: Annotated[list[Annotated[str, Field(max_length=255)]], Field(max_length=10)] = []
    send_at: int | None = None
    batch_id: str | None = None
    asm: Asm | None = None
    mail_settings: MailSettings | None = None
    tracking_settings: TrackingSettings | None = None

    @field_validator("subject")
    @classmethod
    def _is_one_line(cls, subject: str) -> str:
        if _CONTROL.search(subject):
            raise ValueError("The subject cannot contain control characters.")
        return subject

    @field_validator("headers")
    @classmethod
    def _may_be_set(cls, headers: Header) -> Header:
        return _checked(headers)

    @field_validator("categories")
    @classmethod
    def _are_distinct(cls, categories: list[str]) -> list[str]:
        if len(set(categories)) != len(categories):
            raise ValueError("The categories must be unique.")
        return categories

    @field_validator("content")
    @classmethod
    def _begins_plain(cls, content: list[Content]) -> list[Content]:
        kinds = [part.type for part in content]
        if "text/plain" in kinds and kinds[0] != "text/plain":
            raise ValueError("If present, text/plain must be first, followed by text/html.")
        return content

    @model_validator(mode="after")
    def _stays_within_limits(self) -> Self:
        everybody = [mailbox.email.lower() for one in self.personalizations for mailbox in one.everybody]
        if len(everybody) > 1000:
            raise ValueError("There is a limit of 1000 total recipients (to + cc + bcc) per request.")
        if len(set(everybody)) != len(everybody):
            raise ValueError(
                "Each unique email address in the personalizations array should only be included once."
            )
        return self


def errors_of(problem: ValidationError) -> list[dict[str, Any]]:
    """Return the first error in SendGrid's form, as it usually gives only one."""
    first = problem.errors(include_url=False)[0]
    field = ".".join(str(part) for part in first["loc"])
    words = first["msg"].removeprefix("Value error, ")
    place = field.split(".")[0] or "null"
    link = f"http://sendgrid.com/docs/API_Reference/Web_API_v3/Mail/errors.html#message.{place}"
    return [{"message": words, "field": field or None, "help": link}]


def _checked(headers: Header) -> Header:
    for name, value in headers.items():
        if name.lower() in _RESERVED:
            raise ValueError(f"You may not override the header {name}.")
        if not _HEADER_NAME.fullmatch(name) or not value.isascii() or _CONTROL.search(value):
            raise ValueError("A header must be one line of ASCII.")
    return headers


def _bare(kind: str) -> str:
    if ";" in kind or "\r" in kind or "\n" in kind:
        raise ValueError("The type cannot contain ';', or CRLF characters.")
    return kind


def _size(values: dict[str, str]) -> int:
    return sum(len(key.encode()) + len(value.encode()) for key, value in values.items())


__all__: Sequence[str] = ["MOST_BYTES", "MailSend", "errors_of"]
