"""The form of a rule: what was typed becomes a tree, and a tree becomes fields. Works without JavaScript.

A field is named by the path of its group or line: `r` is the outermost group, `r-0` its first part, `r-0-2` the
third part of that. `r.join` says how a group joins its parts, `r-0.is` of which kind a line is.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.segments import rules
from portal.segments.criteria import NotARule

ROOT = "r"
MOST_PARTS = 80
DEEPEST_GROUP = 2
JOINS = {
    "all": "All of these hold",
    "any": "At least one of these holds",
    "none": "None of these holds",
}
KINDS = {kind: line.label for kind, line in rules.KINDS.items()}
_NAME = re.compile(r"(r(?:-\d{1,3}){0,6})\.(join|is)")
_LISTS = ("any_of", "all_of", "none_of", "one_of")


@dataclass(slots=True)
class Line:
    """A line as it was typed: `how` and what was picked, or a day, or a number of days."""

    kind: str
    how: str = ""
    pick: Sequence[str] = ()
    day: str = ""
    days: str = ""
    path: str = ""
    error: str = ""
    is_new: bool = False
    is_group = False

    @property
    def label(self) -> str:
        """What its kind is called."""
        return KINDS[self.kind]

    def to_json(self) -> dict[str, Any]:
        """The line as `rules.parse` reads it, whether it is right or not."""
        match self.kind:
            case "interest":
                return {"is": self.kind, self.how: list(self.pick)}
            case "place":
                return {"is": self.kind, "any_of": list(self.pick)}
            case "remote":
                return {"is": self.kind, "wanted": list(self.pick) != ["no"]}
            case "attended":
                return {"is": self.kind, "event": "".join(self.pick[:1])}
            case "joined" if self.how == "within_days":
                is_number = self.days.isascii() and self.days.isdigit() and len(self.days) < 9
                return {"is": self.kind, self.how: int(self.days) if is_number else None}
            case "joined":
                return {"is": self.kind, self.how: self.day}
        return {"is": self.kind, "one_of": list(self.pick)}


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
    return _numbered(Group(parts=[Line("interest", how="any_of")]))


def from_rule(node: rules.Node) -> Group:
    """The fields of a stored rule."""
    root = _part(node)
    return _numbered(root if isinstance(root, Group) else Group(parts=[root]))


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
        elif kind in KINDS:
            part.parts.append(
                Line(kind, how={"interest": "any_of", "joined": "within_days"}.get(kind, ""), is_new=True)
            )
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


def errors(root: Group) -> list[tuple[str, str]]:
    """The path and the words of each mistake."""
    return [(part.path, part.error) for part in _walk(root) if part.error]


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
    stored = node.to_json()
    key, value = next((key, value) for key, value in stored.items() if key != "is")
    line = Line(node.kind, how=key)
    if key in _LISTS:
        line.pick = value
    elif key == "event":
        line.pick = [value]
    elif key == "wanted":
        line.pick = ["yes" if value else "no"]
    elif key == "within_days":
        line.days = str(value)
    else:
        line.day = value
    return line


def _read(path: str, kinds: Mapping[str, tuple[str, str]], form: Any) -> Part | None:
    what, value = kinds.get(path, ("", ""))
    if what == "is" and value in KINDS:
        return Line(
            value,
            how=form.get(f"{path}.how", "")[:20],
            pick=[one[:100] for one in form.getlist(f"{path}.pick")[:100]],
            day=form.get(f"{path}.day", "").strip()[:10],
            days=form.get(f"{path}.days", "").strip()[:10],
            path=path,
        )
    if what != "join":
        return None
    below = sorted(int(one.rpartition("-")[2]) for one in kinds if one.rpartition("-")[0] == path)
    parts = [_read(f"{path}-{number}", kinds, form) for number in dict.fromkeys(below)]
    return Group(value if value in JOINS else "all", [part for part in parts if part is not None], path=path)
