"""Templates: each belongs to a view of its room, each is used, and none holds a style or a script of its own."""

import ast
import re
from pathlib import Path

import pytest

from tests.house import tree

# Folders of parts that many pages share.
SHARED = {"layout", "parts", "errors", "letters"}
QUOTED = re.compile(r"""["']([\w./-]+)["']""")
INLINE = {
    "an inline style": re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE),
    "an inline script": re.compile(r"<script\b(?![^>]*\ssrc=)", re.IGNORECASE),
    "an inline handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "unescaped output": re.compile(r"[^'\"\s]\s*\|\s*safe\b|{%-?\s*autoescape\s+false", re.IGNORECASE),
}


def _pages() -> list[Path]:
    """Return the templates that are whole pages of a room."""
    return [
        path
        for path in tree.templates()
        if path.relative_to(tree.TEMPLATES).parts[0] not in SHARED
        and path.suffix == ".html"
        and not path.name.startswith("_")
        and path.parent.name != "parts"
    ]


def _functions(path: Path) -> set[str]:
    return {node.name for node in ast.walk(tree.parsed(path)) if isinstance(node, ast.FunctionDef)}


def _mentioned() -> set[str]:
    """Return every quoted name in code and templates that may be a template's."""
    found: set[str] = set()
    for path in [*tree.modules(), *tree.templates()]:
        found |= set(QUOTED.findall(path.read_text()))
    return found


@pytest.mark.parametrize("path", _pages(), ids=tree.name_of)
def test_a_page_is_named_after_its_view(path: Path) -> None:
    room = path.relative_to(tree.TEMPLATES).parts[0]
    views = set().union(*map(_functions, (tree.PORTAL / room).glob("*.py")))
    assert path.stem in views, f"portal/{room}/ has no view {path.stem}; a part's name begins with _"


def test_a_view_renders_pages_of_its_own_room() -> None:
    wrong = []
    for path in tree.modules():
        room = path.relative_to(tree.PORTAL).parts[0]
        for node in ast.walk(tree.parsed(path)):
            if not (
                isinstance(node, ast.Call) and getattr(node.func, "id", "") == "render_template" and node.args
            ):
                continue
            name = node.args[0].value if isinstance(node.args[0], ast.Constant) else None
            if not isinstance(name, str):
                wrong.append(f"{tree.name_of(path)}:{node.lineno} renders a name that is not written out")
            elif not (tree.TEMPLATES / name).is_file():
                wrong.append(f"{tree.name_of(path)}:{node.lineno} renders {name}, which does not exist")
            elif name.split("/")[0] not in {room, *SHARED}:
                wrong.append(f"{tree.name_of(path)}:{node.lineno} renders {name} of another room")
    assert wrong == []


def test_every_template_is_used() -> None:
    mentioned = _mentioned()
    unused = []
    for path in tree.templates():
        name = path.relative_to(tree.TEMPLATES).as_posix()
        names = {name}
        if name.startswith("letters/"):  # named without folder and ending
            names.add(name.removeprefix("letters/").split(".")[0])
        if name.startswith("parts/drawings/"):  # named by the drawing
            names |= {path.stem, path.stem.replace("-", "_")}
        if not names & mentioned:
            unused.append(name)
    assert unused == []


@pytest.mark.parametrize("fault", INLINE)
def test_no_template_has(fault: str) -> None:
    found = [
        f"{tree.name_of(path)}:{number}"
        for path in tree.templates()
        if "letters" not in path.relative_to(tree.TEMPLATES).parts
        and path.suffix in {".html", ".svg", ".xml"}
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if INLINE[fault].search(line)
    ]
    assert found == []
