"""What happens here when somebody joins, comes back, takes their data along, or is forgotten."""

from sqlalchemy import select

from portal.members import actions as members
from portal.members import arrivals, traces
from portal.members import consent_texts as joining_texts
from portal.members.models import Member
from portal.preferences import actions, queries
from portal.preferences.models import (
    Cadence,
    LeavingReason,
    MemberInterest,
    MemberPlace,
    Reason,
    Topic,
    TopicChoice,
)
from tests.preferences.scene import choices, consents
from tests.world import World


def test_who_joins_gets_exactly_what_the_words_they_ticked_say(world: World) -> None:
    person = world.make.member(topics={})
    with world.inside() as current:
        arrivals.happen(current.get(Member, person.id))
    held = {
        topic: cadence for topic, cadence in choices(world, person).items() if cadence is not Cadence.never
    }
    assert held == {Topic.newsletter: Cadence.quarterly, Topic.events: Cadence.each}
    words = joining_texts.current().words
    assert "a newsletter each quarter" in words
    assert "invitations to events" in words
    lines = [line for line in consents(world, person) if line.about.startswith("topic:")]
    assert {line.about for line in lines} == {"topic:newsletter", "topic:events"}
    assert all(line.text_version == joining_texts.current().version for line in lines)


def test_arriving_twice_changes_nothing_that_was_chosen(world: World) -> None:
    person = world.make.member(topics={Topic.roles: Cadence.monthly})
    with world.inside() as current:
        arrivals.happen(current.get(Member, person.id))
    assert choices(world, person)[Topic.newsletter] is Cadence.never
    assert choices(world, person)[Topic.roles] is Cadence.monthly


def test_the_welcome_letter_says_what_comes_and_when(world: World) -> None:
    person = world.make.member()
    with world.inside() as current:
        sentences = arrivals.promises(current.get(Member, person.id))
    assert "You get about 4 mails a quarter." in sentences
    assert any(one.startswith("The next newsletter comes about ") for one in sentences)


def test_everything_can_be_taken_along_and_nothing_stays_behind(world: World) -> None:
    interest, place = world.make.interest("Hydrology"), world.make.place("Lisbon")
    person, other = world.make.member(), world.make.member(interests=(interest,))
    with world.inside() as current:
        here = current.get(Member, person.id)
        actions.follow(here, [interest], [place], is_remote=False, is_open_to_move=False)
        actions.choose(here, {Topic.roles: Cadence.each}, "contact page")
        actions.give_reason(here, Topic.notes, Reason.other, "My secret words")
        members.leave(here, "contact page")
    with world.inside() as current:
        held = {one.name: one.rows for one in traces.everything(current.get(Member, person.id))}
    assert held["interests"] == [{"Interest": "Hydrology"}]
    assert held["places"] == [{"Place": "Lisbon", "Country": "PT"}]
    assert {"Topic": "Role alerts", "How often": "Each one"} in held["topics"]
    assert held["reasons"][0]["In your words"] == "My secret words"
    with world.inside() as current:
        removed = traces.erase_all(current.get(Member, person.id))
    assert (removed["interests"], removed["places"], removed["reasons"]) == (1, 1, 1)
    with world.inside() as current:
        for table in (MemberInterest, MemberPlace, TopicChoice):
            assert person.id not in current.scalars(select(table.member_id)).all()
        (reason,) = current.scalars(select(LeavingReason)).all()
        assert (reason.member_id, reason.text, reason.reason) == (None, "", Reason.other)
        assert [row.name for row in queries.interests_of(current.merge(other))] == ["Hydrology"]
