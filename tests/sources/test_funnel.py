"""Where people come from and where they stop: counted without knowing anybody, shown without singling anybody out."""

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.members.models import Member
from portal.sources import counting, queries
from portal.sources.models import JoinCount, Step
from tests.world import RAW_CSRF


@pytest.fixture(autouse=True)
def _nothing_seen_yet(world):
    world.app.extensions["portal_tally"] = counting.Tally(world.app)


def _counts(world):
    with world.app.app_context():
        counting.store()
    with world.inside() as current:
        return {(one.tag, one.step): one.count for one in current.scalars(select(JoinCount))}


def _form(page):
    """The hidden fields that the form carries."""
    return {
        name: value
        for tag in re.findall(r"<input[^>]*>", page.text)
        for name in re.findall(r'name="([^"]+)"', tag)[:1]
        for value in re.findall(r'value="([^"]*)"', tag)[:1]
        if name in {"shown", "source"}
    }


def _joined(world, browser, link, address, name="Ada"):
    """Come by a link and send the form, as slowly as a person."""
    page = browser.get(link)
    fields = _form(page)
    with time_machine.travel(clock.now() + timedelta(seconds=5), tick=True):
        answer = browser.post("/join", address=address, name=name, agree="y", **fields)
        assert answer.status_code == 302, answer.text
        letter = world.letters(address)[0]
    code = re.search(r"\b(\d{3}) ?(\d{3})\b", letter.text)[0].replace(" ", "")
    assert browser.post("/join/check-your-mail", code=code).status_code == 302


def test_the_way_in_is_counted_by_its_link(world, make, as_staff):
    recruiter = as_staff("recruiter")
    answer = recruiter.post("/admin/sources", name="River fair 2027", follow=True)
    assert "http://portal.test/join?from=river-fair-2027" in answer.text
    guest = world.browser()
    _joined(world, guest, "/join?from=river-fair-2027", "ada@example.org")
    assert guest.post("/me/interests?welcome=1").status_code == 302
    world.browser().get("/join?utm_source=RIVER-fair-2027")
    world.browser().get("/join?from=ada@example.org-was-here")
    world.browser().get("/join")
    assert _counts(world) == {
        ("river-fair-2027", Step.seen): 2,
        ("river-fair-2027", Step.sent): 1,
        ("river-fair-2027", Step.confirmed): 1,
        ("river-fair-2027", Step.chose): 1,
        ("other", Step.seen): 1,
        ("", Step.seen): 1,
    }
    with world.inside() as current:
        assert current.scalars(select(Member)).one().source == "river-fair-2027"


def test_opening_the_form_stores_nothing_by_itself(world, stranger):
    with world.statements() as seen:
        stranger.get("/join?from=x")
    assert [one for one in seen if not one.upper().startswith("SELECT")] == []


def test_what_goes_wrong_is_counted(world, stranger):
    stranger.get("/join")
    assert stranger.post("/join", address="no address").status_code == 422
    stranger.post("/join/check-your-mail", code="000000")
    stranger.get("/join/confirm/never-written")
    with stranger.client.session_transaction() as cookie:
        cookie["csrf_token"] = RAW_CSRF
    stranger.post_without_token("/join")
    found = _counts(world)
    for step in (Step.seen, Step.mistaken, Step.wrong_code, Step.unknown_link, Step.grown_old):
        assert found["", step] == 1, step


def test_sums_of_several_processes_add_up(world):
    for _ in range(3):
        with world.app.app_context():
            counting.add(Step.seen, "")
            counting.add(Step.seen, "")
            counting.store()
    assert _counts(world) == {("", Step.seen): 6}


def _stored(world, **counts):
    with world.inside() as current:
        for tag, values in counts.items():
            for step, count in values.items():
                current.add(JoinCount(day=clock.now().date(), tag=tag, step=Step(step), count=count))


def test_small_groups_are_not_told_apart_nor_reckoned_out(world, make, as_staff):
    recruiter = as_staff("recruiter")
    recruiter.post("/admin/sources", name="Fair")
    _stored(
        world, fair={"seen": 40, "sent": 14, "confirmed": 3}, other={"seen": 25, "sent": 9, "confirmed": 12}
    )
    page = recruiter.get("/admin/sources").text
    assert "under 10" in page
    with world.inside():
        found = queries.funnel(90)
    by_tag = {one.tag: one.counts for one in found.sources}
    assert by_tag["fair"] == {Step.seen: 40, Step.sent: 14, Step.confirmed: None, Step.chose: None}
    assert by_tag["other"][Step.sent] is None
    assert found.totals == {Step.seen: 65, Step.sent: 20, Step.confirmed: 10, Step.chose: None}


def test_only_the_days_that_were_asked_for(world, make):
    with world.inside() as current:
        for ago in (0, 40, 200):
            day = clock.now().date() - timedelta(days=ago)
            current.add(JoinCount(day=day, tag="", step=Step.seen, count=20))
    with world.inside():
        assert [queries.funnel(days).totals[Step.seen] for days in (30, 90, 365)] == [20, 40, 60]


def test_a_name_once_and_with_letters(world, as_staff):
    recruiter = as_staff("recruiter")
    recruiter.post("/admin/sources", name="Fair")
    assert "already" in recruiter.post("/admin/sources", name="fair").text
    assert "letters from a to z" in recruiter.post("/admin/sources", name="太田").text
    assert recruiter.post("/admin/sources", name="").status_code == 422
    assert "already" in recruiter.post("/admin/sources", name="Other").text


def test_who_may_look_and_who_may_make(world, as_staff, stranger):
    assert as_staff("viewer").get("/admin/sources").status_code == 200
    assert "Make the link" not in as_staff("viewer").get("/admin/sources").text
    assert as_staff("viewer").post("/admin/sources", name="Fair").status_code == 403
    assert as_staff("teammate").get("/admin/sources").status_code == 403
    assert stranger.get("/admin/sources").status_code == 302


def test_a_retired_link_is_counted_all_the_same(world, as_staff):
    recruiter = as_staff("recruiter")
    recruiter.post("/admin/sources", name="Fair")
    assert "no more" in recruiter.post("/admin/sources/1/retirement", follow=True).text
    world.browser().get("/join?from=fair")
    assert _counts(world) == {("fair", Step.seen): 1}
    with world.app.app_context():
        db.engine.dispose()
