"""Which members: lines joined by all, any and not. The JSON form is what a segment stores.

    {"all": [{"is": "interest", "any_of": ["engineering"]}, {"not": {"is": "status", "one_of": ["paused"]}}]}

A rule that names something deleted is broken: it has problems and no condition, so it is never silently true.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, and_, not_, or_, select

from portal.core.db import session
from portal.events.models import Event
from portal.members.models import Member, Status
from portal.preferences.models import Interest, Place
from portal.segments.criteria import Criterion, Named, Names, NotARule
from portal.segments.history import AttendedLine, JoinedLine, Standing, StatusLine
from portal.segments.wishes import InterestLine, LevelLine, PlaceLine, RemoteLine, WorkModeLine

KINDS: Mapping[str, type[Criterion]] = {
    one.kind: one
    for one in (
        InterestLine,
        PlaceLine,
        LevelLine,
        WorkModeLine,
        RemoteLine,
        StatusLine,
        JoinedLine,
        AttendedLine,
    )
}
MOST_LINES = 60
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


def names_in(node: Node) -> Names:
    """What the slugs of a rule stand for now: a statement for each kind of thing it names."""
    asked: dict[str, set[str]] = {"interests": set(), "places": set(), "events": set()}
    for line in lines(node):
        for kind, slugs in line.named().items():
            asked[kind].update(slugs)
    found: dict[str, dict[str, Named]] = {"interests": {}, "places": {}, "events": {}}
    columns = {
        "interests": (Interest.slug, Interest.bit, Interest.name),
        "places": (Place.slug, Place.id, Place.name),
        "events": (Event.slug, Event.id, Event.title),
    }
    for kind, (slug_of, key_of, name_of) in columns.items():
        if asked[kind]:
            rows = session().execute(select(slug_of, key_of, name_of).where(slug_of.in_(sorted(asked[kind]))))
            found[kind] = {slug: Named(key, name) for slug, key, name in rows}
    return Names(**found)


def problems(rule: Rule) -> list[str]:
    """Why the rule cannot be asked, a sentence each; empty when it can."""
    try:
        node = _node(rule)
    except NotARule as wrong:
        return [str(wrong)]
    names = names_in(node)
    return list(dict.fromkeys(missing for line in lines(node) for missing in line.missing(names)))


def condition(rule: Rule) -> ColumnElement[bool]:
    """The rule as one condition over `Member`; true or false, never NULL.

    Raises:
        Broken: it names something that does not exist any more, or is no rule.
    """
    try:
        node = _node(rule)
    except NotARule as wrong:
        raise Broken([str(wrong)]) from wrong
    names = names_in(node)
    broken = [missing for line in lines(node) for missing in line.missing(names)]
    if broken:
        raise Broken(list(dict.fromkeys(broken)))
    return _sql(node, names)


def members_in(rule: Rule) -> ColumnElement[bool]:
    """The rule, over people who are with us: confirmed and not left.

    Only a rule that itself asks for people who left, or have not confirmed yet, is taken as it stands.

    Raises:
        Broken: see `condition`.
    """
    asked = condition(rule)
    return asked if _asks_for_others(_node(rule)) else and_(Member.status == Status.active, asked)


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
            return and_(*(_sql(part, names) for part in parts))
        case Any_(parts):
            return or_(*(_sql(part, names) for part in parts))
        case Not(part):
            return not_(_sql(part, names))
    return node.sql(names)


def _asks_for_others(node: Node) -> bool:
    outside = {Standing.asked, Standing.left}
    return any(isinstance(line, StatusLine) and outside & set(line.standings) for line in lines(node))


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
