"""Questions about staff."""

from collections.abc import Sequence

from sqlalchemy import select

from portal.core.db import session
from portal.core.paging import PAGE, Page, cursor, key
from portal.staff.models import AuditLine, Role, Staff


def by_id(staff_id: int) -> Staff | None:
    """The staff person with that id."""
    return session().get(Staff, staff_id)


def by_key(address_key: str) -> Staff | None:
    """The staff person with that address, with an open account."""
    return session().scalar(select(Staff).where(Staff.address_key == address_key, Staff.closed_at.is_(None)))


def everybody() -> Sequence[Staff]:
    """All who have an account, then all who had one, by name."""
    return session().scalars(select(Staff).order_by(Staff.closed_at.is_not(None), Staff.name, Staff.id)).all()


def working() -> Sequence[Staff]:
    """All with an open account, by name: hosts, authors and senders are chosen from these."""
    return (
        session().scalars(select(Staff).where(Staff.closed_at.is_(None)).order_by(Staff.name, Staff.id)).all()
    )


def names(ids: Sequence[int]) -> dict[int, str]:
    """The names of those people."""
    rows = session().execute(select(Staff.id, Staff.name).where(Staff.id.in_(set(ids))))
    return {row.id: row.name for row in rows}


def has_admin() -> bool:
    """Whether anybody can manage staff yet."""
    return (
        session().scalar(select(Staff.id).where(Staff.role == Role.admin, Staff.closed_at.is_(None)).limit(1))
        is not None
    )


def audit(
    after: str | None = None, staff_id: int | None = None, subject: str = ""
) -> Page[tuple[AuditLine, str]]:
    """What staff did, newest first, each line with the person's name ("" when a command did it)."""
    statement = (
        select(AuditLine, Staff.name)
        .outerjoin(Staff, Staff.id == AuditLine.staff_id)
        .order_by(AuditLine.id.desc())
        .limit(PAGE + 1)
    )
    if staff_id is not None:
        statement = statement.where(AuditLine.staff_id == staff_id)
    if subject:
        statement = statement.where(AuditLine.subject == subject)
    begins = key(after)
    if begins:
        statement = statement.where(AuditLine.id < int(begins[0]))
    rows = [(line, name or "") for line, name in session().execute(statement)]
    older = cursor(rows[PAGE - 1][0].id) if len(rows) > PAGE else None
    return Page(rows[:PAGE], older=older)
