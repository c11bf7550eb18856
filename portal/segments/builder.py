"""The form of a rule: what was typed becomes a tree, and a tree becomes fields. Works without JavaScript.

A field is named by the path of its group or line: `r` is the outermost group, `r-0` its first part, `r-0-2` the
third part of that. `r.join` says how a group joins its parts, `r-0.is` of which kind a line is.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, and_, not_, or_, true

from portal.segments import rules
from portal.segments.criteria import Criterion, Fields, NotARule
from portal.segments.history import Standing

ROOT = "r"
MOST_PARTS = 80
DEEPEST_GROUP = 2
JOINS = {
    "all": "All of these hold",
    "any": "At least one of these holds",
    "none": "None of these holds",
}
KINDS: dict[str, dict[str, str]] = {}
"""What can be added, by group: the kind and its label."""
for _kind, _line in rules.KINDS.items():
    KINDS.setdefault(_line.group, {})[_kind] = _line.label
_NAME = re.compile(r"(r(?:-\d{1,3}){0,6})\.(join|is)")


@dataclass(slots=True)
class Line:
    """A line as it was typed."""

    kind: str
    fields: Fields = field(default_factory=Fields)
    path: str = ""
    error: str = ""
    is_new: bool = False
    is_group = False

    @property
    def of(self) -> type[Criterion]:
        """What kind of line it is."""
        return rules.KINDS[self.kind]

    def to_json(self) -> dict[str, Any]:
        """The line as `rules.parse` reads it, whether it is right or not."""
        return self.of.given(self.fields)


@dataclass(slots=True)
class Group:
    """Lines and groups, and how they are joined."""

    join: str = "all"
    parts: list["Line | Group"] = field(default_factory=list)
    path: str = ROOT
    error: str = ""
    is_new: bool = False
    is_group = True

    @property
    def depth(self) -> int:
        """How many groups it stands in."""
        return self.path.count("-")

    @property
    def may_hold_groups(self) -> bool:
        """Whether one more group may be added inside."""
        return self.depth < DEEPEST_GROUP

    def to_json(self) -> dict[str, Any]:
        """The group as `rules.parse` reads it."""
        parts = [part.to_json() for part in self.parts]
        if self.join == "none":
            return {"not": parts[0] if len(parts) == 1 else {"any": parts}}
        return {self.join: parts}


Part = Line | Group


def blank() -> Group:
    """A rule to begin with: one line about interests."""
    return _numbered(Group(parts=[_new("interest")]))


def from_rule(node: rules.Node) -> Group:
    """The fields of a stored rule."""
    root = _part(node)
    return _numbered(root if isinstance(root, Group) else Group(parts=[root]))


def from_filters(given: Mapping[str, str]) -> Group | None:
    """The fields that say what a list of members was narrowed by; None when it was by nothing that a rule can say."""
    lines: list[Part] = []
    for kind, name in (
        ("interest", "interest"),
        ("place", "place"),
        ("level", "level"),
        ("status", "status"),
    ):
        value = given.get(name, "")[:100]
        if value and not (kind == "status" and value == "all"):
            lines.append(Line(kind, Fields(how=next(iter(rules.KINDS[kind].ways), ""), pick=[value])))
    if given.get("status") == "all":
        lines.append(Line("status", Fields(pick=[one.value for one in Standing])))
    if given.get("since"):
        lines.append(Line("joined", Fields(how="after", day=given["since"][:10])))
    return _numbered(Group(parts=lines)) if lines else None


def from_form(form: Any) -> Group:
    """The fields as they were sent; `form` is a MultiDict. Whatever does not fit is left out."""
    kinds: dict[str, tuple[str, str]] = {}
    for name in form:
        found = _NAME.fullmatch(name)
        if found and len(kinds) < MOST_PARTS:
            kinds[found[1]] = (found[2], form[name])
    root = _read(ROOT, kinds, form)
    return root if isinstance(root, Group) else blank()


def change(root: Group, deed: str, form: Mapping[str, str]) -> Group:
    """Do what a button says: "add:<path>" (the kind stands in the field `<path>.add`) or "remove:<path>"."""
    verb, _, path = deed.partition(":")
    by_path = {part.path: part for part in _walk(root)}
    part = by_path.get(path)
    if verb == "add" and isinstance(part, Group) and len(by_path) < MOST_PARTS:
        kind = form.get(f"{path}.add", "")
        if kind == "group" and part.may_hold_groups:
            part.parts.append(Group(join="any", is_new=True))
        elif kind in rules.KINDS:
            part.parts.append(_new(kind, is_new=True))
    elif verb == "remove" and part is not None and part is not root:
        parent = by_path[path.rpartition("-")[0]]
        if isinstance(parent, Group):
            parent.parts.remove(part)
    return _numbered(root)


def rule_of(root: Group) -> rules.Node | None:
    """The rule that was typed; None when something does not fit, and then the parts say what."""
    is_good = True
    for part in _walk(root):
        part.error = ""
        if isinstance(part, Group):
            part.error = "" if part.parts else "Add at least one line here, or remove the group."
        else:
            try:
                rules.parse(part.to_json())
            except NotARule as wrong:
                part.error = str(wrong)
        is_good = is_good and not part.error
    if not is_good:
        return None
    try:
        return rules.parse(root.to_json())
    except NotARule as wrong:
        root.error = str(wrong)
        return None


def finished(root: Group) -> rules.Node | None:
    """The rule, when nothing is missing in it; while it is being built, what is missing is no mistake."""
    rule = rule_of(root)
    if rule is None:
        for part in _walk(root):
            part.error = ""
    return rule


def errors(root: Group) -> list[tuple[str, str]]:
    """The path and the words of each mistake."""
    return [(part.path, part.error) for part in _walk(root) if part.error]


def kinds_in(root: Group) -> set[str]:
    """The kinds of the lines that are there."""
    return {part.kind for part in _walk(root) if isinstance(part, Line)}


def questions(root: Group) -> dict[str, ColumnElement[bool]]:
    """The condition of each line, by its path. Call it only for a rule without mistakes and problems."""
    parsed: dict[str, Criterion] = {}
    for part in _walk(root):
        if isinstance(part, Line):
            node = rules.parse(part.to_json())
            if isinstance(node, Criterion):
                parsed[part.path] = node
    names = rules.names_in(rules.All(tuple(parsed.values())))
    return {path: line.sql(names) for path, line in parsed.items()}


def left(root: Group, answers: Mapping[str, ColumnElement[bool]]) -> dict[str, ColumnElement[bool]]:
    """Who is left after each line and group, read from top to bottom, by its path; of the root: who is in.

    What stands in a group that asks for all leaves some of those that the lines above it left; in a group that asks
    for one, each line adds to those above it.
    """
    found: dict[str, ColumnElement[bool]] = {}
    found[ROOT] = _left(root, answers, [], found)
    return found


def _left(
    group: Group,
    answers: Mapping[str, ColumnElement[bool]],
    before: Sequence[ColumnElement[bool]],
    found: dict[str, ColumnElement[bool]],
) -> ColumnElement[bool]:
    so_far: list[ColumnElement[bool]] = []
    for part in group.parts:
        around = [*before, *so_far] if group.join != "any" else before
        one = _left(part, answers, around, found) if isinstance(part, Group) else answers[part.path]
        so_far.append(not_(one) if group.join == "none" else one)
        found[part.path] = and_(true(), *before, _joined(group, so_far))
    return _joined(group, so_far)


def _joined(group: Group, parts: Sequence[ColumnElement[bool]]) -> ColumnElement[bool]:
    return or_(*parts) if group.join == "any" else and_(*parts)


def _walk(part: Part) -> Iterator[Part]:
    yield part
    if isinstance(part, Group):
        for inner in part.parts:
            yield from _walk(inner)


def _numbered(root: Group, path: str = ROOT) -> Group:
    root.path = path
    for number, part in enumerate(root.parts):
        part.path = f"{path}-{number}"
        if isinstance(part, Group):
            _numbered(part, part.path)
    return root


def _part(node: rules.Node) -> Part:
    match node:
        case rules.All(parts):
            return Group("all", [_part(part) for part in parts])
        case rules.Any_(parts):
            return Group("any", [_part(part) for part in parts])
        case rules.Not(rules.Any_(parts)):
            return Group("none", [_part(part) for part in parts])
        case rules.Not(part):
            return Group("none", [_part(part)])
    return Line(node.kind, node.fields())


def _new(kind: str, is_new: bool = False) -> Line:
    """A line to be filled in, with its first way chosen."""
    return Line(kind, Fields(how=next(iter(rules.KINDS[kind].ways), "")), is_new=is_new)


def _read(path: str, kinds: Mapping[str, tuple[str, str]], form: Any) -> Part | None:
    what, value = kinds.get(path, ("", ""))
    if what == "is" and value in rules.KINDS:
        fields = Fields(
            how=form.get(f"{path}.how", "")[:20],
            pick=[one[:100] for one in form.getlist(f"{path}.pick")[:100]],
            day=form.get(f"{path}.day", "").strip()[:10],
            days=form.get(f"{path}.days", "").strip()[:10],
        )
        return Line(value, fields, path=path)
    if what != "join":
        return None
    below = sorted(int(one.rpartition("-")[2]) for one in kinds if one.rpartition("-")[0] == path)
    parts = [_read(f"{path}-{number}", kinds, form) for number in dict.fromkeys(below)]
    return Group(value if value in JOINS else "all", [part for part in parts if part is not None], path=path)
