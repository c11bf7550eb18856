"""Mail addresses: one way to read them, one key that tells mailboxes apart."""

from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email


class NotAnAddress(ValueError):
    """What was typed is not an address we could write to; the message says why."""


@dataclass(frozen=True, slots=True)
class Address:
    """An address to write to (`text`, domain in punycode) and the key by which it is unique."""

    text: str
    key: str

    @property
    def domain(self) -> str:
        """The part after the @, in punycode."""
        return self.key.rpartition("@")[2]

    @property
    def mailbox(self) -> str:
        """The key without a +tag: what limits count, so that tags are no way around them."""
        local, _, domain = self.key.rpartition("@")
        return f"{local.partition('+')[0] or local}@{domain}"


def parse(typed: str) -> Address:
    """Read a typed address. The local part is ASCII; the key is lower case throughout.

    Raises:
        NotAnAddress: with words to show beside the field.
    """
    if len(typed) > 320:
        raise NotAnAddress("That is longer than an address can be.")
    try:
        found = validate_email(
            typed.strip(),
            allow_smtputf8=False,
            strict=True,
            check_deliverability=False,
            allow_quoted_local=False,
        )
    except EmailNotValidError as wrong:
        raise NotAnAddress(str(wrong)) from wrong
    text = found.ascii_email
    if not text or len(text) > 254:
        raise NotAnAddress("That is longer than an address can be.")
    return Address(text=text, key=text.lower())
