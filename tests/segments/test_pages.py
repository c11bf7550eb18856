"""Segments as staff meet them: built with buttons, counted live, never removed while something uses them."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import session
from portal.mail import actions as mail
from portal.mail.models import Stream
from portal.members.models import Status
from portal.newsletters.models import AudienceSegment, Newsletter
from portal.preferences.models import Cadence, Topic
from portal.segments import queries
from portal.segments.models import Segment
from tests.world import Browser, Make, World

AsStaff = Callable[[str], Browser]


def saved(world: World) -> list[Segment]:
    with world.inside():
        return list(session().scalars(select(Segment).order_by(Segment.id)))


def rule_fields(slug: str) -> dict[str, str]:
    return {"r.join": "all", "r-0.is": "interest", "r-0.how": "any_of", "r-0.pick": slug}


def test_a_segment_is_built_line_by_line_and_nothing_typed_is_lost(
    as_staff: AsStaff, make: Make, world: World
) -> None:
    water = make.interest("Water")
    make.member("Ada Active", interests=(water,))
    make.member("Paul Paused", interests=(water,), paused_until=clock.now() + timedelta(days=9))
    rae = as_staff("recruiter")
    assert rae.get("/admin/segments/new").status_code == 200
    typed = {"name": "Near water", "line": "For the boat", **rule_fields("water")}
    page = rae.post("/admin/segments/new", data=typed, **{"r.add": "group", "do": "add:r"})
    assert page.status_code == 422
    assert 'value="Near water"' in page.text
    assert re.search(r'value="water" checked', page.text)
    assert 'name="r-1.join"' in page.text
    typed |= {"r-1.join": "none"}
    page = rae.post("/admin/segments/new", data=typed, **{"r-1.add": "status", "do": "add:r-1"})
    assert 'name="r-1-0.pick" value="paused"' in page.text
    typed |= {"r-1-0.is": "status", "r-1-0.pick": "paused"}
    page = rae.post("/admin/segments/new", data=typed, do="count")
    assert "People who follow Water, and not those who are on a pause." in page.text
    assert "Ada Active" in page.text
    assert saved(world) == []
    page = rae.post("/admin/segments/new", data=typed, do="save", follow=True)
    assert page.status_code == 200
    [segment] = saved(world)
    assert segment.slug == "near-water"
    assert segment.rule == {
        "all": [
            {"is": "interest", "any_of": ["water"]},
            {"not": {"is": "status", "one_of": ["paused"]}},
        ]
    }


def test_removing_a_line_and_changing_the_rule_raises_the_version(
    as_staff: AsStaff, make: Make, world: World
) -> None:
    make.interest("Water")
    rae = as_staff("recruiter")
    rae.post("/admin/segments/new", data={"name": "One", **rule_fields("water")}, do="save")
    page = rae.get("/admin/segments/one/edit")
    assert re.search(r'value="water" checked', page.text)
    two = {"name": "One", **rule_fields("water"), "r-1.is": "remote", "r-1.pick": "yes"}
    page = rae.post("/admin/segments/one/edit", data=two, do="remove:r-0")
    assert 'name="r-0.is" value="remote"' in page.text
    assert 'name="r-1.is"' not in page.text
    rae.post("/admin/segments/one/edit", data=two, do="save")
    [segment] = saved(world)
    assert segment.version == 2
    rae.post("/admin/segments/one/edit", data=two | {"name": "Uno"}, do="save")
    [segment] = saved(world)
    assert (segment.version, segment.name, segment.slug) == (2, "Uno", "one")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": "", "r.join": "all", "r-0.is": "remote"}, "Give the segment a name."),
        ({"name": "x", "r.join": "all"}, "Add at least one line here"),
        (
            {"name": "x", "r.join": "all", "r-0.is": "interest", "r-0.how": "any_of"},
            "Choose at least one interest.",
        ),
        (
            {"name": "x", "r.join": "all", "r-0.is": "joined", "r-0.how": "within_days", "r-0.days": "x"},
            "number of days",
        ),
        (
            {"name": "x", "r.join": "all", "r-0.is": "joined", "r-0.how": "after", "r-0.day": "soon"},
            "Give a date",
        ),
        ({"name": "x", "r.join": "all", "r-0.is": "attended", "r-0.pick": ""}, "Choose an event."),
        ({"name": "x", **rule_fields("gone")}, "The interest “gone” does not exist any more."),
        (
            {"name": "x", "r.join": "all", "r-0.is": "status", "r-0.pick": "boss"},
            "We do not know that status.",
        ),
    ],
)
def test_what_does_not_fit_is_said_in_words_and_not_saved(
    fields: dict[str, str], words: str, as_staff: AsStaff, world: World
) -> None:
    page = as_staff("recruiter").post("/admin/segments/new", data=fields, do="save")
    assert page.status_code == 422
    assert words in unescape(page.text)
    assert saved(world) == []


HOSTILE = [
    "<script>alert(1)</script>",
    "{{ 7*7 }}",
    "%_\\",
    "a" * 10_000,
    "\u202eevil",
    "r-0-0-0-0-0-0-0.is",
    "😀",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_fields_never_break_the_page(text: str, as_staff: AsStaff, make: Make) -> None:
    make.interest("Water")
    rae = as_staff("recruiter")
    for do in ("save", "count", f"add:{text}", f"remove:{text}", text):
        page = rae.post(
            "/admin/segments/new",
            data={
                "name": text,
                "line": text,
                "r.join": text,
                "r-0.is": "interest",
                "r-0.how": text,
                "r-0.pick": text,
                f"r-1{text}": text,
                "r.add": text,
            },
            do=do,
        )
        assert page.status_code == 422
        assert "<script>alert" not in page.text
        assert "49" not in re.sub(r"[0-9a-f]{10}", "", page.text) or "7*7" in page.text


def test_a_deep_or_endless_form_is_cut_not_followed(as_staff: AsStaff, make: Make) -> None:
    fields = {"name": "x", "r.join": "all"}
    fields |= {f"r-{number}.is": "remote" for number in range(900)}
    page = as_staff("recruiter").post("/admin/segments/new", data=fields, do="save")
    assert page.status_code == 422
    assert "more than 60 lines" in page.text


def test_two_segments_cannot_have_one_name(as_staff: AsStaff, make: Make, world: World) -> None:
    make.interest("Water")
    rae = as_staff("recruiter")
    rae.post("/admin/segments/new", data={"name": "Boat", **rule_fields("water")}, do="save")
    page = rae.post("/admin/segments/new", data={"name": "BOAT", **rule_fields("water")}, do="save")
    assert page.status_code == 422
    assert "Another segment has this name already." in page.text
    assert len(saved(world)) == 1


def test_the_reach_says_why_not_the_others(make: Make, world: World) -> None:
    water = make.interest("Water")
    make.member(interests=(water,))
    make.member(interests=(water,), paused_until=clock.now() + timedelta(days=9))
    make.member(interests=(water,), topics={})
    make.member(interests=(water,), topics={Topic.newsletter: Cadence.never})
    make.member(interests=(water,), status=Status.left)
    gone = make.member(interests=(water,))
    with world.inside():
        mail.suppress(gone.address_key, Stream.marketing, "bounced")
        reach = queries.reach({"is": "interest", "any_of": ["water"]})
        assert (reach.total, reach.reachable) == (5, 1)
        assert sum(number for _, number in reach.left_out) == 4
        assert ("They did not choose this kind of mail", 2) in reach.left_out


def test_viewers_see_numbers_but_no_names(as_staff: AsStaff, make: Make, world: World) -> None:
    water = make.interest("Water")
    make.member("Ada Lovelace", interests=(water,))
    as_staff("recruiter").post(
        "/admin/segments/new", data={"name": "Boat", **rule_fields("water")}, do="save"
    )
    viewer = as_staff("viewer")
    page = viewer.get("/admin/segments/boat")
    assert page.status_code == 200
    assert "in this segment now" in page.text
    assert "Ada Lovelace" not in page.text
    assert "Remove this segment" not in page.text
    assert viewer.get("/admin/segments/new").status_code == 403
    assert viewer.post("/admin/segments/boat/removal").status_code == 403
    assert as_staff("teammate").get("/admin/segments").status_code == 403
    assert Browser(world).get("/admin/segments").status_code == 302


def test_a_used_segment_stays_and_the_page_says_where(as_staff: AsStaff, make: Make, world: World) -> None:
    make.interest("Water")
    rae = as_staff("recruiter")
    rae.post("/admin/segments/new", data={"name": "Boat", **rule_fields("water")}, do="save")
    [segment] = saved(world)
    moment = clock.now()
    issue = make.stored(
        Newsletter(slug="w", title="Winter tide", year=2027, quarter=1, sender_id=rae.person.id,
                   created_at=moment, changed_at=moment)
    )  # fmt: skip
    make.stored(AudienceSegment(newsletter_id=issue.id, segment_id=segment.id))
    page = rae.post("/admin/segments/boat/removal")
    assert page.status_code == 409
    assert "the newsletter “Winter tide”" in page.text
    assert len(saved(world)) == 1
    with world.inside() as current:
        current.query(AudienceSegment).delete()
    assert rae.post("/admin/segments/boat/removal").status_code == 302
    assert saved(world) == []


def test_a_broken_segment_is_shown_as_broken(as_staff: AsStaff, make: Make) -> None:
    moment = clock.now()
    make.stored(
        Segment(slug="b", name="Bee", rule={"not": {"is": "interest", "any_of": ["gone"]}}, created_at=moment,
                changed_at=moment),
        Segment(slug="c", name="Cee", rule={"is": "sql", "text": "1=1"}, created_at=moment, changed_at=moment),
    )  # fmt: skip
    rae = as_staff("recruiter")
    assert rae.get("/admin/segments").text.count("Broken") == 2
    page = rae.get("/admin/segments/b")
    assert "This rule is broken" in page.text
    assert "“gone” does not exist" in page.text
    assert rae.get("/admin/segments/c").status_code == 200
    assert rae.get("/admin/segments/c/edit").status_code == 200
    assert "gone (not offered any more)" in rae.get("/admin/segments/b/edit").text
    assert rae.get("/admin/segments/none").status_code == 404
