"""What staff do with a spreadsheet: bring it, say what its columns mean, import it, take it back; take a list out."""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import BinaryIO

from sqlalchemy import delete, select, update

from portal.core import clock, queue
from portal.core.db import after_commit, lock, session, transaction
from portal.core.words import clean
from portal.sheets import columns, exporting, files, lists, queries, reading
from portal.sheets.columns import Field
from portal.sheets.models import (
    AT_WORK,
    UNDO_FOR,
    Going,
    SheetChange,
    SheetExport,
    SheetImport,
    SheetRow,
    Stage,
)
from portal.sheets.newcomers import make_interests, make_places
from portal.sheets.work import JOB
from portal.staff import actions as staff
from portal.staff.models import Staff

EXPORT_LIVES = timedelta(days=1)
MOST_EXPORTS_A_DAY = 20


class NotNow(Exception):
    """The import is at another stage by now: somebody else did something, or a day is over."""


class NotYet(Exception):
    """The columns do not say enough; `problems` says what is missing."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


class TooMany(Exception):
    """So many lists a day are taken out by nobody."""


# --- In -----------------------------------------------------------------------------------------


def bring(stream: BinaryIO, file_name: str, by: Staff) -> SheetImport:
    """Keep an uploaded file and look at its beginning.

    Raises:
        reading.Unreadable: it is no table; nothing of it is kept.
        files.TooLarge: it is larger than may be.
    """
    public_id = secrets.token_urlsafe(16)
    size = files.store(stream, public_id, reading.MOST_BYTES)
    try:
        shape = reading.shape(files.upload(public_id))
    except reading.Unreadable:
        files.remove(files.upload(public_id))
        raise
    sheet = SheetImport(
        public_id=public_id,
        made_by=by.id,
        file_name=clean(file_name)[:120] or "Without a name",
        size=size,
        encoding=shape.encoding,
        separator=shape.separator,
        has_head=shape.has_head,
        head=shape.head,
        columns=[one.guess.value for one in columns.guesses(shape.head, shape.samples)],
        stage=Stage.mapping,
        created_at=clock.now(),
    )
    session().add(sheet)
    session().flush()
    staff.record("sheets.brought", f"import:{sheet.id}", "Brought a file to import", {"bytes": size})
    return sheet


def read_anew(sheet: SheetImport, encoding: str, separator: str, has_head: bool) -> None:
    """Read the file's beginning in another way, and guess its columns again.

    Raises:
        NotNow: it is past that.
        reading.Unreadable: it is no table that way.
    """
    _at(sheet, Stage.mapping)
    shape = reading.shape(files.upload(sheet.public_id), encoding, separator, has_head)
    sheet.encoding, sheet.separator, sheet.has_head, sheet.head = encoding, separator, has_head, shape.head
    sheet.columns = [one.guess.value for one in columns.guesses(shape.head, shape.samples)]


def look_through(
    sheet: SheetImport, chosen: Sequence[Field], origin: str, source: str, is_inviting: bool, is_adding: bool
) -> None:
    """Take the columns for that, and let a worker look through every row; nothing of anybody is changed yet.

    Raises:
        NotNow: it is past that.
        NotYet: the columns do not say enough, or one says too much about people.
    """
    _at(sheet, Stage.mapping, Stage.checked)
    problems = columns.problems(sheet.head, chosen)
    if problems:
        raise NotYet(problems)
    session().execute(delete(SheetRow).where(SheetRow.import_id == sheet.id))
    sheet.columns = [one.value for one in chosen]
    sheet.origin, sheet.source, sheet.is_inviting, sheet.is_adding = origin, source, is_inviting, is_adding
    sheet.rows = sheet.row = 0
    sheet.counts, sheet.facts = {}, {}
    _work(sheet, Stage.checking)


def back_to_columns(sheet: SheetImport) -> None:
    """Say anew what the columns mean.

    Raises:
        NotNow: it is past that.
    """
    _at(sheet, Stage.checked)
    session().execute(delete(SheetRow).where(SheetRow.import_id == sheet.id))
    sheet.stage = Stage.mapping


def start(sheet: SheetImport) -> None:
    """Let a worker bring the rows in. What people can follow is added first, if that was chosen.

    Raises:
        NotNow: it is not looked through, or somebody started it already.
    """
    _at(sheet, Stage.checked)
    facts = dict(sheet.facts)
    made_interests = made_places = []
    if sheet.is_adding:
        made_interests = make_interests(facts.get("new_interests", []))
        made_places = make_places(facts.get("new_places", []))
    staff.record(
        "sheets.import", f"import:{sheet.id}", "Started an import", {"rows": sheet.rows, **sheet.counts}
    )
    if made_interests or made_places:
        # The rows are read once more, now that there is something to point at.
        session().execute(delete(SheetRow).where(SheetRow.import_id == sheet.id))
        facts |= {"go_on": True, "made_interests": made_interests, "made_places": made_places}
        sheet.row = 0
        sheet.facts = facts
        _work(sheet, Stage.checking)
        return
    _work(sheet, Stage.importing)


def take_back(sheet: SheetImport) -> None:
    """Undo an import as a whole, also while it runs.

    Raises:
        NotNow: there is nothing to take back, or it is too late.
    """
    session().refresh(sheet, with_for_update=True)
    if not sheet.may_be_undone:
        raise NotNow
    sheet.facts = {**sheet.facts, "undo_of": queries.left_to_undo(sheet.id)}
    staff.record(
        "sheets.undo", f"import:{sheet.id}", "Took an import back", {"people": sheet.facts["undo_of"]}
    )
    _work(sheet, Stage.undoing)


def throw_away(sheet: SheetImport) -> None:
    """Let a file go of which nothing was imported.

    Raises:
        NotNow: something was.
    """
    _at(sheet, Stage.mapping, Stage.checking, Stage.checked)
    session().execute(delete(SheetRow).where(SheetRow.import_id == sheet.id))
    sheet.stage, sheet.ended_at, sheet.worker, sheet.lease_until = Stage.thrown_away, clock.now(), "", None
    after_commit(lambda: files.remove(files.upload(sheet.public_id)))
    staff.record("sheets.thrown-away", f"import:{sheet.id}", "Threw a file away before importing it")


def _at(sheet: SheetImport, *stages: Stage) -> None:
    session().refresh(sheet, with_for_update=True)
    if sheet.stage not in stages:
        raise NotNow


def _work(sheet: SheetImport, stage: Stage) -> None:
    sheet.stage, sheet.worker, sheet.lease_until, sheet.words = stage, "", None, ""
    session().flush()
    queue.ask(JOB, sheet.id)


# --- Out ----------------------------------------------------------------------------------------


def ask_for_list(asked: lists.Asked, reason: str, is_whole: bool, has_mark: bool, by: Staff) -> SheetExport:
    """Let a worker write a list for somebody; who, why and whom it is about is written down.

    Raises:
        TooMany: they took out so many within a day.
    """
    lock(f"exports:{by.id}")
    if queries.exports_since(by.id, timedelta(days=1)) >= MOST_EXPORTS_A_DAY:
        raise TooMany
    moment = clock.now()
    export = SheetExport(
        public_id=secrets.token_urlsafe(16),
        made_by=by.id,
        about=asked.words[:200],
        asked=asked.as_json(),
        reason=reason,
        is_whole=is_whole,
        has_mark=has_mark,
        stage=Going.writing,
        created_at=moment,
        expires_at=moment + EXPORT_LIVES,
    )
    session().add(export)
    session().flush()
    staff.record(
        "sheets.export",
        f"export:{export.id}",
        "Asked for a list of people to take out; the reason stands beside it",
        {"whole": is_whole},
    )
    queue.ask(exporting.JOB, export.id)
    return export


def take(export: SheetExport) -> bool:
    """Note that its maker fetches the file; returns whether it is still there."""
    session().refresh(export, with_for_update=True)
    if not export.is_ready or not files.export(export.public_id).is_file():
        return False
    export.times_taken += 1
    staff.record(
        "sheets.fetched", f"export:{export.id}", "Fetched a list of people", {"people": export.people}
    )
    return True


def end_export(export: SheetExport) -> None:
    """Let the file go before its time."""
    session().refresh(export, with_for_update=True)
    export.stage = Going.over
    after_commit(lambda: files.remove(files.export(export.public_id)))
    staff.record("sheets.export-ended", f"export:{export.id}", "Removed the file of a list")


# --- Clearing up --------------------------------------------------------------------------------


def clear_up() -> int:
    """Remove files and rows whose day is over; returns how many files went."""
    moment = clock.now()
    with transaction():
        session().execute(
            update(SheetExport)
            .where(SheetExport.stage != Going.over, SheetExport.expires_at <= moment)
            .values(stage=Going.over)
        )
        session().execute(
            update(SheetImport)
            .where(
                SheetImport.stage.in_((Stage.mapping, Stage.checked)),
                SheetImport.created_at <= moment - UNDO_FOR,
            )
            .values(stage=Stage.thrown_away, ended_at=moment)
        )
        old = session().scalars(
            select(SheetImport.id).where(
                SheetImport.stage.not_in(AT_WORK), SheetImport.ended_at <= moment - UNDO_FOR
            )
        )
        ids = list(old)
        session().execute(delete(SheetRow).where(SheetRow.import_id.in_(ids)))
        session().execute(
            update(SheetChange)
            .where(SheetChange.import_id.in_(ids), SheetChange.after.is_not(None))
            .values(before=None, after=None)
        )
        needed = set(
            session().scalars(
                select(SheetImport.public_id).where(
                    SheetImport.stage.in_((*AT_WORK, Stage.mapping, Stage.checked))
                )
            )
        )
        ready = set(session().scalars(select(SheetExport.public_id).where(SheetExport.stage != Going.over)))
    kept = {files.upload(one) for one in needed} | {files.export(one) for one in ready}
    stray = [path for path in files.everything() if path not in kept and files.is_settled(path)]
    for path in stray:
        files.remove(path)
    return len(stray)
