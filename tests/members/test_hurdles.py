"""Who may not be mailed, and why."""

from datetime import timedelta

import pytest
from sqlalchemy import literal, select

from portal.core import clock
from portal.mail import gate
from portal.mail.models import Stream
from portal.members import actions
from portal.members.models import Member, Status
from tests.members.cast import consents
from tests.world import World


def reason(world: World, person: Member, stream: Stream) -> str:
    people = select(Member.id.label("member_id"), Member.address_key, literal("").label("topic")).subquery()
    with world.inside() as current:
        found = current.scalar(select(gate.verdict(people.c, stream)).where(people.c.member_id == person.id))
    return str(found)


@pytest.mark.parametrize(
    ("status", "marketing", "event"),
    [(Status.active, "", ""), (Status.left, "left", ""), (Status.asked, "not_confirmed", "not_confirmed")],
)
def test_where_they_stand_decides(world: World, status: Status, marketing: str, event: str) -> None:
    person = world.make.member(status=status)
    assert reason(world, person, Stream.marketing) == marketing
    assert reason(world, person, Stream.event) == event
    assert reason(world, person, Stream.account) == ""


def test_a_pause_ends_by_itself(world: World) -> None:
    person = world.make.member(paused_until=clock.now() + timedelta(days=1))
    assert reason(world, person, Stream.marketing) == "paused"
    assert reason(world, person, Stream.event) == ""
    over = world.make.member(paused_until=clock.now() - timedelta(days=1))
    assert reason(world, over, Stream.marketing) == ""


def test_each_change_of_mind_is_one_line(world: World) -> None:
    person = world.make.member()
    for deed in (
        lambda who: actions.leave(who, "page"),
        lambda who: actions.leave(who, "page"),
        lambda who: actions.come_back(who, "page"),
        lambda who: actions.come_back(who, "page"),
        lambda who: actions.pause(who, clock.now() + timedelta(days=30), "page"),
        lambda who: actions.end_pause(who, "page"),
        lambda who: actions.end_pause(who, "page"),
    ):
        with world.inside() as current:
            deed(current.get(Member, person.id))
    lines = [
        (line.about, line.is_given) for line in consents(world, person) if not line.about.startswith("topic")
    ]
    assert lines == [("network", False), ("network", True), ("pause", True), ("pause", False)]


@pytest.mark.parametrize("verb", ["UPDATE consents SET is_given = NOT is_given", "DELETE FROM consents"])
def test_the_ledger_refuses_to_be_changed(world: World, verb: str) -> None:
    person = world.make.member()
    with world.inside() as current:
        actions.leave(current.get(Member, person.id), "page")
    with pytest.raises(Exception, match="append-only"), world.inside() as current:
        current.connection().exec_driver_sql(verb)
    assert len(consents(world, person)) == 1
