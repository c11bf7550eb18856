"""Looks a file through: its rows wait in a table of their own, and nothing of anybody is changed."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import delete, func, select

from portal.core.db import is_sqlite, session, transaction
from portal.core.words import number
from portal.preferences import queries as preferences
from portal.sheets import files, reading, verdicts
from portal.sheets.columns import Field
from portal.sheets.hand import Hand
from portal.sheets.models import SheetImport, SheetRow, Stage
from portal.sheets.values import COLUMNS, Reader

CHUNK = 5_000
_NAMES = ", ".join(COLUMNS)
_INSERT = f"INSERT INTO sheet_rows ({_NAMES}) VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608 - our own names
_COPY = f"COPY sheet_rows ({_NAMES}) FROM STDIN"


def look_through(hand: Hand) -> None:
    """Put every row into the staging table, chunk by chunk, and say what would become of it.

    Raises:
        reading.Unreadable: the file breaks the rules somewhere; none of its rows stays.
    """
    with transaction():
        sheet = hand.hold(Stage.checking)
        staged = _staged(sheet.id)
        reader = Reader(
            [Field(one) for one in sheet.columns],
            preferences.all_interests(with_retired=True),
            preferences.all_places(with_retired=True),
            sheet.source,
        )
    try:
        for rows in _chunks(sheet, reader):
            if rows[-1][1] <= staged:
                continue
            with transaction():
                found = hand.hold(Stage.checking)
                store([row for row in rows if row[1] > staged])
                found.row = rows[-1][1]
    except reading.Unreadable:
        with transaction():
            hand.hold(Stage.checking)
            session().execute(delete(SheetRow).where(SheetRow.import_id == sheet.id))
        raise
    with transaction():
        found = hand.hold(Stage.checking)
        _judge(found, reader)


def store(rows: Sequence[tuple[Any, ...]]) -> None:
    """Put rows into the staging table, as fast as the database takes them."""
    connection = session().connection()
    if is_sqlite():
        connection.exec_driver_sql(_INSERT, list(rows))
        return
    cursor: Any = connection.connection.cursor()
    with cursor, cursor.copy(_COPY) as copy:
        for row in rows:
            copy.write_row(row)


def counted(import_id: int) -> dict[str, int]:
    """How many rows there are of each verdict."""
    rows = session().execute(
        select(SheetRow.verdict, func.count())
        .where(SheetRow.import_id == import_id)
        .group_by(SheetRow.verdict)
    )
    return {verdict.value: count for verdict, count in rows}


def _staged(import_id: int) -> int:
    return session().scalar(select(func.max(SheetRow.number)).where(SheetRow.import_id == import_id)) or 0


def _chunks(sheet: SheetImport, reader: Reader) -> Iterator[list[tuple[Any, ...]]]:
    records = reading.records(files.upload(sheet.public_id), sheet.encoding, sheet.separator)
    if sheet.has_head:
        next(records, None)
    rows = (reader.row(sheet.id, place, record) for place, record in enumerate(records, 1))
    while found := list(islice(rows, CHUNK)):
        if found[-1][1] > reading.MOST_ROWS:
            raise reading.Unreadable(
                f"The file has more than {number(reading.MOST_ROWS)} rows. Please bring it in parts."
            )
        yield found


def _judge(sheet: SheetImport, reader: Reader) -> None:
    """Say what would become of each row; go on by itself where somebody had said so already."""
    sheet.rows, sheet.row = _staged(sheet.id), 0
    if not sheet.rows:
        raise reading.Unreadable("There is no row beneath the head of the table.")
    verdicts.judge(SheetRow.import_id == sheet.id)
    sheet.counts = counted(sheet.id)
    facts = dict(sheet.facts)
    facts["new_interests"], facts["new_places"] = list(reader.new_interests), list(reader.new_places)
    sheet.stage = Stage.importing if facts.pop("go_on", False) else Stage.checked
    sheet.facts = facts
