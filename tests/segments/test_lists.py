"""Tags and hand-picked lists: guarded, given to people, read by them, never pulled from under a segment."""

from collections.abc import Callable
from html import unescape

import pytest
from sqlalchemy import func, select

from portal.core.db import session
from portal.members import traces
from portal.members.models import Member
from portal.segments import picking, queries, rules, tagging
from portal.segments.models import MemberTag, PickedMember, Segment, Tag
from portal.staff.models import Staff
from tests.world import Browser, Make, World

AsStaff = Callable[[str], Browser]


def test_a_tag_is_made_once_and_put_on_people(as_staff: AsStaff, make: Make, world: World) -> None:
    ada, bo = make.member("Ada"), make.member("Bo")
    rae = as_staff("recruiter")
    page = rae.post("/admin/segments/tags", **{"tag-name": "Speaker"}, follow=True)
    assert "“Speaker” is there" in page.text
    page = rae.post("/admin/segments/tags", **{"tag-name": "SPEAKER"})
    assert page.status_code == 422
    assert "There is such a tag already." in page.text
    with world.inside():
        tag = session().scalars(select(Tag)).one()
        by = session().scalars(select(Staff).where(Staff.id == rae.person.id)).one()
        assert tagging.give(tag, select(Member.id), by) == 2
        assert tagging.give(tag, select(Member.id), by) == 0
        assert tagging.take(tag, picking.only(bo)) == 1
        assert [one.name for one in tagging.tags_of(ada)] == ["Speaker"]
        rule = {"is": "tag", "any_of": ["speaker"]}
        assert session().scalars(select(Member.id).where(rules.members_in(rule))).all() == [ada.id]
    assert "Speaker" in rae.get("/admin/segments/lists").text


@pytest.mark.parametrize("name", ["Religion", "Gеnder", "over 50", "Schwerbehindert", "Black women"])
def test_nothing_made_by_hand_is_about_a_sensitive_trait(
    name: str, as_staff: AsStaff, make: Make, world: World
) -> None:
    make.interest("Water")
    rae = as_staff("recruiter")
    rule = {"r.join": "all", "r-0.is": "remote", "r-0.pick": "yes"}
    for page in (
        rae.post("/admin/segments/tags", **{"tag-name": name}),
        rae.post("/admin/segments/lists", name=name),
        rae.post("/admin/segments/new", data={"name": name, **rule}, do="save"),
    ):
        assert page.status_code == 422
        assert "choose by how people found us" in unescape(page.text)
    with world.inside():
        assert session().scalar(select(func.count()).select_from(Tag)) == 0
        assert picking.by_name() == []
        assert queries.by_name() == []


def test_no_kind_of_line_and_no_column_is_about_a_sensitive_trait() -> None:
    from_code = [
        *rules.KINDS,
        *(line.label for line in rules.KINDS.values()),
        *Member.__table__.columns.keys(),
    ]
    harmless = {"birthday_month", "birthday_day"}
    assert [one for one in from_code if tagging.guard.trait_in(one) and one not in harmless] == []
    assert "is" not in rules.KINDS
    assert not any("open" in one and one != "move" for one in rules.KINDS), (
        "opening a mail is no reason for anything"
    )


def test_people_are_picked_by_name_and_taken_off(as_staff: AsStaff, make: Make, world: World) -> None:
    ada = make.member("Ada Lovelace")
    make.member("Per 100% Cent")
    rae = as_staff("recruiter")
    page = rae.post("/admin/segments/lists", name="For the launch", line="", follow=True)
    assert "Nobody yet." in page.text
    page = rae.get("/admin/segments/lists/for-the-launch?q=%25")
    assert "Per 100% Cent" in page.text
    assert "Ada Lovelace" not in page.text
    page = rae.post("/admin/segments/lists/for-the-launch/people", person=ada.public_id, follow=True)
    assert "Ada Lovelace is on the list now." in page.text
    page = rae.post("/admin/segments/lists/for-the-launch/people", person=ada.public_id, follow=True)
    assert "was on the list already" in page.text
    with world.inside():
        rule = {"is": "list", "in": "for-the-launch"}
        assert session().scalars(select(Member.id).where(rules.members_in(rule))).all() == [ada.id]
    page = rae.post(f"/admin/segments/lists/for-the-launch/people/{ada.public_id}/removal", follow=True)
    assert "1 person is off the list." in page.text
    with world.inside():
        assert session().scalar(select(func.count()).select_from(PickedMember)) == 0


def test_what_a_segment_names_stays(as_staff: AsStaff, make: Make, world: World) -> None:
    rae = as_staff("recruiter")
    rae.post("/admin/segments/tags", **{"tag-name": "Speaker"})
    rae.post("/admin/segments/lists", name="Picked")
    base = {"r.join": "any", "r-0.is": "tag", "r-0.how": "any_of", "r-0.pick": "speaker"}
    base |= {"r-1.is": "list", "r-1.how": "in", "r-1.pick": "picked"}
    assert rae.post("/admin/segments/new", data={"name": "Near us", **base}, do="save").status_code == 302
    inside = {"r.join": "all", "r-0.is": "segment", "r-0.how": "not_in", "r-0.pick": "near-us"}
    assert rae.post("/admin/segments/new", data={"name": "Others", **inside}, do="save").status_code == 302
    for url, words in (
        ("/admin/segments/tags/speaker/removal", "the segment “Near us”"),
        ("/admin/segments/lists/picked/removal", "the segment “Near us”"),
        ("/admin/segments/near-us/removal", "the segment “Others”"),
    ):
        page = rae.post(url)
        assert page.status_code == 409
        assert words in unescape(page.text)
    page = rae.post("/admin/segments/near-us/edit", data={"name": "Near us", **inside}, do="save")
    assert page.status_code == 422
    assert "would be made of itself" in page.text
    around = inside | {"r-0.pick": "others", "r-0.how": "in"}
    page = rae.post("/admin/segments/near-us/edit", data={"name": "Near us", **around}, do="save")
    assert page.status_code == 422
    assert "would be made of itself" in page.text
    assert rae.post("/admin/segments/others/removal").status_code == 302
    assert rae.post("/admin/segments/near-us/removal").status_code == 302
    assert rae.post("/admin/segments/tags/speaker/removal").status_code == 302
    with world.inside():
        assert session().scalars(select(Segment)).all() == []


def test_members_read_their_tags_and_lists_and_take_them_along(make: Make, world: World) -> None:
    ada, rae = make.member("Ada"), make.staff("recruiter", name="Rae")
    with world.inside():
        tag, one = tagging.make("Speaker", rae), picking.make("Launch", "", rae)
        tagging.give(tag, picking.only(ada), rae)
        picking.pick(one, picking.only(ada), rae)
        kept = str(traces.everything(ada))
        assert "Speaker" in kept
        assert "Launch" in kept
        assert "Rae" in kept
        assert session().scalar(select(func.count()).select_from(MemberTag)) == 1


def test_viewers_and_teammates_read_no_lists(as_staff: AsStaff) -> None:
    assert as_staff("viewer").get("/admin/segments/lists").status_code == 403
    assert as_staff("viewer").post("/admin/segments/tags", **{"tag-name": "x"}).status_code == 403
