"""Who may import whom: down the house, never up, never in a circle; and only what a file's role allows."""

import ast
from pathlib import Path

import grimp
import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

from tests.house import tree

# The domain does not know that it is on the web; a page does not speak SQL.
FORBIDDEN = {
    **dict.fromkeys(
        ("models", "queries", "actions"), ("flask", "flask_login", "flask_wtf", "wtforms", "werkzeug")
    ),
    **dict.fromkeys(("views", "admin", "forms"), ("sqlalchemy", "flask_sqlalchemy_lite", "portal.core.db")),
}
BY_ROLE = [
    (path, FORBIDDEN[path.stem])
    for room in tree.rooms()
    for path in room.rglob("*.py")
    if path.stem in FORBIDDEN
]


def test_imports_run_down_the_house(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tree.ROOT)
    status = lint_imports(no_cache=True)
    assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out


def test_nothing_imports_in_a_circle() -> None:
    graph = grimp.build_graph("portal", cache_dir=None)
    circles = [
        sorted(circle)
        for circle in _circles(
            {each: graph.find_modules_directly_imported_by(each) for each in graph.modules}
        )
    ]
    assert circles == []


@pytest.mark.parametrize(("path", "forbidden"), BY_ROLE, ids=[tree.name_of(path) for path, _ in BY_ROLE])
def test_a_file_imports_what_its_role_allows(path: Path, forbidden: tuple[str, ...]) -> None:
    wrong = {
        name for name in tree.imported(path) for bad in forbidden if name == bad or name.startswith(f"{bad}.")
    }
    assert wrong == set()


def test_every_package_is_one_docstring() -> None:
    more = [
        tree.name_of(path)
        for path in tree.modules()
        if path.name == "__init__.py"
        and (len(tree.parsed(path).body) != 1 or not ast.get_docstring(tree.parsed(path)))
    ]
    assert more == []


def test_nothing_is_imported_inside_a_function() -> None:
    found = [
        f"{tree.name_of(path)}:{inner.lineno}"
        for path in [*tree.modules(), *sorted((tree.ROOT / "tests").rglob("*.py"))]
        for node in ast.walk(tree.parsed(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert found == []


def _circles(graph: dict[str, set[str]]) -> list[set[str]]:
    """Return the groups of modules that reach one another (what is left when all free ends are cut off)."""
    left = {name: set(targets) for name, targets in graph.items()}
    while ends := {name for name, targets in left.items() if not targets & left.keys()}:
        left = {name: targets for name, targets in left.items() if name not in ends}
    groups: list[set[str]] = []
    for start in left:
        if not any(start in group for group in groups):
            there, todo = set(), [start]
            while todo:
                new = left[todo.pop()] & left.keys() - there
                there |= new
                todo += new
            groups.append(there)
    return groups
