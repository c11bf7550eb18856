"""Questions about segments: which there are, whom they hold now, whom a mail would reach, where they are used."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Subquery, func, literal, select

from portal.core.db import session
from portal.events.models import Event, EventState
from portal.mail import gate
from portal.mail.models import Stream
from portal.members.models import Level, Member, WorkMode
from portal.preferences.models import Interest, Place, Topic
from portal.segments import rules
from portal.segments.history import Standing
from portal.segments.models import Segment

SAMPLES = 10
Choices = Mapping[str, Sequence[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Use:
    """Somewhere a segment is used: words, and the endpoint and values of its page."""

    words: str
    endpoint: str
    values: Mapping[str, Any] = field(default_factory=dict)


Finder = Callable[[int], Sequence[Use]]
_finders: list[Finder] = []


@dataclass(frozen=True, slots=True)
class Reach:
    """How many members a rule holds, how many of them a newsletter would reach, and why not the others."""

    total: int
    reachable: int
    left_out: Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Counted:
    """A segment in the list; `total` is None when its rule is broken."""

    segment: Segment
    total: int | None
    words: str
    uses: int


class Person:
    """A row of `people` as a hurdle of the gate sees it, for one topic.

    `people` is a subquery with `member_id` and `address_key`: hurdles look members up themselves, so the row they
    are asked about must not be a row of that same table.
    """

    def __init__(self, people: Subquery, topic: Topic, stream: Stream = Stream.marketing) -> None:
        self.member_id = people.c.member_id
        self.address_key = people.c.address_key
        self.topic = literal(topic.value)
        self.stream = literal(stream.value)


def used_by(finder: Finder) -> Finder:
    """Tell segments where another room uses them; the function is given a segment's id."""
    _finders.append(finder)
    return finder


def uses_of(segment: Segment) -> list[Use]:
    """Everywhere the segment is used."""
    return [use for finder in _finders for use in finder(segment.id)]


def segment(slug: str) -> Segment | None:
    """The segment of that address."""
    return session().scalar(select(Segment).where(Segment.slug == slug))


def named(name: str) -> Segment | None:
    """The segment of that name, whatever its capitals."""
    return session().scalar(select(Segment).where(func.lower(Segment.name) == func.lower(name)))


def by_name() -> Sequence[Segment]:
    """Every segment, by name."""
    return session().scalars(select(Segment).order_by(Segment.name)).all()


def with_ids(ids: Sequence[int]) -> Sequence[Segment]:
    """The segments with those ids."""
    return session().scalars(select(Segment).where(Segment.id.in_(ids)).order_by(Segment.id)).all()


def counted() -> list[Counted]:
    """Every segment with its live count."""
    rows = []
    for one in by_name():
        try:
            total = count(rules.members_in(one.rule))
        except rules.Broken:
            total = None
        rows.append(Counted(one, total, rules.in_words(one.rule), len(uses_of(one))))
    return rows


def count(condition: ColumnElement[bool]) -> int:
    """How many members the condition holds for."""
    return session().scalar(select(func.count()).select_from(Member).where(condition)) or 0


def reach(rule: rules.Rule, topic: Topic = Topic.newsletter) -> Reach:
    """How many members a rule holds, and how many of them we may write to about the topic now; one statement.

    Raises:
        rules.Broken: the rule cannot be asked.
    """
    people = (
        select(Member.id.label("member_id"), Member.address_key.label("address_key"))
        .where(rules.members_in(rule))
        .subquery()
    )
    reason = gate.verdict(Person(people, topic), Stream.marketing).label("reason")
    inside = select(reason).select_from(people).subquery()
    rows = session().execute(select(inside.c.reason, func.count()).group_by(inside.c.reason))
    by_reason: dict[str, int] = {why: number for why, number in rows}
    reachable = by_reason.pop("", 0)
    left_out = sorted(
        ((gate.words_of(why), number) for why, number in by_reason.items()), key=lambda row: -row[1]
    )
    return Reach(reachable + sum(by_reason.values()), reachable, left_out)


def samples(rule: rules.Rule, most: int = SAMPLES) -> Sequence[Member]:
    """Some members of the rule: always the same ones, but in no order that means anything.

    Raises:
        rules.Broken: the rule cannot be asked.
    """
    statement = select(Member).where(rules.members_in(rule)).order_by(Member.public_id).limit(most)
    return session().scalars(statement).all()


def choices() -> Choices:
    """What can be chosen in each kind of line, by its slug and name."""
    interests = (
        select(Interest.slug, Interest.name).where(Interest.retired_at.is_(None)).order_by(Interest.name)
    )
    places = select(Place.slug, Place.name).where(Place.retired_at.is_(None)).order_by(Place.name)
    events = (
        select(Event.slug, Event.title)
        .where(Event.state != EventState.draft)
        .order_by(Event.starts_at.desc(), Event.id.desc())
        .limit(200)
    )
    return {
        "interest": [(slug, name) for slug, name in session().execute(interests)],
        "place": [(slug, name) for slug, name in session().execute(places)],
        "attended": [(slug, title) for slug, title in session().execute(events)],
        "level": [(one.value, one.words) for one in Level],
        "work_mode": [(one.value, one.words) for one in WorkMode],
        "status": [(one.value, one.words) for one in Standing],
        "remote": [("yes", "Open to remote work"), ("no", "Did not say so")],
    }
