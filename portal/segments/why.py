"""Why somebody is in a segment, or not: its rule line by line, with what we know of the person.

Whether a line holds is asked of the database, by the very SQL that makes the segment; only how the lines belong
together is reckoned here. So the trace and the membership cannot differ.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select

from portal.core import words
from portal.core.db import session
from portal.members.models import Member, Status
from portal.segments import rules
from portal.segments.criteria import Criterion, Names, second_person
from portal.segments.facts import Facts
from portal.segments.models import Segment


@dataclass(frozen=True, slots=True)
class Step:
    """A line or a group of a rule, and whether it holds for the person."""

    join: str
    holds: bool
    words: str = ""
    value: str = ""
    told: str = ""
    parts: tuple["Step", ...] = field(default=())

    @property
    def is_line(self) -> bool:
        """Whether it is a line, not a group."""
        return self.join in {"line", "segment"}


def trace(rule: rules.Rule, member: Member) -> Step:
    """The rule as it is for one person.

    Raises:
        rules.Broken: the rule cannot be asked.
    """
    return _trace(rule, Facts(member), ())


def told(step: Step) -> str:
    """A trace in plain words for the person: "you follow Design and live in Portugal"; else what was asked for."""
    said = _reasons(step) if step.holds else _obstacles(step)
    if step.holds:
        return f"you {words.listing(said)}" if said else "it is for everybody"
    return f"it is for people who {words.listing(said, 'and who')}" if said else "it is for nobody"


def _trace(rule: rules.Rule, who: Facts, within: tuple[str, ...]) -> Step:
    _, node, names = rules.asked(rule)
    asked = list(dict.fromkeys(rules.lines(node)))
    answers = session().execute(
        select(*(line.sql(names).label(f"line_{number}") for number, line in enumerate(asked))).where(
            Member.id == who.member.id
        )
    )
    row = answers.one()
    holds = {line: bool(answer) for line, answer in zip(asked, row, strict=True)}
    found = _step(node, names, holds, who, within)
    if rules.is_with_everybody(node):
        return found
    is_with_us = who.member.status is Status.active
    with_us = Step(
        "line",
        is_with_us,
        "are in the network: confirmed, and not left",
        "is in the network" if is_with_us else who.member.status.value,
        "are in the network",
    )
    return Step(
        "all",
        found.holds and is_with_us,
        parts=(with_us, *(found.parts if found.join == "all" else (found,))),
    )


def _step(
    node: rules.Node, names: Names, holds: Mapping[Criterion, bool], who: Facts, within: tuple[str, ...]
) -> Step:
    match node:
        case rules.All(parts):
            inner = tuple(_step(part, names, holds, who, within) for part in parts)
            return Step("all", all(part.holds for part in inner), parts=inner)
        case rules.Any_(parts):
            inner = tuple(_step(part, names, holds, who, within) for part in parts)
            return Step("any", any(part.holds for part in inner), parts=inner)
        case rules.Not(part):
            one = _step(part, names, holds, who, within)
            return Step("none", not one.holds, parts=one.parts if one.join == "any" else (one,))
    is_true = holds[node]
    said = node.words(names)
    inside = tuple(_inside(slug, who, within) for slug in node.named().get("segments", ()))
    return Step(
        "segment" if inside else "line",
        is_true,
        said,
        node.value(who),
        node.told(names, who) if is_true else second_person(said),
        inside,
    )


def _inside(slug: str, who: Facts, within: tuple[str, ...]) -> Step:
    rule = session().scalar(select(Segment.rule).where(Segment.slug == slug))
    return _trace(rule or {}, who, (*within, slug))


def _reasons(step: Step) -> list[str]:
    """What made it hold, as it goes on after "you"."""
    match step.join:
        case "all":
            return _once(_reasons(part) for part in step.parts)
        case "any":
            return _once(_reasons(part) for part in step.parts if part.holds)
        case "none":
            return [f"are not among those who {_said(part)}" for part in step.parts]
        case "segment":
            return _reasons(step.parts[0]) if step.parts[0].holds else [step.told]
    return [step.told]


def _obstacles(step: Step) -> list[str]:
    """What would have had to hold, as it goes on after "people who"."""
    match step.join:
        case "all":
            return _once(_obstacles(part) for part in step.parts if not part.holds)
        case "any":
            return [words.listing([_said(part) for part in step.parts], "or")]
        case "none":
            return [f"are not among those who {_said(part)}" for part in step.parts if part.holds]
    return [step.words]


def _said(step: Step) -> str:
    if step.is_line:
        return step.words
    return words.listing([_said(part) for part in step.parts], "and" if step.join == "all" else "or")


def _once(lists: Iterator[list[str]]) -> list[str]:
    return list(dict.fromkeys(one for some in lists for one in some))
