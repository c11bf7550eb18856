"""What becomes of each row, decided in the database from how things stand at this moment.

Asked twice: when a file is looked through, and again for each chunk in the transaction that imports it.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, case, cast, func, literal, or_, select, update
from sqlalchemy.orm import aliased

from portal.core.db import session
from portal.mail.models import Stream, Suppression
from portal.members.models import AddressChange, Forgotten, Member, Own, Status
from portal.sheets.models import SheetRow, Verdict

NO_NAME = "Somebody new needs a name"
TEXTS = (
    (Own.full_name, "name"),
    (Own.call_name, "call_name"),
    (Own.level, "level"),
    (Own.work_mode, "work_mode"),
    (Own.zone, "zone"),
    (Own.country, "country"),
    (Own.is_remote, "is_remote"),
    (Own.is_open_to_move, "is_open_to_move"),
    (Own.birthday, "birthday_month"),
    (Own.birthday, "birthday_day"),
    (Own.anniversary, "anniversary_month"),
    (Own.anniversary, "anniversary_day"),
    (Own.interests, "interest_mask"),
)
"""The columns of a member that a row can change, each with the bit of who said it."""


def chunk(import_id: int, after: int, up_to: int) -> ColumnElement[bool]:
    """SQL for rows with these numbers."""
    return and_(SheetRow.import_id == import_id, SheetRow.number > after, SheetRow.number <= up_to)


def may_change(bit: int) -> ColumnElement[bool]:
    """SQL over a row and its member: the row gives it, and the member has not said it themselves."""
    return and_(
        SheetRow.given.bitwise_and(literal(bit, Integer)) != 0,
        Member.own_fields.bitwise_and(literal(bit, Integer)) == 0,
    )


def judge(rows: ColumnElement[bool]) -> None:
    """Say of every row that can be used what becomes of it; a statement or two for any number of rows."""
    session().execute(
        update(SheetRow)
        .where(rows, SheetRow.verdict != Verdict.refused)
        .values(verdict=_verdict())
        .execution_options(synchronize_session=False)
    )
    _refuse_nameless(rows)


def judge_anew(rows: ColumnElement[bool]) -> None:
    """Say it again where things have changed since: most often nowhere, so that nothing has to be written."""
    found = _verdict().label("found")
    changed = session().execute(
        select(SheetRow.import_id, SheetRow.number, found).where(
            rows, SheetRow.verdict != Verdict.refused, SheetRow.verdict != found
        )
    )
    for import_id, number, verdict in changed.all():
        session().execute(
            update(SheetRow)
            .where(SheetRow.import_id == import_id, SheetRow.number == number)
            .values(verdict=verdict)
            .execution_options(synchronize_session=False)
        )
    _refuse_nameless(rows)


def _refuse_nameless(rows: ColumnElement[bool]) -> None:
    session().execute(
        update(SheetRow)
        .where(rows, SheetRow.verdict == Verdict.new, SheetRow.name == "")
        .values(verdict=Verdict.refused, why=NO_NAME)
        .execution_options(synchronize_session=False)
    )


def _verdict() -> ColumnElement[str]:
    earlier = aliased(SheetRow)
    is_twice = (
        select(earlier.number)
        .where(
            earlier.import_id == SheetRow.import_id,
            earlier.address_key == SheetRow.address_key,
            earlier.number < SheetRow.number,
        )
        .exists()
    )
    changes: Sequence[ColumnElement[bool]] = [
        and_(may_change(bit), _column(Member, name).is_distinct_from(_column(SheetRow, name)))
        for bit, name in TEXTS
    ] + [may_change(Own.places)]
    known = (
        select(
            case(
                (Member.status == Status.left, Verdict.left.value),
                (or_(*changes), Verdict.update.value),
                else_=Verdict.same.value,
            )
        )
        .where(Member.address_key == SheetRow.address_key)
        .scalar_subquery()
    )
    moved = select(func.lower(AddressChange.old_address)).where(
        AddressChange.confirmed_at.is_not(None), AddressChange.undone_at.is_(None)
    )
    stopped = select(Suppression.id).where(
        Suppression.address_key == SheetRow.address_key, Suppression.stream == Stream.marketing
    )
    unknown = case(
        (
            select(Forgotten.digest).where(Forgotten.digest == SheetRow.digest).exists(),
            Verdict.forgotten.value,
        ),
        (SheetRow.address_key.in_(moved), Verdict.moved.value),
        (stopped.exists(), Verdict.suppressed.value),
        (SheetRow.seal != "", Verdict.sealed.value),
        else_=Verdict.new.value,
    )
    return case((is_twice, Verdict.twice.value), else_=func.coalesce(known, unknown))


def _column(table: type[Any], name: str) -> ColumnElement[Any]:
    column: ColumnElement[Any] = getattr(table, name)
    # The closed lists are words in both tables; only their types differ.
    return cast(column, SheetRow.level.type) if name in {"level", "work_mode"} else column
