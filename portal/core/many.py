"""Statements about a thousand rows at a time that cost little besides the rows."""

from typing import Any

import orjson
from sqlalchemy import BigInteger, ColumnElement, Select, String, bindparam, func, select
from sqlalchemy.dialects import postgresql

from portal.core.db import db, is_sqlite, session


def is_among(column: Any) -> ColumnElement[bool]:
    """That a column of numbers is one of many, in a statement whose text does not grow with them; see `among`."""
    if is_sqlite():
        listed = func.json_each(bindparam("among", type_=String)).table_valued("value")
        return column.in_(select(listed.c.value))  # type: ignore[no-any-return]
    return column == func.any(bindparam("among", type_=postgresql.ARRAY(BigInteger)))  # type: ignore[no-any-return]


def among(numbers: list[int]) -> dict[str, Any]:
    """The value for a statement with `is_among`."""
    return {"among": orjson.dumps(numbers).decode() if is_sqlite() else numbers}


class AtOnce:
    """A query whose rows come in one step, so that other threads of this process run meanwhile.

    Python's sqlite3 module gives the interpreter away for every row, and waits to get it back.
    """

    def __init__(self, statement: Select[Any]) -> None:
        self._columns = list(statement.selected_columns)
        inner = statement.subquery()
        self._statement: Select[Any] = (
            select(func.json_group_array(func.json_array(*inner.c))) if is_sqlite() else statement
        )

    def rows(self, values: dict[str, Any]) -> list[tuple[Any, ...]]:
        """The rows for these values of the query's parameters."""
        result = session().connection().execute(self._statement, values)
        if not is_sqlite():
            return [tuple(row) for row in result]
        rows: list[list[Any]] = orjson.loads(result.scalar_one())
        dialect = db.engine.dialect
        for place, column in enumerate(self._columns):
            makes = column.type.dialect_impl(dialect).result_processor(dialect, None)
            if makes is not None:
                for row in rows:
                    row[place] = makes(row[place])
        return [tuple(row) for row in rows]
