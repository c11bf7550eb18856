"""The rule in SQL says the same as the rule in plain Python, for any member and any rule."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from portal.core import clock
from portal.core.db import session
from portal.events.models import Answer, Rsvp
from portal.members.models import Level, Member, Status, WorkMode
from portal.preferences.models import MemberPlace
from portal.segments import rules
from portal.segments.criteria import NotARule
from tests.world import Make, World

INTERESTS = ["one", "two", "three"]
BITS = {"one": 0, "two": 31, "three": 62}
PLACES = ["here", "there"]
EVENTS = ["first", "second"]
NOW = clock.now()


@dataclass
class Facts:
    """What the oracle knows about a member, without any SQL."""

    interests: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    events: set[str] = field(default_factory=set)
    level: str | None = None
    work_mode: str | None = None
    is_remote: bool = False
    status: str = "active"
    confirmed_at: datetime | None = None


def holds(rule: dict[str, Any], who: Facts) -> bool:
    """Evaluate a rule the slow and plain way."""
    if "all" in rule:
        return all(holds(part, who) for part in rule["all"])
    if "any" in rule:
        return any(holds(part, who) for part in rule["any"])
    if "not" in rule:
        return not holds(rule["not"], who)
    match rule["is"]:
        case "interest" if "any_of" in rule:
            return bool(who.interests & set(rule["any_of"]))
        case "interest" if "all_of" in rule:
            return set(rule["all_of"]) <= who.interests
        case "interest":
            return not who.interests & set(rule["none_of"])
        case "place":
            return bool(who.places & set(rule["any_of"]))
        case "level":
            return who.level in rule["one_of"]
        case "work_mode":
            return who.work_mode in rule["one_of"]
        case "remote":
            return who.is_remote == rule["wanted"]
        case "status":
            return who.status in rule["one_of"]
        case "attended":
            return rule["event"] in who.events
        case "joined":
            if who.confirmed_at is None:
                return False
            if "within_days" in rule:
                return who.confirmed_at >= NOW - timedelta(days=rule["within_days"])
            day = date.fromisoformat(rule.get("after") or rule["before"])
            midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
            return who.confirmed_at >= midnight if "after" in rule else who.confirmed_at < midnight
    raise AssertionError(rule)


def some(of: list[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(of), min_size=1, max_size=len(of), unique=True)


# Nobody in these tests joined at midnight or a whole number of days ago, so that no clock tick decides.
DAYS = st.dates(date(2024, 1, 1), date(2027, 1, 1)).map(date.isoformat)
LINE = st.one_of(
    st.builds(
        lambda how, of: {"is": "interest", how: of},
        st.sampled_from(["any_of", "all_of", "none_of"]),
        some(INTERESTS),
    ),
    st.builds(lambda of: {"is": "place", "any_of": of}, some(PLACES)),
    st.builds(lambda of: {"is": "level", "one_of": of}, some(list(Level))),
    st.builds(lambda of: {"is": "work_mode", "one_of": of}, some(list(WorkMode))),
    st.builds(lambda yes: {"is": "remote", "wanted": yes}, st.booleans()),
    st.builds(lambda of: {"is": "status", "one_of": of}, some(["active", "paused", "asked", "left"])),
    st.builds(lambda key, day: {"is": "joined", key: day}, st.sampled_from(["after", "before"]), DAYS),
    st.builds(lambda days: {"is": "joined", "within_days": days}, st.integers(1, 900)),
    st.builds(lambda slug: {"is": "attended", "event": slug}, st.sampled_from(EVENTS)),
)
RULE = st.recursive(
    LINE,
    lambda inner: st.one_of(
        st.builds(lambda parts: {"all": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda parts: {"any": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda part: {"not": part}, inner),
    ),
    max_leaves=8,
)
FACTS = st.builds(
    Facts,
    interests=st.sets(st.sampled_from(INTERESTS)),
    places=st.sets(st.sampled_from(PLACES)),
    events=st.sets(st.sampled_from(EVENTS)),
    level=st.none() | st.sampled_from(list(Level)),
    work_mode=st.none() | st.sampled_from(list(WorkMode)),
    is_remote=st.booleans(),
    status=st.sampled_from(["active", "paused", "asked", "left"]),
    confirmed_at=st.none()
    | st.integers(0, 900).map(lambda days: NOW - timedelta(days=days, hours=7, minutes=13, seconds=5)),
)


@pytest.fixture
def known(make: Make) -> dict[str, dict[str, int]]:
    """The interests, places and events that the rules speak of."""
    return {
        "interests": {slug: make.interest(slug, slug=slug, bit=BITS[slug]).bit for slug in INTERESTS},
        "places": {slug: make.place(slug, slug=slug).id for slug in PLACES},
        "events": {slug: make.event(slug=slug).id for slug in EVENTS},
    }


def store(facts: list[Facts], known: dict[str, dict[str, int]], make: Make) -> list[int]:
    """Write members of whom these facts are true; returns their ids in the same order."""
    ids = []
    for who in facts:
        person = make.member(
            topics={},
            status={"paused": Status.active}.get(who.status) or Status(who.status),
            paused_until=NOW + timedelta(days=30) if who.status == "paused" else None,
            level=who.level,
            work_mode=who.work_mode,
            is_remote=who.is_remote,
            confirmed_at=who.confirmed_at,
            interest_mask=sum(1 << known["interests"][slug] for slug in who.interests),
        )
        ids.append(person.id)
        rows: list[Any] = [
            MemberPlace(member_id=person.id, place_id=known["places"][slug]) for slug in who.places
        ]
        rows += [
            Rsvp(
                event_id=event_id,
                member_id=person.id,
                answer=Answer.seat,
                asked_at=NOW,
                changed_at=NOW,
                attended=True if slug in who.events else None,
            )
            for slug, event_id in known["events"].items()
        ]
        make.stored(*rows)
    return ids


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(facts=st.lists(FACTS, min_size=6, max_size=6), asked=st.lists(RULE, min_size=40, max_size=40))
def test_sql_says_what_python_says(
    facts: list[Facts],
    asked: list[dict[str, Any]],
    known: dict[str, dict[str, int]],
    make: Make,
    world: World,
) -> None:
    ids = store(facts, known, make)
    with world.inside():
        for rule in asked:
            mine = Member.id.in_(ids)
            inside = set(session().scalars(select(Member.id).where(rules.condition(rule), mine)))
            outside = set(session().scalars(select(Member.id).where(rules.condition({"not": rule}), mine)))
            expected = {one for one, who in zip(ids, facts, strict=True) if holds(rule, who)}
            assert inside == expected, rule
            assert outside == set(ids) - expected, rule


@settings(max_examples=200, deadline=None)
@given(rule=RULE)
def test_the_stored_form_is_the_read_form(rule: dict[str, Any]) -> None:
    stored = rules.to_json(rules.parse(rule))
    assert rules.to_json(rules.parse(stored)) == stored


JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["is", "all", "any", "not", "interest", "joined", "after", "2027-03-01", "2027-02-30"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["is", "all", "any", "not", "any_of", "one_of", "within_days", "after", "event", "wanted"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=400, deadline=None)
@given(given_=JUNK)
def test_anything_else_is_refused_in_words(given_: object) -> None:
    try:
        node = rules.parse(given_)
    except NotARule as refused:
        said = str(refused)
    else:
        said = "a rule after all"
        assert rules.parse(rules.to_json(node)) == node
    assert said


@pytest.mark.parametrize(
    "rule",
    [
        {},
        {"all": []},
        {"is": "name", "any_of": ["x"]},
        {"is": "interest", "any_of": []},
        {"is": "interest", "any_of": ["x"], "all_of": ["y"]},
        {"is": "interest", "any_of": ["x"], "sql": "1=1"},
        {"is": "level", "one_of": ["boss"]},
        {"is": "joined", "within_days": 0},
        {"is": "joined", "within_days": True},
        {"is": "joined", "after": "2027-02-30"},
        {"is": "remote", "wanted": "yes"},
        {"all": [{"is": "remote", "wanted": True}], "any": [{"is": "remote", "wanted": True}]},
        {"not": {"not": {"not": {"not": {"not": {"not": {"is": "remote", "wanted": True}}}}}}},
        {"all": [{"is": "remote", "wanted": True}] * 61},
    ],
)
def test_what_is_no_rule_is_refused(rule: dict[str, Any], world: World) -> None:
    with pytest.raises(NotARule):
        rules.parse(rule)
    with world.inside(), pytest.raises(rules.Broken):
        rules.condition(rule)


def test_a_rule_that_names_something_deleted_is_broken_and_never_true(
    known: dict[str, dict[str, int]], world: World
) -> None:
    gone = {"not": {"is": "interest", "any_of": ["one", "gone"]}}
    with world.inside():
        assert rules.problems(gone) == ["The interest “gone” does not exist any more."]
        with pytest.raises(rules.Broken):
            rules.condition(gone)
        assert "“gone” (deleted)" in rules.in_words(gone)
        assert rules.problems({"is": "attended", "event": "never"}) == [
            "The event “never” does not exist any more."
        ]


def test_a_rule_in_words(known: dict[str, dict[str, int]], world: World) -> None:
    rule = {
        "all": [
            {"is": "interest", "any_of": ["one", "two"]},
            {"any": [{"is": "place", "any_of": ["here"]}, {"is": "remote", "wanted": True}]},
            {"not": {"is": "status", "one_of": ["paused"]}},
            {"is": "joined", "within_days": 1},
        ]
    }
    with world.inside():
        assert rules.in_words(rule) == (
            "People who follow one or two, and (who chose here as a place, or who are open to remote work), "
            "and not those who are on a pause, and who joined within the last day"
        )
        assert rules.in_words({"not": {"is": "remote", "wanted": True}}) == (
            "People except those who are open to remote work"
        )


def test_who_left_is_not_meant_unless_asked_for(make: Make, world: World) -> None:
    stays = make.member(is_remote=True)
    left = make.member(is_remote=True, status=Status.left)
    with world.inside():
        remote = {"is": "remote", "wanted": True}
        both = {"all": [remote, {"is": "status", "one_of": ["left", "active"]}]}
        assert set(session().scalars(select(Member.id).where(rules.members_in(remote)))) == {stays.id}
        assert set(session().scalars(select(Member.id).where(rules.members_in(both)))) == {stays.id, left.id}
