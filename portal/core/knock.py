"""Who is asking us for a mail: enough to limit and to bind, and nothing about the person."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Knock:
    """A request for a mail with a link and a code.

    `requester` is a network, `browser` the digest of a cookie. `is_known_browser`: the owner of the mailbox was
    signed in there before, so what others asked for does not hold them up.
    """

    requester: str
    browser: str
    is_known_browser: bool = False
