"""Keyset paging: a page begins after a key, never after a number of rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from portal.core import tokens

Row = TypeVar("Row")
PAGE = 50


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows in their order, and the cursors of the pages before and after (None: there is none)."""

    rows: Sequence[Row]
    older: str | None = None
    newer: str | None = None


def cursor(*key: str | int) -> str:
    """The text of an address that says "go on after this key"."""
    return tokens.sign("page", list(key))


def key(text: str | None) -> list[str | int] | None:
    """The key in a cursor; None when there is none or somebody made it up."""
    value = tokens.read("page", text) if text else None
    return value if isinstance(value, list) else None
