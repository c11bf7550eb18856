"""Where the project's own files lie: in a checkout beside `portal/`, in an installed wheel inside it."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent
_INSTALLED = _PACKAGE / "_data"


def templates() -> Path:
    """Return the folder of page and letter templates."""
    return _folder("templates")


def static() -> Path:
    """Return the folder of stylesheets, scripts and drawings that browsers fetch."""
    return _folder("static")


def migrations() -> Path:
    """Return the folder that Alembic runs from."""
    return _folder("migrations")


def config() -> Path:
    """Return the folder of `default.toml` and its companions."""
    return _folder("config")


def _folder(name: str) -> Path:
    """Find one of our folders: the wheel maps them to `portal/_data/`, a checkout keeps them on top."""
    return (_INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parent) / name
