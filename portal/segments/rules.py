"""Which members: lines joined by all, any and not. The JSON form is what a segment stores.

    {"all": [{"is": "interest", "any_of": ["engineering"]}, {"not": {"is": "status", "one_of": ["paused"]}}]}

A rule that names something deleted is broken: it has problems and no condition, so it is never silently true.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, and_, not_, or_, select

from portal.core.db import session
from portal.events.models import Event
from portal.mail.models import Mailing
from portal.members.models import Member, Status
from portal.preferences.models import Interest, Place
from portal.segments import handmade, history, meetings, readings, wishes, working
from portal.segments.criteria import Criterion, Named, Names, NotARule
from portal.segments.history import Standing, StatusLine
from portal.segments.models import PickedList, Segment, Tag

KINDS: Mapping[str, type[Criterion]] = {
    one.kind: one
    for one in (
        wishes.InterestLine,
        wishes.PlaceLine,
        wishes.RegionLine,
        wishes.CountryLine,
        working.RemoteLine,
        working.MoveLine,
        working.LevelLine,
        working.WorkModeLine,
        working.ReadinessLine,
        wishes.TopicLine,
        history.StatusLine,
        history.JoinedLine,
        history.ContactLine,
        history.SourceLine,
        meetings.AttendedLine,
        meetings.MissedLine,
        meetings.SeatLine,
        meetings.WaitingLine,
        meetings.AnsweredLine,
        readings.ReceivedLine,
        readings.ClickedLine,
        handmade.TagLine,
        handmade.ListLine,
        handmade.SegmentLine,
    )
}
"""Everything that a line can ask. None is about a sensitive trait, and a new one is code, not data."""

MOST_LINES = 60
MOST_IN_ALL = 400
"""How many lines a rule may have together with those of the segments it names."""
DEEPEST = 6


class Broken(Exception):
    """The rule cannot be asked; `problems` says why, a sentence each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Any_:  # noqa: N801 - Any is taken
    """At least one part holds."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: "Node"


Node: TypeAlias = All | Any_ | Not | Criterion
Rule: TypeAlias = Node | Mapping[str, Any]


def parse(given: object) -> Node:
    """Read the JSON form; anything unknown, empty, too deep or too long is refused.

    Raises:
        NotARule: with words for a page.
    """
    node = _parse(given, 1)
    if sum(1 for _ in lines(node)) > MOST_LINES:
        raise NotARule(f"That is more than {MOST_LINES} lines.")
    return node


def to_json(node: Node) -> dict[str, Any]:
    """The form in which a rule is stored."""
    match node:
        case All(parts):
            return {"all": [to_json(part) for part in parts]}
        case Any_(parts):
            return {"any": [to_json(part) for part in parts]}
        case Not(part):
            return {"not": to_json(part)}
    return node.to_json()


def lines(node: Node) -> Iterator[Criterion]:
    """Every line of the rule, in its order."""
    match node:
        case All(parts) | Any_(parts):
            for part in parts:
                yield from lines(part)
        case Not(part):
            yield from lines(part)
        case _:
            yield node


def names_in(node: Node, within: Sequence[str] = ()) -> Names:
    """What the slugs of a rule stand for now: a statement for each kind of thing it names.

    `within` are the slugs of the segments that this rule stands in: naming one of them again would never end.
    """
    asked: dict[str, set[str]] = {}
    for line in lines(node):
        for kind, named in line.named().items():
            asked.setdefault(kind, set()).update(named)
    found: dict[str, Mapping[str, Named]] = {}
    for kind, wanted in asked.items():
        slugs = sorted(wanted)
        if kind == "segments":
            found[kind] = _segments(slugs, within)
        elif kind == "regions":
            there = select(Place.region).where(Place.region.in_(slugs)).distinct()
            found[kind] = {one: Named(0, one) for one in session().scalars(there)}
        else:
            slug_of, key_of, name_of = _COLUMNS[kind]
            rows = session().execute(select(slug_of, key_of, name_of).where(slug_of.in_(slugs)))
            found[kind] = {slug: Named(key, name) for slug, key, name in rows}
    return Names(**found)


_COLUMNS: Mapping[str, tuple[Any, Any, Any]] = {
    "interests": (Interest.slug, Interest.bit, Interest.name),
    "places": (Place.slug, Place.id, Place.name),
    "events": (Event.slug, Event.id, Event.title),
    "mailings": (Mailing.about, Mailing.id, Mailing.title),
    "tags": (Tag.slug, Tag.id, Tag.name),
    "lists": (PickedList.slug, PickedList.id, PickedList.name),
}


def segments_in(node: Node) -> set[str]:
    """The slugs of the segments that a rule names itself."""
    return {slug for line in lines(node) for slug in line.named().get("segments", ())}


def _segments(slugs: Sequence[str], within: Sequence[str]) -> dict[str, Named]:
    rows = session().execute(
        select(Segment.slug, Segment.id, Segment.name, Segment.rule).where(Segment.slug.in_(slugs))
    )
    return {slug: _segment(slug, key, name, rule, within) for slug, key, name, rule in rows}


def _segment(slug: str, key: int, name: str, rule: Mapping[str, Any], within: Sequence[str]) -> Named:
    if slug in within:
        return Named(key, name, broken=f"The segment “{name}” would be made of itself.")
    if len(within) > DEEPEST:
        return Named(key, name, broken=f"Segments name each other more than {DEEPEST} deep.")
    try:
        node = parse(rule)
    except NotARule as wrong:
        return Named(key, name, broken=f"The segment “{name}” is broken: {wrong}")
    names = names_in(node, (*within, slug))
    broken = missing(node, names)
    if broken:
        its_own = (
            broken[0]
            if broken[0].startswith("The segment")
            else f"The segment “{name}” is broken: {broken[0]}"
        )
        return Named(key, name, broken=its_own)
    size = sum(max(1, line_size(line, names)) for line in lines(node))
    if size > MOST_IN_ALL:
        return Named(key, name, broken=f"The segment “{name}” is made of too many lines to be asked.")
    return Named(key, name, condition=_with_us(node, _sql(node, names)), size=size)


def line_size(line: Criterion, names: Names) -> int:
    """How many lines a line stands for: of a segment, all of its."""
    return sum(
        names.segments[slug].size for slug in line.named().get("segments", ()) if slug in names.segments
    )


def missing(node: Node, names: Names) -> list[str]:
    """A sentence for each thing that the rule names and that does not exist any more, or is broken."""
    return list(dict.fromkeys(said for line in lines(node) for said in line.missing(names)))


def problems(rule: Rule, within: Sequence[str] = ()) -> list[str]:
    """Why the rule cannot be asked, a sentence each; empty when it can. `within`: the segment that it is of."""
    try:
        node = _node(rule)
    except NotARule as wrong:
        return [str(wrong)]
    names = names_in(node, within)
    said = missing(node, names)
    if not said and sum(max(1, line_size(line, names)) for line in lines(node)) > MOST_IN_ALL:
        said = [f"With all the segments it names that is more than {MOST_IN_ALL} lines."]
    return said


def condition(rule: Rule) -> ColumnElement[bool]:
    """The rule as one condition over `Member`; true or false, never NULL.

    Raises:
        Broken: it names something that does not exist any more, or is no rule.
    """
    return asked(rule)[0]


def members_in(rule: Rule) -> ColumnElement[bool]:
    """The rule, over people who are with us: confirmed and not left.

    Only a rule that itself asks for people who left, or have not confirmed yet, is taken as it stands.

    Raises:
        Broken: see `condition`.
    """
    found, node, _ = asked(rule)
    return _with_us(node, found)


def asked(rule: Rule) -> tuple[ColumnElement[bool], Node, Names]:
    """The rule as a condition, as it was read, and what its slugs stand for.

    Raises:
        Broken: see `condition`.
    """
    said = problems(rule)
    if said:
        raise Broken(said)
    node = _node(rule)
    names = names_in(node)
    return _sql(node, names), node, names


def in_words(rule: Rule) -> str:
    """The rule as a sentence: "People who follow Data, and who joined within the last 90 days"."""
    try:
        node = _node(rule)
    except NotARule as wrong:
        return f"This rule cannot be read: {wrong}"
    return f"People {_say(node, names_in(node), is_top=True)}"


def _node(rule: Rule) -> Node:
    return parse(rule) if isinstance(rule, Mapping) else rule


def _parse(given: object, depth: int) -> Node:
    if not isinstance(given, Mapping):
        raise NotARule("A rule is made of lines and groups.")
    if depth > DEEPEST:
        raise NotARule(f"Groups may stand in each other {DEEPEST - 1} deep, not deeper.")
    if "is" in given:
        kind = given["is"]
        if not isinstance(kind, str) or kind not in KINDS:
            raise NotARule("There is a line of a kind that we do not know.")
        return KINDS[kind].from_json(given)
    if len(given) != 1:
        raise NotARule("A group is exactly one of: all, any, not.")
    joined, inside = next(iter(given.items()))
    if joined == "not":
        return Not(_parse(inside, depth + 1))
    if joined not in {"all", "any"}:
        raise NotARule("A group is exactly one of: all, any, not.")
    if not isinstance(inside, list) or not inside:
        raise NotARule("Add at least one line to each group.")
    if len(inside) > MOST_LINES:
        raise NotARule(f"That is more than {MOST_LINES} lines.")
    parts = tuple(_parse(part, depth + 1) for part in inside)
    return All(parts) if joined == "all" else Any_(parts)


def _sql(node: Node, names: Names) -> ColumnElement[bool]:
    match node:
        case All(parts):
            return and_(*(_sql(part, names) for part in _cheap_first(parts)))
        case Any_(parts):
            return or_(*(_sql(part, names) for part in _cheap_first(parts)))
        case Not(part):
            return not_(_sql(part, names))
    return node.sql(names)


def _cheap_first(parts: Sequence[Node]) -> list[Node]:
    """What a member's own row says comes before what is looked up elsewhere; the answer is the same."""
    return sorted(parts, key=lambda part: any(line.is_elsewhere for line in lines(part)))


def is_with_everybody(node: Node) -> bool:
    """Whether the rule asks for people who left or have not confirmed, and so is not only about members."""
    outside = {Standing.asked, Standing.left}
    return any(isinstance(line, StatusLine) and outside & set(line.standings) for line in lines(node))


def _with_us(node: Node, found: ColumnElement[bool]) -> ColumnElement[bool]:
    return found if is_with_everybody(node) else and_(Member.status == Status.active, found)


def _say(node: Node, names: Names, is_top: bool = False) -> str:
    match node:
        case All((part,)) | Any_((part,)):
            return _say(part, names, is_top)
        case All(parts):
            return _joined([_say(part, names) for part in parts], "and", is_top)
        case Any_(parts):
            return _joined([_say(part, names) for part in parts], "or", is_top)
        case Not(part):
            return f"{'except' if is_top else 'not'} those {_say(part, names)}"
    return f"who {node.words(names)}"


def _joined(parts: list[str], word: str, is_top: bool) -> str:
    said = f", {word} ".join(parts)
    return said if is_top else f"({said})"
