"""Attendance: for each event, and for each segment, counted as its definition says."""

import pytest

from portal.core import clock
from portal.core.db import session
from portal.events.models import Answer, Rsvp
from portal.insights import queries
from portal.segments.models import Segment


def answered(make, event, person=None, answer=Answer.seat, attended=None, **more):
    moment = clock.now()
    return make.stored(
        Rsvp(
            event_id=event.id, member_id=person.id if person else None, answer=answer, attended=attended,
            asked_at=moment, changed_at=moment, **more,
        )
    )  # fmt: skip


def segment(make, rule, name="Remote"):
    author = make.staff("recruiter")
    moment = clock.now()
    return make.stored(
        Segment(
            slug=name.lower(), name=name, rule=rule, made_by=author.id, created_at=moment, changed_at=moment
        )
    )


def test_the_figures_of_each_event_and_segment(world, make, as_staff):
    remote, other = make.member(is_remote=True), make.member()
    event, old, coming = make.event(in_days=-5, title="Soup"), make.event(in_days=-400), make.event(in_days=5)
    answered(make, event, remote, attended=True)
    answered(make, event, other, attended=False)
    answered(make, event, make.member(is_remote=True), attended=False)
    answered(make, event, make.member(), answer=Answer.cancelled)
    answered(make, event, None, answer=Answer.cancelled, attended=True, is_walk_in=True)
    answered(make, old, remote, attended=False)
    answered(make, coming, remote)
    segment(make, {"is": "remote", "wanted": True})
    segment(make, {"is": "interest", "any": ["gone"]}, "Broken")
    with world.inside():
        year = queries.in_a_year()
        assert (year.seat, year.came, year.walk_in, year.missed) == (3, 2, 1, 2)
        assert round(year.missed_share, 2) == 0.67
        found = {one.segment.name: one.counts for one in queries.by_segment()}
        assert (found["Remote"].seat, found["Remote"].came, found["Remote"].missed) == (2, 1, 1)
        assert [one.counts.seat for one in queries.held().rows] == [3, 1]
        session().rollback()
    page = as_staff("viewer").get("/admin/insights")
    assert page.status_code == 200
    assert "Soup" in page.text
    assert "67 %" in page.text


@pytest.mark.parametrize("role", ["teammate"])
def test_who_may_not_see_figures(as_staff, stranger, role):
    assert as_staff(role).get("/admin/insights").status_code == 403
    assert stranger.get("/admin/insights").status_code == 302


def test_nothing_yet(as_staff):
    assert "Nothing has taken place yet" in as_staff("recruiter").get("/admin/insights").text
