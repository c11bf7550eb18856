"""What this room keeps about a member: which spreadsheets brought something about them."""

from sqlalchemy import delete, or_, select, update

from portal.core import clock, db
from portal.core.db import session
from portal.members import queries as members
from portal.members import traces
from portal.members.models import Member
from portal.sheets import files
from portal.sheets.models import Going, SheetChange, SheetExport, SheetImport, SheetRow, Stage


@traces.holds("imports", "Lists from elsewhere that brought something about you")
def _imports(member: Member) -> list[traces.Row]:
    rows = session().execute(
        select(SheetChange.at, SheetImport.origin, SheetChange.after)
        .join(SheetImport, SheetImport.id == SheetChange.import_id)
        .where(SheetChange.member_id == member.id)
        .order_by(SheetChange.import_id)
    )
    return [
        {
            "when": at,
            "where it came from, in the words of the person who brought it": origin,
            "what it changed": ", ".join(sorted(after or {})),
        }
        for at, origin, after in rows
    ]


@traces.erases("imports")
def _forget_imports(member: Member) -> int:
    """Rows, and every file that names the person: a list that waits has to be brought or asked for again."""
    done = session().execute(delete(SheetChange).where(SheetChange.member_id == member.id))
    keys = [one.key for one in members.addresses_of(member)]
    session().execute(delete(SheetRow).where(SheetRow.address_key.in_(keys)))
    session().execute(update(SheetRow).where(SheetRow.address.in_(keys)).values(address=""))
    named = [path for path in files.everything() if any(files.holds(path, key) for key in keys)]
    ids = [path.stem.partition("-")[2] for path in named]
    session().execute(update(SheetExport).where(SheetExport.public_id.in_(ids)).values(stage=Going.over))
    session().execute(
        update(SheetImport)
        .where(
            SheetImport.public_id.in_(ids),
            or_(SheetImport.stage == Stage.mapping, SheetImport.stage == Stage.checking),
        )
        .values(
            stage=Stage.broken,
            words="Somebody in this file asked to be forgotten meanwhile, so the file is gone. Please bring it again.",
            ended_at=clock.now(),
        )
    )
    for path in named:
        db.after_commit(lambda path=path: files.remove(path))  # type: ignore[misc]
    return int(done.rowcount)  # type: ignore[attr-defined]
