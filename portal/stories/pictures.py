"""Pictures from people's devices: checked before they are decoded, drawn anew by us, nothing else kept.

What is stored is WebP in three widths, without EXIF, ICC profiles, comments or trailing bytes, named by a digest of
our own result. No SVG: it is a program, not a picture.
"""

import contextlib
import hashlib
import os
import re
import secrets
import time
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from flask import current_app
from PIL import Image, ImageOps, UnidentifiedImageError
from sqlalchemy import select

from portal.core import clock
from portal.core.db import insert_once, session
from portal.core.settings import Settings
from portal.core.web import link as full_link
from portal.stories.models import Picture

WIDTHS = (480, 960, 1600)
FORMATS = ("JPEG", "PNG", "WEBP")
ACCEPT = "image/jpeg,image/png,image/webp"
MOST_BYTES = 10 * 1024 * 1024
QUALITY = 82
_DIGEST = re.compile(r"[0-9a-f]{32}")


class NotAPicture(Exception):
    """The file cannot be used; `words` say why and what would work."""

    def __init__(self, words: str) -> None:
        """Keep the words for the person who chose the file."""
        super().__init__(words)
        self.words = words


def store(stream: BinaryIO) -> str:
    """Draw an uploaded picture anew in three widths and return the digest it is known by.

    Raises:
        NotAPicture: it is too large, broken, or not a photo format we read.
    """
    raw = stream.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise NotAPicture("That file is larger than 10 MB. Please choose a smaller one.")
    copies = [(width, _encoded(image)) for width, image in _copies(raw)]
    digest = hashlib.blake2b(copies[-1][1], digest_size=16).hexdigest()
    for width, content in copies:
        _write(_path(digest, width), content)
    keep(digest)
    return digest


def keep(digest: str) -> bool:
    """Enter a stored picture into the database, unless it is there; returns whether its files exist.

    A form that is shown again after a mistake names the picture by its digest, although its row was undone.
    """
    if not _DIGEST.fullmatch(digest) or not _path(digest, WIDTHS[-1]).is_file():
        return False
    with Image.open(_path(digest, WIDTHS[-1]), formats=["WEBP"]) as image:
        width, height = image.size
    insert_once(Picture, {"digest": digest, "width": width, "height": height, "added_at": clock.now()})
    return True


def file(digest: str, width: int) -> Path | None:
    """Return the file of a picture in one of our widths, if there is one."""
    if not _DIGEST.fullmatch(digest) or width not in WIDTHS:
        return None
    path = _path(digest, width)
    return path if path.is_file() else None


def url(digest: str, width: int = 960) -> str:
    """Return the path of a picture on this site."""
    return f"/pictures/{digest}-{width}.webp"


def link(digest: str, width: int = 960) -> str:
    """Return the full address of a picture, for mails, feeds and previews elsewhere."""
    return full_link("stories.picture", digest=digest, width=width)


def remove_strays(older_than_seconds: float = 86_400) -> int:
    """Remove files that no picture row names, a day after they came; returns how many."""
    known = set(session().scalars(select(Picture.digest)))
    before, removed = time.time() - older_than_seconds, 0
    for path in _folder().glob("*/*.webp"):
        if path.name.partition("-")[0] not in known and path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def _copies(raw: bytes) -> list[tuple[int, Image.Image]]:
    """Decode once, within the pixel limit, and shrink to each width; a small picture is never blown up."""
    settings = _settings()
    most = settings.max_picture_megapixels * 1_000_000
    too_large = NotAPicture(
        f"That picture has more than {settings.max_picture_megapixels} megapixels. Please choose a smaller one."
    )
    try:
        with Image.open(BytesIO(raw), formats=FORMATS) as opened:
            if opened.size[0] * opened.size[1] > most:
                raise too_large
            if min(opened.size) < 16 or max(opened.size) > 40 * min(opened.size):
                raise NotAPicture("That picture is too small or too narrow to be seen.")
            opened.draft("RGB", (2 * WIDTHS[-1], 2 * WIDTHS[-1]))
            image = ImageOps.exif_transpose(opened)
            has_alpha = "A" in image.getbands() or "transparency" in image.info
            image = image.convert("RGBA" if has_alpha else "RGB")
    except NotAPicture:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise too_large from bomb
    except UnidentifiedImageError as unknown:
        raise NotAPicture(
            "We can read JPEG, PNG and WebP pictures. This file is something else."
        ) from unknown
    except Exception as broken:
        # Decoders meet hostile bytes with many kinds of errors; all of them mean the same to the person.
        raise NotAPicture("That picture seems to be damaged. Please try another copy of it.") from broken
    image.info.clear()
    copies = []
    for width in WIDTHS:
        copy = image.copy()
        copy.thumbnail((width, 2 * width), Image.Resampling.LANCZOS, reducing_gap=2.0)
        copies.append((width, copy))
    return copies


def _encoded(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "WEBP", quality=QUALITY, method=4, exif=b"", icc_profile=b"", xmp=b"")
    return out.getvalue()


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; the same content may be there already."""
    if path.is_file():
        with contextlib.suppress(FileNotFoundError):
            os.utime(path)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{secrets.token_hex(8)}.part")
    part.write_bytes(content)
    part.replace(path)


def _path(digest: str, width: int) -> Path:
    return _folder() / digest[:2] / f"{digest}-{width}.webp"


def _folder() -> Path:
    return _settings().uploads


def _settings() -> Settings:
    settings: Settings = current_app.extensions["portal"]
    return settings
