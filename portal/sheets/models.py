"""What a spreadsheet brought, row by row, what it changed, and which lists went out."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.db import BIG, Base, choice

UNDO_FOR = timedelta(days=1)
"""How long an import can be taken back, and its rows be looked at."""


class Stage(StrEnum):
    """Where an import stands."""

    mapping = "mapping"
    checking = "checking"
    checked = "checked"
    importing = "importing"
    done = "done"
    undoing = "undoing"
    undone = "undone"
    broken = "broken"
    thrown_away = "thrown_away"

    @property
    def words(self) -> str:
        """What it is called on a page."""
        return _STAGES[self]

    @property
    def is_at_work(self) -> bool:
        """Whether a worker has something to do."""
        return self in AT_WORK


_STAGES = {
    Stage.mapping: "Waits for you to say what its columns mean",
    Stage.checking: "Is being looked through",
    Stage.checked: "Looked through; nothing is imported yet",
    Stage.importing: "Is being imported",
    Stage.done: "Imported",
    Stage.undoing: "Is being taken back",
    Stage.undone: "Taken back",
    Stage.broken: "Could not be read",
    Stage.thrown_away: "Thrown away before anything was imported",
}
AT_WORK = (Stage.checking, Stage.importing, Stage.undoing)


class Verdict(StrEnum):
    """What becomes of a row."""

    unread = ""
    new = "new"
    sealed = "sealed"
    update = "update"
    same = "same"
    left = "left"
    forgotten = "forgotten"
    suppressed = "suppressed"
    moved = "moved"
    twice = "twice"
    refused = "refused"

    @property
    def words(self) -> str:
        """What it is called on a page and in the report."""
        return _VERDICTS[self]

    @property
    def is_taken(self) -> bool:
        """Whether such a row changes anything."""
        return self in TAKEN


_VERDICTS = {
    Verdict.unread: "Not looked at yet",
    Verdict.new: "New: not confirmed, and not written to but for one invitation if you wish",
    Verdict.sealed: "New, with the choices and consents of our own export",
    Verdict.update: "Known: what they have not set themselves is updated",
    Verdict.same: "Known: nothing to change",
    Verdict.left: "They left; nothing is changed",
    Verdict.forgotten: "They asked to be forgotten, and stay so",
    Verdict.suppressed: "The address must not be written to, and stays so",
    Verdict.moved: "A member moved away from this address; nothing is changed",
    Verdict.twice: "The address stands further up already; the first row counts",
    Verdict.refused: "Cannot be used",
}
TAKEN = (Verdict.new, Verdict.sealed, Verdict.update)


class SheetImport(Base):
    """A file with people in it, from the moment it came until it is done or taken back."""

    __tablename__ = "sheet_imports"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True)
    made_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    file_name: Mapped[str] = mapped_column(String(120))
    size: Mapped[int] = mapped_column(BIG)
    encoding: Mapped[str] = mapped_column(String(40))
    separator: Mapped[str] = mapped_column(String(1))
    has_head: Mapped[bool]
    head: Mapped[list[Any]] = mapped_column(JSON, default=list)
    columns: Mapped[list[Any]] = mapped_column(JSON, default=list)
    origin: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(String(60), default="")
    is_inviting: Mapped[bool] = mapped_column(default=False)
    is_adding: Mapped[bool] = mapped_column(default=False)
    stage: Mapped[Stage] = mapped_column(choice(Stage), index=True)
    words: Mapped[str] = mapped_column(String(500), default="")
    rows: Mapped[int] = mapped_column(default=0)
    row: Mapped[int] = mapped_column(default=0)
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    worker: Mapped[str] = mapped_column(String(32), default="")
    lease_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    imported_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    @property
    def undo_until(self) -> datetime | None:
        """Until when it can be taken back."""
        return self.imported_at + UNDO_FOR if self.imported_at else None

    @property
    def may_be_undone(self) -> bool:
        """Whether it can be taken back now: while it runs, and for a day."""
        if self.stage is Stage.importing:
            return True
        return self.stage is Stage.done and self.undo_until is not None and clock.now() < self.undo_until

    @property
    def taken(self) -> int:
        """How many rows change something."""
        return sum(int(self.counts.get(one.value, 0)) for one in TAKEN)


class SheetRow(Base):
    """A row on its way in: what it gives, as it would be stored, and what becomes of it."""

    __tablename__ = "sheet_rows"
    __table_args__ = (
        Index("ix_sheet_rows_address", "import_id", "address_key", "number"),
        {"sqlite_with_rowid": False},
    )

    import_id: Mapped[int] = mapped_column(
        ForeignKey("sheet_imports.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    line: Mapped[int]
    verdict: Mapped[Verdict] = mapped_column(choice(Verdict))
    why: Mapped[str] = mapped_column(String(500))
    address: Mapped[str] = mapped_column(String(254))
    address_key: Mapped[str] = mapped_column(String(254))
    digest: Mapped[str] = mapped_column(String(64))
    given: Mapped[int] = mapped_column(SmallInteger)
    name: Mapped[str] = mapped_column(String(120))
    call_name: Mapped[str] = mapped_column(String(60))
    search_name: Mapped[str] = mapped_column(String(400))
    level: Mapped[str | None] = mapped_column(String(20))
    work_mode: Mapped[str | None] = mapped_column(String(20))
    zone: Mapped[str] = mapped_column(String(64))
    country: Mapped[str] = mapped_column(String(2))
    is_remote: Mapped[bool]
    is_open_to_move: Mapped[bool]
    birthday_month: Mapped[int | None] = mapped_column(SmallInteger)
    birthday_day: Mapped[int | None] = mapped_column(SmallInteger)
    anniversary_month: Mapped[int | None] = mapped_column(SmallInteger)
    anniversary_day: Mapped[int | None] = mapped_column(SmallInteger)
    interest_mask: Mapped[int] = mapped_column(BIG)
    place_ids: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(String(60))
    public_id: Mapped[str] = mapped_column(String(22))
    ledger_key: Mapped[str] = mapped_column(String(32))
    seal: Mapped[str] = mapped_column(Text)


class SheetChange(Base):
    """What an import did to one person: `before` and `after` hold the fields it changed; None for somebody new."""

    __tablename__ = "sheet_changes"
    __table_args__ = (Index("ix_sheet_changes_member", "member_id"),)

    import_id: Mapped[int] = mapped_column(
        ForeignKey("sheet_imports.id", ondelete="CASCADE"), primary_key=True
    )
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    at: Mapped[datetime]


class Invited(Base):
    """The keyed hash of an address that had its one invitation: no import brings it a second one."""

    __tablename__ = "invited_addresses"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    import_id: Mapped[int | None] = mapped_column(ForeignKey("sheet_imports.id", ondelete="SET NULL"))
    at: Mapped[datetime]


class Going(StrEnum):
    """Where an export stands."""

    writing = "writing"
    ready = "ready"
    over = "over"
    broken = "broken"


class SheetExport(Base):
    """A list that somebody took out: who, why, whom it is about, and until when the file is there."""

    __tablename__ = "sheet_exports"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True)
    made_by: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    about: Mapped[str] = mapped_column(String(200))
    asked: Mapped[dict[str, Any]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(Text)
    is_whole: Mapped[bool]
    has_mark: Mapped[bool]
    stage: Mapped[Going] = mapped_column(choice(Going), index=True)
    people: Mapped[int] = mapped_column(default=0)
    row: Mapped[int] = mapped_column(default=0)
    size: Mapped[int] = mapped_column(BIG, default=0)
    times_taken: Mapped[int] = mapped_column(default=0)
    worker: Mapped[str] = mapped_column(String(32), default="")
    lease_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    ready_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]

    @property
    def is_ready(self) -> bool:
        """Whether the file can be fetched now."""
        return self.stage is Going.ready and clock.now() < self.expires_at
