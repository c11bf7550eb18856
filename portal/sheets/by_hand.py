"""The spreadsheet from the command line, as on the pages: looked through first, and nobody is consented for."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select

from portal.core.db import session, transaction
from portal.core.words import number
from portal.sheets import actions, exporting, files, lists, queries, reading, work
from portal.sheets.columns import Field
from portal.sheets.models import Going, SheetExport, SheetImport, Stage, Verdict
from portal.staff.models import Role, Staff

ORIGIN = "Brought by the operator, from the command line."
REASON = "Taken out by the operator, from the command line."


class Refused(Exception):
    """It cannot be done; the words say why."""


def bring_in(path: Path, *, is_dry_run: bool, is_inviting: bool) -> Iterator[str]:
    """Import a file, or only look through it; says in lines what became of its rows.

    Raises:
        Refused: there is no admin, the file is no table, or its columns do not say enough.
    """
    with transaction() as current, path.open("rb") as stream:
        try:
            sheet = actions.bring(stream, path.name, _operator())
            current.flush()
            chosen = [Field(one) for one in sheet.columns]
            actions.look_through(sheet, chosen, ORIGIN, "", is_inviting, is_adding=not is_dry_run)
        except (reading.Unreadable, actions.NotYet) as wrong:
            raise Refused(str(wrong)) from wrong
        except files.TooLarge:
            raise Refused(f"The file is larger than {reading.MOST_BYTES // 2**20} MB.") from None
    sheet = _until_it_waits(sheet.id)
    if is_dry_run:
        for line, address, decided, why in queries.report(sheet.id, None):
            if why:
                yield f"line {line}: {address or 'no address'}: {decided}: {why}"
    with transaction() as current:
        deed = actions.throw_away if is_dry_run else actions.start
        deed(current.get_one(SheetImport, sheet.id))
    if not is_dry_run:
        sheet = _until_it_waits(sheet.id)
    for verdict in Verdict:
        count = int(sheet.counts.get(verdict.value, 0))
        if count:
            yield f"{number(count):>12}  {verdict.words}"
    yield "Nothing was imported: this was a dry run." if is_dry_run else "Imported."


def take_out(path: Path) -> int:
    """Write everybody with their choices and consents into a file; returns how many people."""
    with transaction():
        export = actions.ask_for_list(
            lists.Asked(words="Everybody, whatever their status"), REASON, True, True, _operator()
        )
    while True:
        exporting.write(export.id)
        with transaction() as current:
            export = current.get_one(SheetExport, export.id)
        if export.stage is not Going.writing:
            break
        time.sleep(0.5)
    shutil.copyfile(files.export(export.public_id), path)
    path.chmod(0o600)
    with transaction() as current:
        actions.end_export(current.get_one(SheetExport, export.id))
    return export.people


def _until_it_waits(import_id: int) -> SheetImport:
    """Work on an import until it waits for a person; another worker may have it already."""
    while True:
        work.work(import_id)
        with transaction() as current:
            sheet = current.get_one(SheetImport, import_id)
        if sheet.stage is Stage.broken:
            raise Refused(sheet.words)
        if not sheet.stage.is_at_work:
            return sheet
        time.sleep(0.5)


def _operator() -> Staff:
    """Whose name stands beside it: the first admin's."""
    found = session().scalar(
        select(Staff).where(Staff.role == Role.admin, Staff.closed_at.is_(None)).order_by(Staff.id).limit(1)
    )
    if found is None:
        raise Refused("There is no admin yet: portal staff invite EMAIL --role admin")
    return found
