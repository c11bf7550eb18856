"""An import is taken back as a whole within a day; who has spoken since stays."""

from datetime import timedelta

import time_machine
from sqlalchemy import select, update

from portal.core import clock
from portal.mail.models import Message, State
from portal.members import forgetting
from portal.members.models import Level, Member, Status
from portal.members.traces import everything
from portal.preferences import actions as preferences
from portal.sheets import actions, files, work
from portal.sheets.models import SheetChange, SheetImport, SheetRow
from tests.sheets import office

HEAD = "Email,Name,Level,Interests,City\n"


def _both(world, make):
    make.interest("Design")
    data = make.interest("Data")
    make.place("Lisbon")
    return make.member("Ada", "ada@example.org", interests=(data,), own_fields=0, level=Level.junior)


def test_everything_is_as_it_was(world, make, as_staff):
    _both(world, make)
    admin = as_staff("admin")
    before = (office.chosen(world), {key: one.level for key, one in office.people(world).items()})
    rows = "ada@example.org,Ada Stone,Senior,Design,Lisbon\n"
    rows += "".join(f"p{n}@example.org,P {n},Lead,Design; Data,Lisbon\n" for n in range(40))
    page = office.imported(world, admin, HEAD + rows, is_inviting="y")
    people = office.people(world)
    assert len(people) == 41
    assert (people["ada@example.org"].name, people["ada@example.org"].level) == ("Ada Stone", "senior")
    assert office.chosen(world)["ada@example.org"][1] == {"Design"}
    admin.post(f"{page}/undo")
    world.run_jobs()
    assert (office.chosen(world), {key: one.level for key, one in office.people(world).items()}) == before
    assert office.people(world)["ada@example.org"].search_name.startswith("ada ")
    assert "40 people were removed again, and 1 person has back" in admin.get(page).text
    with world.inside() as current:
        assert current.scalars(select(SheetChange)).all() == []


def test_who_has_spoken_since_stays(world, make, as_staff):
    ada = _both(world, make)
    admin = as_staff("admin")
    page = office.imported(
        world,
        admin,
        HEAD + "ada@example.org,Ada Stone,Senior,Design,\nnew@example.org,New,,,\n",
        is_inviting="y",
    )
    [letter] = world.letters("new@example.org")
    link, code = office.way_in(letter)
    world.browser().post(link, code=code)
    with world.inside() as current:
        preferences.follow(current.get(Member, ada.id), [], [], False, False)
    admin.post(f"{page}/undo")
    world.run_jobs()
    people = office.people(world)
    assert people["new@example.org"].status is Status.active
    assert (people["ada@example.org"].name, people["ada@example.org"].level) == ("Ada", "junior")
    assert people["ada@example.org"].interest_mask == 0, "their own choice"
    assert "1 person has spoken for themselves since, and stays" in admin.get(page).text


def test_what_somebody_else_changed_since_is_left_alone(world, make, as_staff):
    ada = _both(world, make)
    admin = as_staff("admin")
    page = office.imported(world, admin, HEAD + "ada@example.org,Ada Stone,Senior,,\n")
    with world.inside() as current:
        current.execute(update(Member).where(Member.id == ada.id).values(level=Level.lead))
    admin.post(f"{page}/undo")
    world.run_jobs()
    told = office.people(world)["ada@example.org"]
    assert (told.name, told.level) == ("Ada", "lead")


def test_invitations_that_have_not_left_never_do(world, make, as_staff):
    admin = as_staff("admin")
    page = office.looked_through(world, admin, HEAD + "new@example.org,New,,,\n", is_inviting="y")
    admin.post(f"{page}/start")
    with world.inside() as current:
        number = current.scalars(select(SheetImport.id)).one()
    world.asked.clear()
    with world.app.app_context():
        work.work(number)
        world.asked.clear()
        assert admin.post(f"{page}/undo").status_code == 302
        work.work(number)
    assert world.letters() == []
    with world.inside() as current:
        message = current.scalars(select(Message)).one()
        assert (message.state, message.address, message.member_id) == (State.skipped, "", None)
    office.imported(world, admin, HEAD + "new@example.org,New,,,\n", is_inviting="y")
    assert len(world.letters("new@example.org")) == 1, "they had none yet"


def test_after_a_day_nothing_is_taken_back_and_nothing_is_kept(world, make, as_staff):
    _both(world, make)
    admin = as_staff("admin")
    page = office.imported(world, admin, HEAD + "ada@example.org,Ada Stone,Senior,,\n")
    with time_machine.travel(clock.now() + timedelta(days=1, minutes=1), tick=True):
        later = world.browser(admin.person)
        assert "Its day is over" in later.get(page).text
        later.post(f"{page}/undo")
        with world.app.app_context():
            actions.clear_up()
        assert office.people(world)["ada@example.org"].level == "senior"
        with world.inside() as current:
            assert current.scalars(select(SheetRow)).all() == []
            change = current.scalars(select(SheetChange)).one()
            assert (change.before, change.after) == (None, None)
            assert files.everything() == []
        assert later.get(page).status_code == 200


def test_pressed_twice_it_happens_once(world, make, as_staff):
    _both(world, make)
    admin = as_staff("admin")
    page = office.looked_through(world, admin, HEAD + "new@example.org,New,,,\n")
    for deed in ("start", "start", "undo", "undo", "start", "removal"):
        assert admin.post(f"{page}/{deed}").status_code == 302
        world.run_jobs()
    assert set(office.people(world)) == {"ada@example.org"}


def test_a_member_reads_where_it_came_from_and_forgetting_takes_it_along(world, make, as_staff):
    ada = _both(world, make)
    admin = as_staff("admin")
    page = office.imported(world, admin, HEAD + "ada@example.org,Ada Stone,Senior,,\nbob@example.org,B,,,\n")
    office.taken_out(world, admin, "?everybody=1&status=all")
    waiting = office.brought(admin, HEAD + "ADA@example.org,Ada,,,\n")
    with world.inside() as current:
        held = {one.name: one.rows for one in everything(current.get(Member, ada.id))}
        assert "fair in Porto" in str(held["imports"])
        assert len(files.everything()) == 2
    with world.inside() as current:
        forgetting.forget(current.get(Member, ada.id), world.settings)
    with world.inside() as current:
        assert files.everything() == []
        assert [row.address_key for row in current.scalars(select(SheetRow))] == ["bob@example.org"]
    assert "asked to be forgotten" in admin.get(waiting).text
    assert admin.get(page).status_code == 200
