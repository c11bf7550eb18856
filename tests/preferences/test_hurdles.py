"""May this person be mailed about this topic now? The same SQL when an audience is counted and when it is claimed."""

from datetime import timedelta

import pytest
from sqlalchemy import literal, select

from portal.core import clock
from portal.mail import gate
from portal.mail.models import Message, State, Stream
from portal.members.models import Member
from portal.preferences import actions, queries
from portal.preferences.models import Cadence, Topic
from tests.preferences.scene import mail_to
from tests.world import World


class Candidate:
    """A member as an audience sees one: a row of a subquery."""

    def __init__(self, person: Member, topic: Topic | str) -> None:
        people = select(Member.id, Member.address_key).where(Member.id == person.id).subquery()
        self.member_id, self.address_key = people.c.id, people.c.address_key
        self.topic, self.stream = literal(str(topic)), literal("marketing")


def verdict(world: World, person: Member, topic: Topic | str) -> str:
    """Why not, in an audience; the ledger row says the same."""
    with world.inside() as current:
        in_audience = current.scalar(select(gate.verdict(Candidate(person, topic), Stream.marketing)))
    planned = mail_to(
        world,
        person,
        topic=str(topic),
        state=State.planned,
        handed_over_at=None,
        number=clock.now().timestamp(),
    )
    with world.inside() as current:
        when_claimed = current.scalar(
            select(gate.verdict(Message, Stream.marketing)).where(Message.id == planned.id)
        )
        current.delete(current.get(Message, planned.id))
    assert in_audience == when_claimed
    return str(in_audience)


def test_only_what_was_chosen_is_mailed(world: World) -> None:
    person = world.make.member(topics={Topic.newsletter: Cadence.quarterly, Topic.events: Cadence.never})
    assert verdict(world, person, Topic.newsletter) == ""
    assert verdict(world, person, Topic.events) == "not_chosen"
    assert verdict(world, person, Topic.roles) == "not_chosen", "no row means never"
    assert verdict(world, person, "") == "", "mail without a topic is not held up by topics"


@pytest.mark.parametrize(
    ("topic", "cadence", "days"),
    [
        (Topic.events, Cadence.monthly, 28),
        (Topic.newsletter, Cadence.quarterly, 75),
        (Topic.newsletter, Cadence.yearly, 330),
    ],
)
def test_a_topic_rests_as_long_as_its_cadence(
    world: World, topic: Topic, cadence: Cadence, days: int
) -> None:
    person = world.make.member(topics={topic: cadence})
    assert verdict(world, person, topic) == ""
    just_within, just_after = timedelta(days=days, minutes=-5), timedelta(days=days, minutes=5)
    late = mail_to(world, person, topic=str(topic), handed_over_at=clock.now() - just_within)
    assert verdict(world, person, topic) == "not_due"
    with world.inside() as current:
        current.get(Message, late.id).handed_over_at = clock.now() - just_after
    assert verdict(world, person, topic) == ""


def test_each_one_means_each_one(world: World) -> None:
    person = world.make.member(topics={Topic.events: Cadence.each})
    mail_to(world, person, topic="events")
    assert verdict(world, person, Topic.events) == ""


def test_what_never_left_does_not_count_and_what_may_have_does(world: World) -> None:
    person = world.make.member(topics={Topic.newsletter: Cadence.quarterly})
    for number, state in enumerate((State.failed, State.skipped)):
        mail_to(world, person, state=state, handed_over_at=None, number=number)
    assert verdict(world, person, Topic.newsletter) == ""
    mail_to(world, person, state=State.unknown, handed_over_at=None, number=7)
    assert verdict(world, person, Topic.newsletter) == "not_due"


def test_other_topics_and_other_people_do_not_count(world: World) -> None:
    person, other = world.make.member(), world.make.member()
    mail_to(world, person, topic="events")
    mail_to(world, other, topic="newsletter", number=2)
    assert verdict(world, person, Topic.newsletter) == ""


def test_left_and_paused_people_are_not_mailed(world: World) -> None:
    person = world.make.member()
    with world.inside() as current:
        actions.pause(current.get(Member, person.id), 1, clock.now().tzinfo, "contact page")  # type: ignore[arg-type]
    assert verdict(world, person, Topic.newsletter) == "paused"
    with world.inside() as current:
        actions.resume(current.get(Member, person.id), "contact page")
    assert verdict(world, person, Topic.newsletter) == ""
    with world.inside() as current:
        actions.leave_everything(current.get(Member, person.id), "contact page")
    assert verdict(world, person, Topic.newsletter) == "left"


def test_who_chose_a_topic_can_be_counted(world: World) -> None:
    wants = world.make.member(topics={Topic.roles: Cadence.monthly})
    world.make.member(topics={Topic.roles: Cadence.never})
    world.make.member()
    with world.inside() as current:
        assert current.scalars(select(Member.id).where(queries.chose(Topic.roles))).all() == [wants.id]


def test_the_reasons_have_words(world: World) -> None:
    for reason in ("not_chosen", "not_due"):
        assert "They" in gate.words_of(reason)
