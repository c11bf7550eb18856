"""Where uploaded and written spreadsheets lie while they are needed; nothing here outlives a day."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from flask import current_app, request

from portal.core import clock, db, web
from portal.core.settings import Settings

PIECE = 256 * 1024


class TooLarge(Exception):
    """The file is larger than may be."""


def upload(public_id: str) -> Path:
    """Where the file of an import lies."""
    return _folder() / f"in-{public_id}.csv"


def export(public_id: str) -> Path:
    """Where the file of an export lies."""
    return _folder() / f"out-{public_id}.csv"


def store(stream: BinaryIO, public_id: str, most: int) -> int:
    """Keep an uploaded file; returns its size.

    Raises:
        TooLarge: it is; nothing of it is kept.
    """
    path, size = upload(public_id), 0
    with path.open("wb") as file:
        while piece := stream.read(PIECE):
            size += len(piece)
            if size > most:
                break
            file.write(piece)
    if size > most:
        path.unlink()
        raise TooLarge
    return size


def let_large_in(permission: str, most: int) -> None:
    """Let this request be as large, before its form is read, when whoever knocks has the permission."""
    is_let_in = web.visitor().may(permission)
    # The request has not begun its own transaction yet.
    db.rollback()
    if is_let_in:
        request.max_content_length = most


def remove(path: Path) -> None:
    """Let a file go, if it is there."""
    path.unlink(missing_ok=True)


def pieces(path: Path) -> Iterator[bytes]:
    """A file, piece by piece."""
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def holds(path: Path, text: str) -> bool:
    """Whether a file holds that text in some case; read piece by piece."""
    needle = text.lower().encode()
    if not path.is_file() or not needle:
        return False
    before = b""
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            # UTF-16 puts a zero beside each letter.
            whole = before + piece.replace(b"\0", b"").lower()
            if needle in whole:
                return True
            before = whole[-len(needle) :]
    return False


def is_settled(path: Path) -> bool:
    """Whether a file has lain there for an hour, so that whoever wrote it has said so by now."""
    return path.is_file() and path.stat().st_mtime < clock.now().timestamp() - 3600


def everything() -> list[Path]:
    """Every file that lies there."""
    return sorted(_folder().glob("*.csv"))


def _folder() -> Path:
    settings: Settings = current_app.extensions["portal"]
    folder = settings.instance / "spreadsheets"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
