"""The house as files: what its tests walk through."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PORTAL = ROOT / "portal"
TEMPLATES = ROOT / "templates"
GROUND = "core"
# Folders that are no rooms: the ground floor, and the company that the demo invents.
NO_ROOMS = {GROUND, "demo"}


def modules() -> list[Path]:
    """Return every module of the portal."""
    return sorted(PORTAL.rglob("*.py"))


def rooms() -> list[Path]:
    """Return the folders of the rooms."""
    return sorted(path.parent for path in PORTAL.glob("*/__init__.py") if path.parent.name not in NO_ROOMS)


def templates() -> list[Path]:
    """Return every template."""
    return sorted(path for path in TEMPLATES.rglob("*") if path.is_file())


def name_of(path: Path) -> str:
    """Return a path as it is spoken of: from the top of the project."""
    return path.relative_to(ROOT).as_posix()


@cache
def parsed(path: Path) -> ast.Module:
    """Return a module taken apart."""
    return ast.parse(path.read_text(), filename=str(path))


def imported(path: Path) -> set[str]:
    """Return the full names of all that a module imports: packages, modules and the names taken from them."""
    found = set()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found
