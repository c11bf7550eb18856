"""A list goes out and comes in again: the same people, choices and consents, and not a bit more."""

from datetime import timedelta

import time_machine
from sqlalchemy import delete, select

from portal.core import clock
from portal.core.db import db
from portal.mail import actions as mail
from portal.mail.models import Stream, Suppression
from portal.members import actions as members
from portal.members.models import Consent, Level, Member, Own, Status, WorkMode
from portal.preferences import actions as preferences
from portal.preferences.models import Cadence, Topic
from portal.sheets import by_hand, exporting
from portal.sheets.columns import guesses
from tests.rig import databases, run
from tests.sheets import office
from tests.world import World

NASTY = [
    "=1+2", "+49 170", "-x", "@sum", "'=x", "''", "Ada; =cmd", 'say "hi", =now()', "Ōta 太田", "محمد", "a;b,c|d",
    "＝wide", "O'Neil", "' = x", "Zoë\u200b", "x" * 60,
]  # fmt: skip


def _community(world, make):
    design, data = make.interest("Design"), make.interest("Data; and charts")
    lisbon = make.place("Lisbon", region="South, by the sea")
    berlin = make.place("Berlin", country="DE", zone="Europe/Berlin")
    for number, text in enumerate(NASTY):
        make.member(text, f"n{number}@example.org", call_name=text[:20], search_name=f"{text} n{number}")
    ada = make.member(
        "Ada Stone", "Ada.Stone@example.org", level=Level.senior, work_mode=WorkMode.part_time, zone="Asia/Tokyo",
        country="JP", is_remote=True, birthday_month=2, birthday_day=29, anniversary_month=12, anniversary_day=1,
        source="fair-2027", own_fields=int(Own.full_name | Own.zone),
    )  # fmt: skip
    left = make.member("Lea Left", "lea@example.org")
    make.member(
        "Asa Asked", "asa@example.org", status=Status.asked, confirmed_at=None, asked_version="2026-11"
    )
    with world.inside() as current:
        person = current.get(Member, ada.id)
        preferences.follow(
            person,
            [current.merge(design), current.merge(data)],
            [current.merge(lisbon), current.merge(berlin)],
            True,
            True,
        )
        preferences.choose(
            person, {Topic.roles: Cadence.monthly, Topic.newsletter: Cadence.yearly}, "my page"
        )
        preferences.let_measure(person, True, "my page")
        members.pause(person, clock.now() + timedelta(days=60), "my page")
        members.leave(current.get(Member, left.id), "mail link")
        mail.suppress("ada.stone@example.org", Stream.event, "bounced", "550 no such user")


def _consents(world):
    found = {}
    with world.inside() as current:
        for member in current.scalars(select(Member)):
            lines = current.scalars(
                select(Consent).where(Consent.person == member.ledger_key).order_by(Consent.id)
            )
            found[member.address_key] = [
                (one.at, one.about, one.is_given, one.value, one.text_version, one.how, one.by)
                for one in lines
            ]
    return found


def _profiles(world):
    skipped = {"id", "public_id", "ledger_key", "search_name", "interest_mask"}
    return {
        key: {
            column.name: getattr(one, column.name)
            for column in Member.__table__.columns
            if column.name not in skipped
        }
        for key, one in office.people(world).items()
    }


def _stops(world):
    with world.inside() as current:
        return {
            (one.address_key, one.stream, one.reason, one.words, one.at)
            for one in current.scalars(select(Suppression))
        }


def test_out_of_one_portal_and_into_an_empty_one(world, make, as_staff):
    _community(world, make)
    answer = office.taken_out(world, as_staff("admin"), "?everybody=1&status=all", kind="whole", has_mark="y")
    assert answer.status_code == 200
    file = answer.data
    kind = "sqlite" if world.settings.database_url.get_secret_value().startswith("sqlite") else "postgresql"
    with databases.fresh_database(kind) as url:
        other = World(url, run.folder() / f"round-{kind}-{run.worker()}")
        admin = other.browser(other.make.staff("admin"))
        page = office.imported(other, admin, file, is_adding="y", is_inviting="y")
        told = office.report(admin, page)
        assert {what for what, _why in told.values()} == {
            "New, with the choices and consents of our own export"
        }
        assert _profiles(other) == _profiles(world)
        assert office.chosen(other) == office.chosen(world)
        assert _consents(other) == _consents(world)
        assert _stops(other) == _stops(world)
        assert other.letters() == [], "nobody is written to"
        # And once more: nothing changes any more.
        before = (_profiles(other), office.chosen(other), _consents(other))
        office.imported(other, admin, file, is_inviting="y")
        assert (_profiles(other), office.chosen(other), _consents(other)) == before
        with other.app.app_context():
            db.engine.dispose()


def _forged(world, make, as_staff, change):
    """Take somebody out, change the file, and bring it into a portal that has forgotten them; what became of it."""
    ada = make.member("Ada", "ada@example.org")
    admin = as_staff("admin")
    text = office.taken_out(world, admin, "?everybody=1&status=all", kind="whole").text
    with world.inside() as current:
        current.delete(current.get(Member, ada.id))
    page = office.imported(world, admin, change(text))
    return office.people(world), office.report(admin, page)


def test_a_seal_belongs_to_its_address(world, make, as_staff):
    people, told = _forged(
        world, make, as_staff, lambda text: text.replace("ada@example.org", "eve@example.org")
    )
    assert people["eve@example.org"].status is Status.asked
    assert "belongs to another address" in told["eve@example.org"][1]
    assert office.chosen(world)["eve@example.org"][0] == {}


def test_a_changed_seal_is_none(world, make, as_staff):
    people, told = _forged(world, make, as_staff, lambda text: text.replace("seal1.", "seal1.A", 1))
    assert people["ada@example.org"].status is Status.asked
    assert "seal" in told["ada@example.org"][1]


def test_writing_active_into_the_status_changes_nothing(world, make, as_staff):
    admin = as_staff("admin")
    office.imported(
        world, admin, "Mail address,Name,Status,Seal of our own export\nada@example.org,Ada,active,\n"
    )
    assert office.people(world)["ada@example.org"].status is Status.asked


def test_an_old_seal_brings_no_consent(world, make, as_staff):
    make.member("Ada", "ada@example.org")
    admin = as_staff("admin")
    with time_machine.travel(clock.now() - timedelta(days=40), tick=True):
        early = world.browser(admin.person)
        text = office.taken_out(world, early, "?everybody=1&status=all", kind="whole").text
    with world.inside() as current:
        current.delete(current.scalars(select(Member)).one())
    office.imported(world, admin, text)
    assert office.people(world)["ada@example.org"].status is Status.asked


def test_who_left_since_the_list_went_out_stays_out(world, make, as_staff):
    ada = make.member("Ada", "ada@example.org")
    admin = as_staff("admin")
    text = office.taken_out(world, admin, "?everybody=1&status=all", kind="whole").text
    with world.inside() as current:
        preferences.leave_everything(current.get(Member, ada.id), "my page")
    office.imported(world, admin, text)
    assert office.people(world)["ada@example.org"].status is Status.left
    assert {one for one, _ in office.chosen(world)["ada@example.org"][0].values()} == {Cadence.never}


def test_the_guard_lets_our_own_head_pass():
    assert [one.name for one in guesses(exporting.head(True), []) if one.is_refused] == []


def test_the_same_from_the_command_line(world, make, as_staff, tmp_path):
    _community(world, make)
    as_staff("admin")
    before = (_profiles(world), office.chosen(world), _consents(world))
    file = tmp_path / "people.csv"
    with world.app.app_context():
        assert by_hand.take_out(file) == len(before[0])
    with world.inside() as current:
        for member in current.scalars(select(Member)):
            current.delete(member)
        current.execute(delete(Suppression))
    with world.app.app_context():
        dry = list(by_hand.bring_in(file, is_dry_run=True, is_inviting=False))
    assert "dry run" in dry[-1]
    assert office.people(world) == {}
    with world.app.app_context():
        told = list(by_hand.bring_in(file, is_dry_run=False, is_inviting=False))
    assert told[-1] == "Imported."
    assert (_profiles(world), office.chosen(world), _consents(world)) == before
