"""A worker is killed in the middle, two import at once, somebody stops it: the next one goes on, nothing is twice."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta

import time_machine
from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db
from portal.members.models import Member
from portal.sheets import hand, merging, staging, work
from portal.sheets.models import SheetChange, SheetImport, SheetRow, Stage
from tests.sheets import office

MANY = 2_000
CHILD = """
import sys, time
from pathlib import Path
from portal.sheets import merging, staging, work
from tests.world import World
merging.CHUNK = staging.CHUNK = 100
world = World(sys.argv[1], Path(sys.argv[2]))
judge = merging.verdicts.judge_anew
def slowly(rows):
    judge(rows)
    print("chunk", flush=True)
    time.sleep(0.02)
merging.verdicts.judge_anew = slowly
with world.app.app_context():
    work.work(int(sys.argv[3]))
"""


def _file(mark="p"):
    return "Email,Name\n" + "".join(f"{mark}{number}@example.org,P {number}\n" for number in range(MANY))


def _number(world):
    with world.inside() as current:
        return current.scalar(select(func.max(SheetImport.id)))


def _killed(world, number, after):
    """Let another process import, and kill it after so many chunks; the last one is not stored."""
    url = world.settings.database_url.get_secret_value()
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, url, str(world.settings.instance), str(number)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PORTAL_LOG_LEVEL": "error"},
    )
    with child, child.stdout as out:
        for _ in range(after):
            assert out.readline() == b"chunk\n"
        os.kill(child.pid, signal.SIGKILL)
        child.wait()


def test_killed_in_the_middle_the_next_worker_goes_on(world, as_staff):
    admin = as_staff("admin")
    page = office.looked_through(world, admin, _file(), is_inviting="y")
    admin.post(f"{page}/start")
    world.asked.clear()
    number = _number(world)
    _killed(world, number, 7)
    with world.inside() as current:
        stored = current.scalar(select(func.count()).select_from(Member))
        assert stored in {600, 700}, "whole chunks only"
        assert current.get(SheetImport, number).row == stored
    with world.app.app_context():
        work.work(number)
        assert len(office.people(world)) == stored, "the lease is still held"
    with time_machine.travel(clock.now() + hand.LEASE + timedelta(seconds=1), tick=True):
        with world.app.app_context():
            assert work.find_lost() == 1
        assert ("sheets.work", (number,)) in world.asked
        world.asked[:] = [("sheets.work", (number,))]
        with world.app.app_context():
            work.work(number)
    with world.inside() as current:
        assert current.scalar(select(func.count()).select_from(Member)) == MANY
        assert current.scalar(select(func.count()).select_from(SheetChange)) == MANY
        found = current.get(SheetImport, number)
        assert (found.stage, found.counts) == (Stage.done, {"new": MANY})


def test_killed_in_the_middle_it_can_be_taken_back(world, as_staff):
    admin = as_staff("admin")
    page = office.looked_through(world, admin, _file())
    admin.post(f"{page}/start")
    world.asked.clear()
    number = _number(world)
    _killed(world, number, 5)
    assert admin.post(f"{page}/undo").status_code == 302
    world.run_jobs()
    assert office.people(world) == {}
    assert "Taken back" in admin.get(page).text


def test_a_worker_that_was_stopped_stores_nothing_more(world, as_staff, monkeypatch):
    admin = as_staff("admin")
    page = office.looked_through(world, admin, _file())
    admin.post(f"{page}/start")
    world.asked.clear()
    monkeypatch.setattr(merging, "CHUNK", 500)
    number = _number(world)
    mine = hand.Hand(number, "one")
    with world.app.app_context():
        assert mine.take()
    admin.post(f"{page}/undo")
    with world.app.app_context():
        try:
            merging.bring_in(mine)
        except hand.NotMine:
            pass
        else:
            raise AssertionError
    world.run_jobs()
    assert office.people(world) == {}


def test_two_staff_import_the_same_people_at_once(world, as_staff, monkeypatch):
    monkeypatch.setattr(merging, "CHUNK", 200)
    pages = []
    for rows in (_file(), "Email,Name\n" + "".join(reversed(_file().splitlines(keepends=True)[1:]))):
        admin = as_staff("admin")
        page = office.looked_through(world, admin, rows, is_inviting="y")
        admin.post(f"{page}/start")
        pages.append((admin, page))
    numbers = [ids[0] for name, ids in world.asked if name == "sheets.work"]
    world.asked.clear()
    broken = []

    def run(number):
        try:
            with world.app.app_context():
                work.work(number)
                db.engine.dispose()
        except Exception as wrong:
            broken.append(wrong)

    threads = [threading.Thread(target=run, args=(number,)) for number in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert broken == []
    people = office.people(world)
    assert len(people) == MANY
    with world.inside() as current:
        assert current.scalar(select(func.count()).select_from(SheetChange)) == MANY
        counts = [one.counts for one in current.scalars(select(SheetImport))]
    assert sum(one.get("new", 0) for one in counts) == MANY
    assert sum(one.get("same", 0) for one in counts) == MANY
    for admin, page in pages:
        admin.post(f"{page}/undo")
    world.run_jobs()
    assert office.people(world) == {}


def test_killed_while_it_is_looked_through(world, as_staff, monkeypatch):
    monkeypatch.setattr(staging, "CHUNK", 300)
    admin = as_staff("admin")
    page = office.brought(admin, _file())
    admin.post(f"{page}/columns", origin="A list.")
    world.asked.clear()
    number = _number(world)
    mine = hand.Hand(number, "lost")
    store, seen = staging.store, []

    def break_off(rows):
        store(rows)
        seen.append(len(rows))
        if len(seen) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(staging, "store", break_off)
    with world.app.app_context():
        assert mine.take()
        with contextlib.suppress(KeyboardInterrupt):
            staging.look_through(mine)
    monkeypatch.setattr(staging, "store", store)
    with (
        time_machine.travel(clock.now() + hand.LEASE + timedelta(seconds=1), tick=True),
        world.app.app_context(),
    ):
        work.work(number)
    with world.inside() as current:
        assert current.scalar(select(func.count()).select_from(SheetRow)) == MANY
        assert current.get(SheetImport, number).counts == {"new": MANY}
