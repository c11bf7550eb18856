"""Brings looked-through rows in, a chunk a transaction; each chunk is judged once more before it is stored.

New people are *asked*, no more: they are written to once at most, until they confirm. Known people are changed only
where they have not spoken themselves, and never in what they agreed to.
"""

from datetime import datetime

from sqlalchemy import JSON, ColumnElement, and_, func, insert, literal, null, select, true
from sqlalchemy import cast as sql_cast

from portal.core import clock, queue
from portal.core.db import lock, session, transaction
from portal.members.models import Member, Status
from portal.sheets import files, inviting, sealed, updating, verdicts
from portal.sheets.following import follow
from portal.sheets.hand import Hand
from portal.sheets.models import SheetChange, SheetImport, SheetRow, Stage, Verdict

CHUNK = 5_000
LOCK = "sheets"
_COPIED = (
    "public_id ledger_key address address_key name call_name search_name zone country is_remote "
    "is_open_to_move interest_mask birthday_month birthday_day anniversary_month anniversary_day source"
).split()


def bring_in(hand: Hand) -> None:
    """Store chunk after chunk, until all of it is in."""
    while not queue.is_ending():
        with transaction():
            # One import at a time stores its chunk, so that two with the same people wait for each other.
            lock(LOCK)
            sheet = hand.hold(Stage.importing)
            after, up_to = sheet.row, sheet.row + CHUNK
            if after >= sheet.rows:
                _finish(sheet)
                break
            rows = verdicts.chunk(sheet.id, after, up_to)
            verdicts.judge_anew(rows)
            moment = clock.now()
            _new(sheet, and_(rows, SheetRow.verdict == Verdict.new), moment)
            sealed.bring_in(sheet, and_(rows, SheetRow.verdict == Verdict.sealed), moment)
            updating.update(sheet, and_(rows, SheetRow.verdict == Verdict.update), moment)
            sheet.row = min(up_to, sheet.rows)
    else:
        return
    files.remove(files.upload(sheet.public_id))


def _finish(sheet: SheetImport) -> None:
    counted = select(SheetRow.verdict, func.count()).where(SheetRow.import_id == sheet.id)
    rows = session().execute(counted.group_by(SheetRow.verdict))
    sheet.counts = {verdict.value: count for verdict, count in rows}
    sheet.stage = Stage.done
    sheet.imported_at = sheet.ended_at = clock.now()


def _new(sheet: SheetImport, fresh: ColumnElement[bool], moment: datetime) -> None:
    """People we have never heard of: asked, with nothing agreed to."""
    copied = [getattr(SheetRow, name) for name in _COPIED]
    at = literal(moment, Member.asked_at.type)
    session().execute(
        insert(Member).from_select(
            [*_COPIED, "level", "work_mode", "status", "asked_at", "asked_version", "own_fields"],
            select(
                *copied,
                SheetRow.level,
                SheetRow.work_mode,
                literal(Status.asked.value),
                at,
                literal(""),
                literal(0),
            ).where(fresh),
            include_defaults=False,
        )
    )
    follow(fresh, true(), true())
    nothing = sql_cast(null(), JSON)
    session().execute(
        insert(SheetChange).from_select(
            ["import_id", "member_id", "before", "after", "at"],
            select(literal(sheet.id), Member.id, nothing, nothing, literal(moment, SheetChange.at.type))
            .select_from(SheetRow)
            .join(Member, Member.address_key == SheetRow.address_key)
            .where(fresh),
        )
    )
    if sheet.is_inviting:
        inviting.invite(sheet, fresh, moment)
