"""Makes people's words safe to stand in a header, an address or a body, whoever typed them."""

import re

import idna

_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+")
_BODY_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_NOT_IN_NAMES = re.compile(r'[;,<>"\\]+')
_SPACES = re.compile(r" {2,}")
_LOCAL_PART = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
_DOMAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?")
_ADDRESSES = re.compile(r"[^\s<>\[\]()\"',;:]+@[^\s<>\[\]()\"',;:]+")
_LONGEST_NAME = 100
_LONGEST_WORDS = 300


class BadAddress(ValueError):
    """An address that cannot be written on an envelope."""


def one_line(text: str) -> str:
    """Return the text as one line without control characters, for a subject or a header."""
    if text.isprintable():
        return text
    return _CONTROLS.sub(" ", text).strip()


def subject(text: str) -> str:
    """Return the text as a subject; what looks like an encoded word (RFC 2047) will not be decoded."""
    return one_line(text).replace("=?", "= ?")


def body(text: str) -> str:
    r"""Return the text for a body: line ends as \n, tabs kept, other control characters gone."""
    if text.isprintable():
        return text
    return _BODY_CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def name(text: str) -> str:
    """Return a display name that can stand in any address header.

    `;` and `,` break addresses at SendGrid (mail/send, `name`); brackets and quotes break them elsewhere.
    """
    cleaned = _SPACES.sub(" ", _NOT_IN_NAMES.sub(" ", subject(text))).strip()
    return cleaned[:_LONGEST_NAME].rstrip()


def address(text: str) -> str:
    """Return the address in the ASCII form that goes on the wire; a domain in another script is encoded.

    Raises:
        BadAddress: it is not one address, or its first part is not ASCII.
    """
    local, at, domain = text.rpartition("@")
    if not domain.isascii():
        try:
            domain = idna.encode(domain, uts46=True).decode("ascii")
        except idna.IDNAError as error:
            raise BadAddress("The domain of the address cannot be written.") from error
    if not (at and _LOCAL_PART.fullmatch(local) and _DOMAIN.fullmatch(domain)):
        raise BadAddress("This is not an address that mail can be sent to.")
    return f"{local}@{domain}"


def words(text: str) -> str:
    """Return what a provider said, as one short line without addresses, fit for a page or a log."""
    return _ADDRESSES.sub("(an address)", one_line(text))[:_LONGEST_WORDS]
