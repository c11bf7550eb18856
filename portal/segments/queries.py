"""Questions about segments: which there are, whom they hold now, whom a mail would reach, where they are used."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Subquery, case, func, literal, select, true

from portal.core.db import BIG, session
from portal.mail import gate
from portal.mail.models import Stream
from portal.members.models import Member, Status
from portal.preferences.models import Topic
from portal.segments import builder, rules
from portal.segments.criteria import NotARule
from portal.segments.models import Segment, SegmentVersion
from portal.staff.models import Staff

SAMPLES = 10
FEW = 2_000
"""Up to how many people a rule's are read one by one."""
_SLICES = ("0200", "1000", "8000", "")
"""Growing slices of all members, in the order of their ledger keys, which means nothing; the last is everybody."""


@dataclass(frozen=True, slots=True)
class Use:
    """Somewhere a segment is used: words, and the endpoint and values of its page."""

    words: str
    endpoint: str
    values: Mapping[str, Any] = field(default_factory=dict)


class InUse(Exception):
    """Something is used; `uses` says where."""

    def __init__(self, uses: Sequence[Use]) -> None:
        super().__init__(", ".join(use.words for use in uses))
        self.uses = uses


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


@dataclass(frozen=True, slots=True)
class Version:
    """What a segment's rule was, in words, who saved it, and when."""

    version: SegmentVersion
    words: str
    saved_by: str


class Person:
    """A row of `people` as a hurdle of the gate sees it, for one topic.

    `people` is a subquery with `member_id` and `address_key`: hurdles look members up themselves, so the row they
    are asked about must not be a row of that same table.
    """

    def __init__(
        self, people: Subquery, topic: Topic | ColumnElement[str], stream: Stream = Stream.marketing
    ) -> None:
        self.member_id = people.c.member_id
        self.address_key = people.c.address_key
        self.topic = literal(topic.value) if isinstance(topic, Topic) else topic
        self.stream = literal(stream.value)


def used_by(finder: Finder) -> Finder:
    """Tell segments where another room uses them; the function is given a segment's id."""
    _finders.append(finder)
    return finder


def uses_of(segment: Segment) -> list[Use]:
    """Everywhere the segment is used."""
    return [*naming("segments", segment.slug), *(use for finder in _finders for use in finder(segment.id))]


def naming(kind: str, slug: str) -> list[Use]:
    """The segments whose rule names something: a field of `criteria.Names`, and the slug."""
    uses = []
    for one in by_name():
        try:
            node = rules.parse(one.rule)
        except NotARule:
            continue
        if any(slug in line.named().get(kind, ()) for line in rules.lines(node)):
            uses.append(Use(f"the segment “{one.name}”", "segments_admin.show", {"slug": one.slug}))
    return uses


def versions(segment: Segment) -> list[Version]:
    """Every rule the segment had, the latest first."""
    rows = session().execute(
        select(SegmentVersion, Staff.name)
        .outerjoin(Staff, Staff.id == SegmentVersion.saved_by)
        .where(SegmentVersion.segment_id == segment.id)
        .order_by(SegmentVersion.version.desc())
    )
    return [Version(version, rules.in_words(version.rule), name or "") for version, name in rows]


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

    A rule that holds few is read whole; of one that holds many, some are found in a slice of all members.

    Raises:
        rules.Broken: the rule cannot be asked.
    """
    inside = rules.members_in(rule)
    few = session().scalars(select(Member.id).where(inside).limit(FEW + 1)).all()
    ordered = select(Member).order_by(Member.ledger_key).limit(most)
    if len(few) <= FEW:
        return session().scalars(ordered.where(Member.id.in_(few))).all()
    found: Sequence[Member] = []
    for end in _SLICES:
        is_near = Member.ledger_key < end if end else true()
        found = session().scalars(ordered.where(is_near, inside)).all()
        if len(found) == most:
            break
    return found


def left(root: builder.Group, rule: rules.Node) -> dict[str, int]:
    """How many people each line and group of a rule leaves, by its path; of the root, how many are in.

    Each line is asked once for each person, whatever is made of the answers.
    """
    questions = builder.questions(root)
    base = true() if rules.is_with_everybody(rule) else Member.status == Status.active
    answers = select(*(one.label(path) for path, one in questions.items())).select_from(Member).where(base)
    # The offset keeps the database from asking a line again wherever its answer is used.
    rows = answers.offset(0).subquery()
    wanted = builder.left(root, {path: rows.c[path] for path in questions})
    sums = [func.sum(case((one, literal(1, BIG)), else_=literal(0, BIG))) for one in wanted.values()]
    numbers = session().execute(select(*sums).select_from(rows)).one()
    return {path: int(number or 0) for path, number in zip(wanted, numbers, strict=True)}


def version(segment: Segment, number: int) -> SegmentVersion | None:
    """The rule the segment had as that version."""
    return session().get(SegmentVersion, (segment.id, number))
