"""Files are named after their role or their subject; a further name is a decision, written down in names.txt."""

import ast
import re

from tests.house import tree

ROLES = {"__init__", "models", "queries", "mail", "actions", "forms", "views", "admin"}
NEVER = re.compile(r"(^|_)(utils?|helpers?|common|misc|managers?|services?|base|stuff)(_|$)")
LONGEST = 420
# Where the transaction ends: at the edge, and where the commits are the design.
MAY_COMMIT = ("portal/core/", "portal/mail/hand_over.py")
DECIDED = tree.ROOT / "tests" / "house" / "names.txt"


def test_a_room_uses_the_names_of_the_house() -> None:
    found = {
        f"{room.name}/{path.relative_to(room).with_suffix('').as_posix()}"
        for room in tree.rooms()
        for path in room.rglob("*.py")
        if path.stem not in ROLES
    }
    decided = set(DECIDED.read_text().split())
    assert found - decided == set(), "decide on the name and write it into tests/house/names.txt"
    assert decided - found == set(), "gone: take the name out of tests/house/names.txt"


def test_no_name_says_nothing() -> None:
    files = [*tree.modules(), *sorted((tree.ROOT / "tests").rglob("*.py"))]
    assert [tree.name_of(path) for path in files if NEVER.search(path.stem)] == []


def test_no_file_grows_without_bound() -> None:
    lengths = {tree.name_of(path): len(path.read_text().splitlines()) for path in tree.modules()}
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_only_the_edge_commits() -> None:
    found = {
        tree.name_of(path)
        for path in tree.modules()
        for node in ast.walk(tree.parsed(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    }
    assert [name for name in found if not name.startswith(MAY_COMMIT)] == []
