"""Reads one page of an ordered list, forwards or backwards, by the key of the row it goes on from."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, literal, tuple_

from portal.core import paging
from portal.core.db import UtcDateTime, session


def page(
    statement: Select[Any],
    key: Sequence[Any],
    cursor: str | None = None,
    size: int = paging.PAGE,
    *,
    descending: bool = True,
) -> paging.Page[Row[Any]]:
    """Return up to `size` rows of the statement, ordered by `key`, in one statement.

    The key's last column must be unique. A cursor somebody made up means the first page.
    """
    went = _read(cursor, key)
    is_back = went is not None and went[0] == "newer"
    falling = descending != is_back
    named = [column.label(f"key_{number}") for number, column in enumerate(key)]
    statement = statement.add_columns(*named)
    if went is not None:
        here = tuple_(*key)
        there = tuple_(*(literal(value, column.type) for value, column in zip(went[1], key, strict=True)))
        statement = statement.where(here < there if falling else here > there)
    order = [column.desc() if falling else column.asc() for column in key]
    rows = list(session().execute(statement.order_by(*order).limit(size + 1)).all())
    has_more = len(rows) > size
    rows = rows[:size]
    if is_back:
        rows.reverse()
    has_older = has_more if not is_back else True
    has_newer = went is not None if not is_back else has_more
    return paging.Page(
        rows,
        older=_write("older", rows[-1], len(key)) if rows and has_older else None,
        newer=_write("newer", rows[0], len(key)) if rows and has_newer else None,
    )


def _write(way: str, row: Row[Any], columns: int) -> str:
    values = [getattr(row, f"key_{number}") for number in range(columns)]
    return paging.cursor(way, *(one.isoformat() if isinstance(one, datetime) else one for one in values))


def _read(cursor: str | None, key: Sequence[Any]) -> tuple[str, list[Any]] | None:
    """Tell which way to go and from where; None when the cursor is not one of this list."""
    found = paging.key(cursor)
    if not found or len(found) != len(key) + 1 or found[0] not in {"older", "newer"}:
        return None
    values: list[Any] = []
    for value, column in zip(found[1:], key, strict=True):
        if isinstance(column.type, UtcDateTime):
            try:
                value = datetime.fromisoformat(str(value))  # type: ignore[assignment]
            except ValueError:
                return None
        elif column.type.python_type is not type(value):
            return None
        values.append(value)
    return str(found[0]), values
