"""Questions about imports and exports: which there were, what became of each row, and whom a list is about."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select

from portal.core import clock, tokens
from portal.core.db import session
from portal.core.tokens import OneTimeToken, Outcome
from portal.mail.models import Message, Stream, Suppression
from portal.members import queries as members
from portal.members.joining import CONFIRM
from portal.members.models import Member
from portal.sheets.models import SheetChange, SheetExport, SheetImport, SheetRow, Verdict
from portal.staff.models import Staff

NO_THANKS = "sheets/no-thanks"
REPORT_PIECE = 2_000
SHOWN = 30


def sheet(public_id: str) -> SheetImport | None:
    """The import with that address."""
    return session().scalar(select(SheetImport).where(SheetImport.public_id == public_id))


def sheets(most: int = SHOWN) -> Sequence[tuple[SheetImport, str]]:
    """The newest imports, and who made each."""
    statement = (
        select(SheetImport, Staff.name)
        .join(Staff, Staff.id == SheetImport.made_by)
        .order_by(SheetImport.id.desc())
        .limit(most)
    )
    return [(one, name) for one, name in session().execute(statement)]


def first_remarks(import_id: int, most: int = 12) -> Sequence[SheetRow]:
    """The first rows about which something has to be said."""
    statement = (
        select(SheetRow)
        .where(SheetRow.import_id == import_id, SheetRow.why != "")
        .order_by(SheetRow.number)
        .limit(most)
    )
    return session().scalars(statement).all()


def count_of_remarks(import_id: int) -> int:
    """How many rows there are about which something has to be said."""
    statement = select(func.count()).where(SheetRow.import_id == import_id, SheetRow.why != "")
    return session().scalar(statement) or 0


def report(import_id: int, verdict: Verdict | None) -> Iterator[tuple[int, str, str, str]]:
    """Line, address, what becomes of it and why, row by row; read piece by piece."""
    after = 0
    while True:
        which = [SheetRow.import_id == import_id, SheetRow.number > after]
        if verdict is not None:
            which.append(SheetRow.verdict == verdict)
        rows = session().execute(
            select(SheetRow.number, SheetRow.line, SheetRow.address, SheetRow.verdict, SheetRow.why)
            .where(*which)
            .order_by(SheetRow.number)
            .limit(REPORT_PIECE)
        )
        found = rows.all()
        for number, line, address, decided, why in found:
            after = number
            yield line, address, decided.words, why
        if len(found) < REPORT_PIECE:
            return


def left_to_undo(import_id: int) -> int:
    """How many people an undo has still to look at."""
    return session().scalar(select(func.count()).where(SheetChange.import_id == import_id)) or 0


def has_rows(import_id: int) -> bool:
    """Whether its rows can still be looked at."""
    return (
        session().scalar(select(SheetRow.number).where(SheetRow.import_id == import_id).limit(1)) is not None
    )


# --- Invitations --------------------------------------------------------------------------------


def way_in(member: Member) -> OneTimeToken | None:
    """The token that lets an invited member in, while it is good."""
    token = session().scalar(
        select(OneTimeToken)
        .where(OneTimeToken.purpose == CONFIRM, OneTimeToken.subject == f"member:{member.id}")
        .order_by(OneTimeToken.id.desc())
        .limit(1)
    )
    return token if token is not None and token.state is Outcome.good else None


def must_not_be_written_to(member: Member) -> bool:
    """Whether marketing to this address is stopped: an invitation is none, and respects it all the same."""
    return (
        session().scalar(
            select(Suppression.id)
            .where(Suppression.address_key == member.address_key, Suppression.stream == Stream.marketing)
            .limit(1)
        )
        is not None
    )


def seal_of(message: Message) -> str:
    """What names an invitation in the link that refuses it."""
    return tokens.seal(NO_THANKS, message.id)


def invited(token: str) -> tuple[Message, Member | None] | None:
    """The invitation that a link names, and the person while there is one."""
    number = tokens.unseal(NO_THANKS, token)
    message = session().get(Message, number) if number is not None and number < 2**63 else None
    if message is None:
        return None
    return message, members.by_id(message.member_id) if message.member_id is not None else None


# --- Exports ------------------------------------------------------------------------------------


def export(public_id: str) -> SheetExport | None:
    """The export with that address."""
    return session().scalar(select(SheetExport).where(SheetExport.public_id == public_id))


def exports(most: int = SHOWN) -> Sequence[tuple[SheetExport, str]]:
    """The newest exports, and who made each."""
    statement = (
        select(SheetExport, Staff.name)
        .join(Staff, Staff.id == SheetExport.made_by)
        .order_by(SheetExport.id.desc())
        .limit(most)
    )
    return [(one, name) for one, name in session().execute(statement)]


def exports_since(staff_id: int, since: timedelta) -> int:
    """How many lists somebody took out lately."""
    moment: datetime = clock.now() - since
    which: ColumnElement[bool] = (SheetExport.made_by == staff_id) & (SheetExport.created_at > moment)
    return session().scalar(select(func.count()).where(which)) or 0
