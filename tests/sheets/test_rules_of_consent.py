"""An import never widens what anybody agreed to, and changes nobody's own word."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.core import clock
from portal.core.addresses import parse
from portal.core.knock import Knock
from portal.mail import actions as mail
from portal.mail.models import Message, Stream
from portal.members import actions as members
from portal.members import forgetting, joining
from portal.members.actions import Profile
from portal.members.models import AddressChange, Consent, Member, Own, Status
from portal.preferences import actions as preferences
from portal.preferences.models import Cadence, Topic, TopicChoice
from portal.sheets import work
from tests.sheets import office

HEAD = "Email,Name,Level,Country,Interests,Newsletter,Status\n"


def test_somebody_new_is_asked_and_hears_nothing(world, make, as_staff):
    office.imported(world, as_staff("admin"), HEAD + "ada@example.org,Ada,Senior,PT,,quarterly,subscribed\n")
    ada = office.people(world)["ada@example.org"]
    assert (ada.status, ada.confirmed_at, ada.asked_version, ada.own_fields) == (Status.asked, None, "", 0)
    assert world.letters() == []
    with world.inside() as current:
        assert current.scalar(select(func.count()).select_from(TopicChoice)) == 0
        assert current.scalar(select(func.count()).select_from(Consent)) == 0


def test_one_invitation_leads_in_and_no_second_one_follows(world, make, as_staff):
    admin = as_staff("admin")
    office.imported(world, admin, HEAD + "ada@example.org,Ada,Senior,PT,,,\n", is_inviting="y")
    [letter] = world.letters("ada@example.org")
    assert "May" in letter.subject
    assert "Ada" not in letter.text, "nothing that a stranger typed stands in it"
    assert "/no-thanks" in letter.text
    office.imported(world, admin, HEAD + "ada@example.org,Ada,Lead,PT,,,\n", is_inviting="y")
    assert len(world.letters("ada@example.org")) == 1
    link, code = office.way_in(letter)
    guest = world.browser()
    shown = guest.get(link)
    assert "Going on says yes to this" in shown.text
    assert office.people(world)["ada@example.org"].status is Status.asked, "opening it says nothing"
    assert guest.post(link, code=code).status_code == 302
    ada = office.people(world)["ada@example.org"]
    assert ada.status is Status.active
    with world.inside() as current:
        lines = [
            (one.about, one.is_given, one.how)
            for one in current.scalars(select(Consent).order_by(Consent.id))
        ]
    assert ("network", True, "mail code") in lines
    assert not [line for line in lines if line[2] == "join form" and line[0] == "network"]


def test_the_invitation_is_refused_by_one_press_and_for_good(world, make, as_staff):
    admin = as_staff("admin")
    office.imported(world, admin, HEAD + "ada@example.org,Ada,,,,,\n", is_inviting="y")
    [letter] = world.letters("ada@example.org")
    link = office.no_thanks(letter)
    guest = world.browser()
    assert "Erase it" in guest.get(link).text
    assert "ada@example.org" in office.people(world)
    answer = guest.post(link, follow=True)
    assert "forgotten" in answer.text
    assert office.people(world) == {}
    assert "Nothing is left" in guest.get(link).text
    page = office.imported(world, admin, HEAD + "ada@example.org,Ada,,,,,\n", is_inviting="y")
    assert office.people(world) == {}
    assert "forgotten" in office.report(admin, page)["ada@example.org"][0]
    assert world.letters("ada@example.org") == []


def test_no_second_invitation_after_the_first_one_was_not_answered(world, make, as_staff):
    admin = as_staff("admin")
    office.imported(world, admin, HEAD + "ada@example.org,Ada,,,,,\n", is_inviting="y")
    assert len(world.letters()) == 1
    with world.inside() as current:
        current.scalars(select(Member)).one().asked_at = clock.now() - timedelta(days=90)
    with world.app.app_context():
        forgetting.remove_unconfirmed(world.settings)
    assert office.people(world) == {}
    office.imported(world, admin, HEAD + "ada@example.org,Ada,,,,,\n", is_inviting="y")
    assert office.people(world)["ada@example.org"].status is Status.asked
    assert len(world.letters()) == 1


def test_who_left_was_suppressed_or_forgotten_stays_so(world, make, as_staff):
    left = make.member("Lea", "left@example.org", own_fields=0)
    gone = make.member("Gil", "gone@example.org")
    with world.inside() as current:
        members.leave(current.get(Member, left.id), "my page")
        forgetting.forget(current.get(Member, gone.id), world.settings)
        mail.suppress("stop@example.org", Stream.marketing, "unsubscribed")
    admin = as_staff("admin")
    page = office.imported(
        world,
        admin,
        HEAD + "left@example.org,New Name,Lead,PT,,quarterly,subscribed\ngone@example.org,Gil,,,,,\n"
        "stop@example.org,Sid,,,,,\nGONE@example.org,Gil,,,,,\n",
        is_inviting="y",
    )
    people = office.people(world)
    assert set(people) == {"left@example.org"}
    assert (people["left@example.org"].status, people["left@example.org"].name) == (Status.left, "Lea")
    assert world.letters() == []
    told = office.report(admin, page)
    assert "left" in told["left@example.org"][0]
    assert "forgotten" in told["gone@example.org"][0]
    assert "must not be written to" in told["stop@example.org"][0]


def test_the_old_address_of_somebody_who_moved_brings_nobody(world, make, as_staff):
    ada = make.member("Ada", "new@example.org")
    make.stored(
        AddressChange(
            member_id=ada.id, old_address="Old@example.org", new_address="new@example.org",
            asked_at=clock.now(), confirmed_at=clock.now(),
        )
    )  # fmt: skip
    admin = as_staff("admin")
    page = office.imported(world, admin, HEAD + "old@example.org,Ada,,,,,\n", is_inviting="y")
    assert set(office.people(world)) == {"new@example.org"}
    assert "moved" in office.report(admin, page)["old@example.org"][0]


def test_what_a_member_said_stays_and_what_they_did_not_say_is_filled_in(world, make, as_staff):
    make.interest("Design")
    make.interest("Data")
    ada = make.member("Ada Stone", "ada@example.org", own_fields=int(Own.full_name | Own.level))
    bob = make.member("Bob", "bob@example.org")
    rows = "ada@example.org,Other Name,Senior,PT,Design; Data,yearly,\nbob@example.org,Other,Senior,PT,Design,,\n"
    admin = as_staff("admin")
    page = office.imported(world, admin, HEAD + rows)
    people = office.people(world)
    told = people["ada@example.org"]
    assert (told.name, told.level, told.country, told.interest_mask) == ("Ada Stone", None, "PT", 3)
    assert people["bob@example.org"].country == ""
    assert people["bob@example.org"].status is Status.active
    assert office.chosen(world)["ada@example.org"][0][Topic.newsletter][0] is Cadence.quarterly
    told = office.report(admin, page)
    assert "updated" in told["ada@example.org"][0]
    assert "nothing to change" in told["bob@example.org"][0]
    assert bob.id != ada.id


def test_a_blank_cell_takes_nothing_away(world, make, as_staff):
    make.member("Ada", "ada@example.org", own_fields=0, country="PT", call_name="A")
    office.imported(world, as_staff("admin"), HEAD + "ada@example.org,,,,,,\n")
    ada = office.people(world)["ada@example.org"]
    assert (ada.name, ada.country, ada.call_name) == ("Ada", "PT", "A")


def test_what_a_member_saves_or_chooses_is_theirs_from_then_on(world, make, as_staff):
    make.place("Lisbon")
    design = make.interest("Design")
    ada = make.member("Ada", "ada@example.org", own_fields=0)
    with world.inside() as current:
        person = current.get(Member, ada.id)
        members.save_profile(person, Profile(name="Ada Stone"))
        preferences.follow(person, [], [], False, False)
    assert design.bit == 0
    rows = "Email,Name,Level,Time zone,Interests,City\nada@example.org,Other,Senior,Europe/Lisbon,Design,Lisbon\n"
    office.imported(world, as_staff("admin"), rows)
    told = office.people(world)["ada@example.org"]
    assert (told.name, told.level, told.zone, told.interest_mask) == ("Ada Stone", None, "", 0)
    assert office.chosen(world)["ada@example.org"][1:] == (set(), set())


def test_somebody_who_joins_by_themselves_after_an_import_has_the_last_word(world, make, as_staff):
    office.imported(world, as_staff("admin"), HEAD + "ada@example.org,Typed By Staff,Senior,PT,,,\n")
    guest = world.browser()
    form = guest.get("/join")
    assert form.status_code == 200
    with world.inside():
        asked = joining.Asked("Ada Stone", "", "2026-11")
        joining.ask(parse("ada@example.org"), asked, Knock("somewhere", "", False), world.settings)
    ada = office.people(world)["ada@example.org"]
    assert (ada.name, ada.own_fields) == ("Ada Stone", int(Own.full_name))
    office.imported(world, as_staff("admin"), HEAD + "ada@example.org,Typed By Staff,Lead,PT,,,\n")
    ada = office.people(world)["ada@example.org"]
    assert (ada.name, ada.level) == ("Ada Stone", "lead")


@pytest.mark.parametrize("status", ["unsubscribed", "Cleaned", "bounced", "opted out", "Left"])
def test_who_stopped_elsewhere_is_not_brought_along(world, make, as_staff, status):
    admin = as_staff("admin")
    page = office.imported(world, admin, HEAD + f"ada@example.org,Ada,,,,,{status}\n", is_inviting="y")
    assert office.people(world) == {}
    assert "stopped" in office.report(admin, page)["ada@example.org"][1]


def test_invitations_stand_behind_every_other_mail(world, make, as_staff):
    admin = as_staff("admin")
    page = office.looked_through(world, admin, HEAD + "ada@example.org,Ada,,,,,\n", is_inviting="y")
    admin.post(f"{page}/start")
    world.asked[:] = [one for one in world.asked if one[0] == "sheets.work"]
    with world.app.app_context():
        [(_, (number,))] = world.asked
        world.asked.clear()
        work.work(number)
    with world.inside() as current:
        message = current.scalars(select(Message)).one()
        assert (message.stream, message.lane, message.line) == (Stream.account, 2, 2)
