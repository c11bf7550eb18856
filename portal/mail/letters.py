"""Letters: one function per letter, in the `mail.py` of its room, found here by its name.

A letter is written when it is handed over, not when it is asked for: the ledger row keeps its name and a few ids,
never a secret, and a page that causes a mail answers as fast as one that does not.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement

from portal.mail.models import Message, Stream
from portal.mail.transports.batch import Attachment


@dataclass(frozen=True, slots=True)
class Letter:
    """What is needed to write a letter: `templates/letters/<template>.*` and its words.

    Empty sender fields mean the house's own sender.
    """

    template: str
    context: Mapping[str, Any]
    to_name: str = ""
    sender_name: str = ""
    reply_to: str = ""
    attachments: tuple[Attachment, ...] = ()
    offers_choices: bool = False
    """Whether a letter that is not marketing carries the link to the member's choices of mail."""


class NotYet(Exception):
    """The letter must wait for one before it; it is planned again and taken up in a while."""


class NotNeeded(Exception):
    """The letter has lost its point (the event is over, the request was withdrawn); it is skipped with this reason."""


Writer = Callable[[Message], Letter]


@dataclass(frozen=True, slots=True)
class Merge:
    """Each member's values for the tags of a mailing.

    `made_of` is SQL over a ledger row (its `member_id`, its `topic`): it is read by the statement that claims the row.
    `values` makes the tags' values of what was read; None stands where there was nothing.
    """

    made_of: Callable[[Any], Sequence[ColumnElement[Any]]]
    values: Callable[..., Mapping[str, str]]


Values = Callable[..., Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A letter's name, its stream, and who writes it. A mailing has `merge` instead: values for many members."""

    name: str
    stream: Stream
    write: Writer | None = None
    merge: Merge | None = None
    words: str = ""
    trigger: str = field(default="")


_kinds: dict[str, Kind] = {}


def letter(name: str, stream: Stream, words: str = "", trigger: str = "") -> Callable[[Writer], Writer]:
    """Register the function that writes the letter `name`; `words` and `trigger` stand in the register of letters."""

    def register(writer: Writer) -> Writer:
        _kinds[name] = Kind(name, stream, write=writer, words=words, trigger=trigger)
        return writer

    return register


def mailing(
    name: str,
    stream: Stream,
    made_of: Callable[[Any], Sequence[ColumnElement[Any]]],
    words: str = "",
    trigger: str = "",
) -> Callable[[Values], Values]:
    """Register the function that makes a member's values for the tags of a mailing's frozen text; see `Merge`."""

    def register(values: Values) -> Values:
        merge = Merge(made_of, values)
        _kinds[name] = Kind(name, stream, merge=merge, words=words, trigger=trigger)
        return values

    return register


def kind(name: str) -> Kind:
    """The letter of that name.

    Raises:
        KeyError: no room has such a letter.
    """
    return _kinds[name]


def register() -> list[Kind]:
    """Every letter the house can write."""
    return sorted(_kinds.values(), key=lambda one: one.name)
