"""The spreadsheet: memory while a million people go out, and how fast a hundred thousand come in."""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, text

from portal.core import clock
from portal.core.db import db, is_sqlite, session, transaction
from portal.members.models import Member
from portal.sheets import actions, lists, work
from portal.sheets.columns import Field
from portal.sheets.models import SheetImport, Stage
from portal.staff.models import Role, Staff
from tests.bench import report
from tests.rig import databases, run
from tests.world import World

COMING = 100_000
FEW, MANY = 10_000, int(os.environ.get("PORTAL_TEST_SHEET_PEOPLE", "1000000"))
GOAL_SHARE = 0.2
GOAL_MIB = 30.0
CHILD = """
import re, sys
from pathlib import Path
from portal.sheets import exporting
from tests.world import World
world = World(sys.argv[1], Path(sys.argv[2]))
with world.app.app_context():
    exporting.write(int(sys.argv[3]))
print(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
"""


def main() -> None:
    """Measure on both databases."""
    os.environ["PORTAL_LOG_LEVEL"] = "error"
    for kind in databases.KINDS:
        with databases.fresh_database(kind) as url:
            world = World(url, Path(run.folder()) / f"sheets-{kind}")
            staff = world.make.staff(Role.admin.value)
            with world.app.app_context():
                _coming_in(world, staff, kind)
                _going_out(world, staff, url, kind)
                db.engine.dispose()


def _coming_in(world: World, staff: Staff, kind: str) -> None:
    """The whole way of a file, looked through and imported, against the same rows put in as fast as can be."""
    path = Path(run.folder()) / f"people-{kind}.csv"
    with path.open("w") as file:
        file.write("Email,Name,Country,Level,Source\n")
        for number in range(COMING):
            file.write(f"person.{number}@example.org,Ada Stone {number},PT,Senior,fair\n")
    with transaction(), path.open("rb") as stream:
        number = actions.bring(stream, "people.csv", staff).id
    began = time.perf_counter()
    with transaction() as current:
        sheet = current.get_one(SheetImport, number)
        columns = [Field(one) for one in sheet.columns]
        actions.look_through(sheet, columns, "A benchmark.", "", is_inviting=False, is_adding=False)
    work.work(number)
    with transaction() as current:
        actions.start(current.get_one(SheetImport, number))
    work.work(number)
    took = time.perf_counter() - began
    with transaction() as current:
        done = current.get_one(SheetImport, number)
        assert (done.stage, done.counts) == (Stage.done, {"new": COMING})
        rows = [dict(row) for row in current.execute(text("SELECT * FROM members ORDER BY id")).mappings()]
        current.execute(delete(Member))
    raw = min(_raw(rows) for _ in range(2))
    report.line(
        f"sheets-import-{kind}",
        raw / took,
        ">=",
        GOAL_SHARE,
        f"{took:.1f} s to look through and import {COMING:,} rows, {raw:.1f} s to put the same rows in raw",
    )


def _raw(rows: list[dict[str, Any]]) -> float:
    """Seconds that the database takes for the rows alone, by its own fastest way."""
    names = list(rows[0])
    values = [tuple(row.values()) for row in rows]
    with transaction() as current:
        connection = current.connection()
        began = time.perf_counter()
        if is_sqlite():
            marks = ", ".join("?" * len(names))
            connection.exec_driver_sql(f"INSERT INTO members ({', '.join(names)}) VALUES ({marks})", values)
        else:
            cursor: Any = connection.connection.cursor()
            with cursor, cursor.copy(f"COPY members ({', '.join(names)}) FROM STDIN") as copy:
                for row in values:
                    copy.write_row(row)
        took = time.perf_counter() - began
        current.rollback()
    return took


def _going_out(world: World, staff: Staff, url: str, kind: str) -> None:
    """The memory of a process that writes a list of many, against one of few."""
    peaks = []
    for count in (FEW, MANY):
        _people(count)
        with transaction():
            asked = lists.Asked(zone="UTC", words="Everybody")
            number = actions.ask_for_list(asked, "A benchmark.", True, True, staff).id
            session().flush()
        began = time.perf_counter()
        child = subprocess.run(
            [sys.executable, "-c", CHILD, url, str(world.settings.instance), str(number)],
            capture_output=True, check=True, text=True,
        )  # fmt: skip
        peaks.append((int(child.stdout.split()[-1]) / 1024, time.perf_counter() - began))
    (few, _), (many, seconds) = peaks
    report.line(
        f"sheets-export-memory-{kind}",
        (many - few) / GOAL_MIB,
        "<=",
        1,
        f"{many:.0f} MiB for {MANY:,} people in {seconds:.0f} s, {few:.0f} MiB for {FEW:,}; at most {GOAL_MIB:g} apart",
    )


def _people(count: int) -> None:
    """Let there be so many members, made as fast as can be."""
    with transaction() as current:
        have = current.scalar(text("SELECT count(*) FROM members")) or 0
    moment = clock.now()
    for start in range(have, count, 20_000):
        with transaction() as current:
            current.execute(
                insert(Member),
                [
                    {
                        "public_id": f"b{number:021d}", "ledger_key": f"{number:032x}",
                        "address": f"bench{number}@example.org", "address_key": f"bench{number}@example.org",
                        "name": f"Ada Stone {number}", "search_name": f"ada stone {number}", "status": "active",
                        "asked_at": moment, "confirmed_at": moment,
                    }
                    for number in range(start, min(start + 20_000, count))
                ],
            )  # fmt: skip
