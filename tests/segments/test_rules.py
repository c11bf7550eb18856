"""The rule in SQL says the same as the rule in plain Python, for any member and any rule."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from portal.core import clock
from portal.core.db import session
from portal.events.models import Answer, EventInterest, Rsvp
from portal.mail.models import Mailing, MailingState, Message, State, Stream
from portal.mail.provider_models import Measurement, Sight, Verdict
from portal.members.models import Level, Member, Readiness, Status, WorkMode
from portal.preferences.models import Cadence, MemberPlace, Topic
from portal.segments import rules, why
from portal.segments.criteria import NotARule
from portal.segments.models import MemberTag, PickedList, PickedMember, Segment, Tag
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
    country: str = ""
    is_open_to_move: bool = False
    readiness: str | None = None
    source: str = ""
    events_cadence: str | None = None
    missed: set[str] = field(default_factory=set)
    waits: set[str] = field(default_factory=set)
    tags: set[str] = field(default_factory=set)
    lists: set[str] = field(default_factory=set)
    mailings: set[str] = field(default_factory=set)
    clicked: set[str] = field(default_factory=set)
    may_measure: bool | None = None
    last_contact: datetime | None = None


REGION = {"here": "South", "there": "North"}
FORMAT = {"first": "online", "second": "in_person"}
SEGMENTS = {
    "remotes": {"is": "remote", "wanted": True},
    "near": {"all": [{"is": "place", "any_of": ["here"]}, {"not": {"is": "tag", "any_of": ["quiet"]}}]},
    "both": {"any": [{"is": "segment", "in": "remotes"}, {"is": "segment", "not_in": "near"}]},
}


def within(moment: datetime | None, rule: dict[str, Any]) -> bool | None:
    """Whether a moment is as late as a rule asks; None when the rule asks for something early."""
    if "within_days" in rule or "more_than_days" in rule:
        bound = NOW - timedelta(days=rule.get("within_days") or rule["more_than_days"])
    else:
        day = date.fromisoformat(rule.get("after") or rule["before"])
        bound = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return moment is not None and moment >= bound


def happened(rule: dict[str, Any], events: set[str]) -> bool:
    """Whether one of these events is one that a line about events means."""
    if "event" in rule:
        return rule["event"] in events
    if "format" in rule:
        return any(FORMAT[one] == rule["format"] for one in events)
    if "about" in rule:
        return rule["about"] == "one" and "first" in events
    return bool(events)


def holds(rule: dict[str, Any], who: Facts) -> bool:
    """Evaluate a rule the slow and plain way."""
    if "all" in rule:
        return all(holds(part, who) for part in rule["all"])
    if "any" in rule and "is" not in rule:
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
            return happened(rule, who.events)
        case "missed":
            return happened(rule, who.missed)
        case "waiting":
            return happened(rule, who.waits)
        case "seat":
            return happened(rule, set(EVENTS) - who.waits)
        case "answered":
            return happened(rule, set(EVENTS))
        case "joined":
            if who.confirmed_at is None:
                return False
            is_late = "after" in rule or "within_days" in rule
            return within(who.confirmed_at, rule) is is_late
        case "contacted":
            return within(who.last_contact, rule) is ("after" in rule or "within_days" in rule)
        case "region":
            return bool({REGION[one] for one in who.places} & set(rule["any_of"]))
        case "country":
            return who.country in rule["one_of"]
        case "move":
            return who.is_open_to_move == rule["wanted"]
        case "readiness":
            return who.readiness in rule["one_of"]
        case "source":
            return (who.source or "-") in rule["one_of"]
        case "topic":
            return ((who.events_cadence if rule["topic"] == "events" else None) or "never") in rule["one_of"]
        case "tag" if "any_of" in rule:
            return bool(who.tags & set(rule["any_of"]))
        case "tag" if "all_of" in rule:
            return set(rule["all_of"]) <= who.tags
        case "tag":
            return not who.tags & set(rule["none_of"])
        case "list":
            return (
                (rule.get("in") or rule["not_in"]) in who.lists
                if "in" in rule
                else rule["not_in"] not in who.lists
            )
        case "received":
            return rule["mailing"] in who.mailings
        case "clicked":
            return who.may_measure is True and rule["mailing"] in who.mailings & who.clicked
        case "segment":
            inside = who.status in {"active", "paused"} and holds(
                SEGMENTS[rule.get("in") or rule["not_in"]], who
            )
            return inside is ("in" in rule)
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
    st.builds(
        lambda kind, scope: {"is": kind} | scope,
        st.sampled_from(["attended", "missed", "seat", "waiting", "answered"]),
        st.sampled_from(
            [{"event": "first"}, {"event": "second"}, {"format": "online"}, {"about": "one"}, {"any": True}]
        ),
    ),
    st.builds(lambda days: {"is": "joined", "more_than_days": days}, st.integers(1, 900)),
    st.builds(
        lambda key, days: {"is": "contacted", key: days},
        st.sampled_from(["within_days", "more_than_days"]),
        st.integers(1, 900),
    ),
    st.builds(lambda key, day: {"is": "contacted", key: day}, st.sampled_from(["after", "before"]), DAYS),
    st.builds(lambda of: {"is": "region", "any_of": of}, some(["South", "North"])),
    st.builds(lambda of: {"is": "country", "one_of": of}, some(["PT", "DE"])),
    st.builds(lambda yes: {"is": "move", "wanted": yes}, st.booleans()),
    st.builds(lambda of: {"is": "readiness", "one_of": of}, some(list(Readiness))),
    st.builds(lambda of: {"is": "source", "one_of": of}, some(["pycon", "-"])),
    st.builds(
        lambda topic, of: {"is": "topic", "topic": topic, "one_of": of},
        st.sampled_from(["events", "roles"]),
        some(["each", "monthly", "never"]),
    ),
    st.builds(
        lambda how, of: {"is": "tag", how: of},
        st.sampled_from(["any_of", "all_of", "none_of"]),
        some(["loud", "quiet"]),
    ),
    st.builds(lambda key: {"is": "list", key: "picked"}, st.sampled_from(["in", "not_in"])),
    st.builds(
        lambda kind, about: {"is": kind, "mailing": about},
        st.sampled_from(["received", "clicked"]),
        st.sampled_from(["issue:1", "issue:2"]),
    ),
    st.builds(
        lambda key, slug: {"is": "segment", key: slug},
        st.sampled_from(["in", "not_in"]),
        st.sampled_from(list(SEGMENTS)),
    ),
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


def settled(who: Facts) -> Facts:
    """One cannot have come and be missed; only who has a seat comes; a mail that we count is a contact."""
    who.events -= who.waits
    who.missed -= who.events | who.waits
    if who.mailings and who.last_contact is None:
        who.last_contact = NOW - timedelta(days=44, hours=5)
    if who.last_contact is not None and not who.mailings:
        who.mailings = {"issue:1"}
    return who


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
    country=st.sampled_from(["", "PT", "DE", "FR"]),
    is_open_to_move=st.booleans(),
    readiness=st.none() | st.sampled_from(list(Readiness)),
    source=st.sampled_from(["", "pycon", "meetup"]),
    events_cadence=st.none() | st.sampled_from(["each", "monthly", "never"]),
    missed=st.sets(st.sampled_from(EVENTS)),
    waits=st.sets(st.sampled_from(EVENTS)),
    tags=st.sets(st.sampled_from(["loud", "quiet"])),
    lists=st.sets(st.just("picked")),
    mailings=st.sets(st.sampled_from(["issue:1", "issue:2"])),
    clicked=st.sets(st.sampled_from(["issue:1", "issue:2"])),
    may_measure=st.none() | st.booleans(),
    last_contact=st.none()
    | st.integers(0, 900).map(lambda days: NOW - timedelta(days=days, hours=5, minutes=3)),
).map(settled)


@pytest.fixture
def known(make: Make) -> dict[str, dict[str, int]]:
    """The interests, places and events that the rules speak of."""
    interests = {slug: make.interest(slug, slug=slug, bit=BITS[slug]) for slug in INTERESTS}
    found = {
        "interests": {slug: one.bit for slug, one in interests.items()},
        "places": {slug: make.place(slug, slug=slug, region=REGION[slug]).id for slug in PLACES},
        "events": {slug: make.event(slug=slug, format=FORMAT[slug]).id for slug in EVENTS},
        "tags": {
            slug: make.stored(Tag(slug=slug, name=slug, created_at=NOW)).id for slug in ("loud", "quiet")
        },
        "lists": {"picked": make.stored(PickedList(slug="picked", name="Picked", created_at=NOW)).id},
        "mailings": {about: make.stored(mailing(about)).id for about in ("issue:1", "issue:2")},
    }
    make.stored(EventInterest(event_id=found["events"]["first"], interest_id=interests["one"].id))
    for slug, rule in SEGMENTS.items():
        make.stored(Segment(slug=slug, name=slug.title(), rule=rule, created_at=NOW, changed_at=NOW))
    return found


def mailing(about: str) -> Mailing:
    return Mailing(
        letter="newsletters/issue", about=about, title=about, stream=Stream.marketing, state=MailingState.finished,
        started_at=NOW, sender_name="Rae", sender_address="rae@example.org", reply_to="rae@example.org",
    )  # fmt: skip


def mail_for(person: Member, who: Facts, known: dict[str, dict[str, int]], make: Make) -> None:
    """Write the mails that somebody had; the latest left when we last wrote to them."""
    for about in sorted(who.mailings):
        letter = make.stored(
            Message(
                mailing_id=known["mailings"][about], letter="newsletters/issue", member_id=person.id, lane=2,
                address=person.address, address_key=person.address_key, stream=Stream.marketing,
                state=State.accepted, planned_at=NOW, due_at=NOW, handed_over_at=who.last_contact,
            )
        )  # fmt: skip
        for verdict in (Verdict.human, Verdict.machine) if about in who.clicked else (Verdict.machine, None):
            make.stored(
                Measurement(
                    mailing_id=letter.mailing_id, message_id=letter.id, sight=Sight.click, number=1, at=NOW,
                    agent="", verdict=verdict,
                )
            )  # fmt: skip


def store(facts: list[Facts], known: dict[str, dict[str, int]], make: Make) -> list[int]:
    """Write members of whom these facts are true; returns their ids in the same order."""
    ids = []
    for who in facts:
        person = make.member(
            topics={Topic.events: Cadence(who.events_cadence)} if who.events_cadence else {},
            country=who.country,
            is_open_to_move=who.is_open_to_move,
            readiness=who.readiness,
            source=who.source,
            may_measure=who.may_measure,
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
                answer=Answer.waiting if slug in who.waits else Answer.seat,
                asked_at=NOW,
                changed_at=NOW,
                attended=True if slug in who.events else False if slug in who.missed else None,
            )
            for slug, event_id in known["events"].items()
        ]
        rows += [MemberTag(member_id=person.id, tag_id=known["tags"][slug], at=NOW) for slug in who.tags]
        rows += [
            PickedMember(member_id=person.id, list_id=known["lists"][slug], at=NOW) for slug in who.lists
        ]
        make.stored(*rows)
        mail_for(person, who, known, make)
    return ids


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(facts=st.lists(FACTS, min_size=5, max_size=5), asked=st.lists(RULE, min_size=15, max_size=15))
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
            within_network = set(session().scalars(select(Member.id).where(rules.members_in(rule), mine)))
            for one, who in zip(ids, facts, strict=True):
                step = why.trace(rule, session().get_one(Member, one))
                assert step.holds is (one in within_network), (rule, who)
                assert why.told(step).startswith("you " if step.holds else "it is for people who ")


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
