"""The chance named to those who wait: from what happened, never from hope, and silent when too little did."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import null

from portal.core.db import session
from portal.events import chances, seats
from portal.events.chances import DropOut
from portal.members.models import Member

MUCH = DropOut(events=10, seats=200, given_back=30)


@pytest.mark.parametrize(
    ("position", "words"),
    [(1, "good"), (2, "good"), (3, "about even"), (4, "about even"), (5, "small"), (40, "small")],
)
def test_it_compares_the_place_in_the_line_with_what_usually_comes_free(position, words):
    said = chances.said(MUCH, position, 20)
    assert said.startswith(
        "Before our past events about 3 of 20 gave their seat back. Here that would be about 3 of"
    )
    assert f"you are number {position}: your chance is {words}." in said


@pytest.mark.parametrize("past", [DropOut(2, 200, 30), DropOut(10, 29, 5), DropOut(0, 0, 0)])
def test_it_is_silent_when_too_little_is_known(past):
    assert chances.said(past, 1, 20) == ""


def test_where_nobody_gives_back_it_says_so():
    assert "hardly anybody" in chances.said(DropOut(10, 200, 0), 1, 20)
    assert "small" in chances.said(DropOut(10, 200, 0), 1, 20)


@given(st.integers(30, 10_000), st.floats(0, 1), st.integers(1, 500), st.integers(1, 1000))
def test_nobody_further_back_is_told_a_better_chance(seats_taken, share, position, here):
    order = ["small", "about even", "good"]
    past = DropOut(5, seats_taken, int(seats_taken * share))
    mine, next_one = (chances.said(past, place, here) for place in (position, position + 1))
    rank = [
        next(number for number, one in enumerate(order) if f"is {one}." in said) for said in (mine, next_one)
    ]
    assert rank[0] >= rank[1]


def test_it_stands_on_the_page_of_those_who_wait(world, make, member):
    for number in range(4):
        make.event(in_days=-10 - number, capacity=20, taken_in_person=20, given_back=3)
    make.event(in_days=-30, capacity=20, taken_in_person=20, given_back=null())
    make.event(in_days=-31, capacity=20, taken_in_person=20, given_back=20, state="cancelled")
    event = make.event(capacity=1)
    with world.inside():
        assert chances.drop_out() == DropOut(4, 80, 12)
        seats.take_seat(session().get_one(Member, make.member().id), event.id)
    member.post(f"/events/{event.slug}/rsvp", answer="yes")
    assert "about 3 of 20 gave their seat back" in member.get(f"/events/{event.slug}").text
