"""A list goes out: to its maker alone, with a reason, for a day, and never as a formula."""

from datetime import timedelta

import time_machine
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from portal.core import clock
from portal.sheets import actions, cells, exporting, files
from portal.sheets.models import Going, SheetExport
from portal.staff.models import AuditLine
from tests.sheets import office


@given(st.text(alphabet="'=+-@\t\r\n,;|\" ab＝＋１"))
def test_every_cell_is_safe_and_comes_back_as_it_was(text):
    out = cells.safe(text)
    assert cells.plain(out) == text
    for part in [
        out,
        *out.replace('"', ",").replace(";", ",").replace("|", ",").replace("\t", ",").split(","),
    ]:
        assert part.lstrip(" ")[:1] not in {"=", "+", "-", "@", "＝", "＋"}


def test_only_its_maker_sees_and_fetches_it(world, make, as_staff):
    make.member("Ada", "ada@example.org")
    recruiter = as_staff("recruiter")
    where = recruiter.post(f"{office.AREA}/exports/new", reason="A mail merge.", kind="read").location
    world.run_jobs()
    for other in (as_staff("recruiter"), as_staff("admin")):
        assert other.get(where).status_code == 403
        assert other.post(f"{where}/file").status_code == 403
        assert other.post(f"{where}/removal").status_code == 403
        assert "A mail merge." in other.get(office.AREA).text, "but that it went, and why"
    answer = recruiter.post(f"{where}/file")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert "ada@example.org" in answer.text
    assert as_staff("viewer").get(office.AREA).status_code == 403


def test_it_is_written_down_without_a_name(world, make, as_staff):
    make.member("Ada Stone", "ada@example.org")
    office.taken_out(world, as_staff("recruiter"), "?q=Ada+Stone", reason="To call Ada Stone back.")
    with world.inside() as current:
        lines = current.scalars(select(AuditLine).order_by(AuditLine.id)).all()
        assert [line.action for line in lines] == ["sheets.export", "sheets.fetched"]
        assert all("Ada" not in f"{line.words}{line.facts}{line.subject}" for line in lines)
        export = current.scalars(select(SheetExport)).one()
        assert (export.people, export.times_taken) == (1, 1)
        assert "Ada" not in f"{export.about}{export.asked}"


def test_a_reason_is_needed(world, as_staff):
    recruiter = as_staff("recruiter")
    assert recruiter.post(f"{office.AREA}/exports/new", kind="read").status_code == 422
    assert recruiter.post(f"{office.AREA}/exports/new", kind="read", reason="x").status_code == 422


def test_only_an_admin_takes_consents_along(world, as_staff):
    answer = as_staff("recruiter").post(f"{office.AREA}/exports/new", kind="whole", reason="Just because.")
    assert answer.status_code == 422
    assert "Only an admin" in answer.text


def test_after_a_day_it_is_gone(world, make, as_staff):
    make.member()
    recruiter = as_staff("recruiter")
    where = recruiter.post(f"{office.AREA}/exports/new", reason="A mail merge.", kind="read").location
    world.run_jobs()
    with time_machine.travel(clock.now() + timedelta(days=1, hours=2), tick=True):
        later = world.browser(recruiter.person)
        assert later.post(f"{where}/file").status_code == 410
        assert "is gone" in later.get(where).text
        with world.app.app_context():
            actions.clear_up()
            assert files.everything() == []


def test_so_many_a_day_and_no_more(world, as_staff, monkeypatch):
    monkeypatch.setattr(actions, "MOST_EXPORTS_A_DAY", 2)
    recruiter = as_staff("recruiter")
    answers = [
        recruiter.post(f"{office.AREA}/exports/new", reason="A mail merge.", kind="read").status_code
        for _ in range(3)
    ]
    assert answers == [302, 302, 422]


def test_with_and_without_the_mark_for_excel(world, make, as_staff):
    make.member("Zoë", "zoe@example.org")
    recruiter = as_staff("recruiter")
    assert office.taken_out(world, recruiter, has_mark="y").data.startswith(b"\xef\xbb\xbf")
    plain = office.taken_out(world, recruiter)
    assert plain.data.startswith(b'"Mail address"')
    assert [row["Name"] for row in office.cells(plain)] == ["Zoë"]


def test_a_writer_that_was_lost_is_replaced_and_nobody_stands_twice(world, make, as_staff, monkeypatch):
    for _ in range(25):
        make.member()
    monkeypatch.setattr(exporting, "CHUNK", 10)
    recruiter = as_staff("recruiter")
    where = recruiter.post(f"{office.AREA}/exports/new", reason="A mail merge.", kind="read").location
    world.asked.clear()
    with world.inside() as current:
        number, public_id = current.execute(select(SheetExport.id, SheetExport.public_id)).one()
    with world.app.app_context():
        assert exporting._take(number, "lost")
        assert exporting._piece(number, "lost")
        with files.export(public_id).open("ab") as file:
            file.write(b"half a line of a piece that was never st")
        exporting.write(number)
        assert exporting.find_lost() == 0, "the lease still holds"
    with time_machine.travel(clock.now() + exporting.LEASE + timedelta(seconds=1), tick=True):
        with world.app.app_context():
            assert exporting.find_lost() == 1
        world.run_jobs()
        rows = office.cells(world.browser(recruiter.person).post(f"{where}/file"))
    assert len({row["Mail address"] for row in rows}) == len(rows) == 25


def test_a_segment_that_is_gone_breaks_the_list_and_not_the_worker(world, as_staff):
    recruiter = as_staff("recruiter")
    with world.inside():
        asked = actions.lists.Asked(segment="never-was", words="The segment")
        actions.ask_for_list(asked, "A mail merge.", False, False, recruiter.person)
    world.run_jobs()
    with world.inside() as current:
        assert current.scalars(select(SheetExport)).one().stage is Going.broken
