"""Addresses of static files that change with their content, and icons as inline SVG."""

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import current_app, url_for
from lucide import jinja as drawn
from markupsafe import Markup


def asset(path: str) -> str:
    """Return the URL of a file below `static/`, with a hash of its content: browsers may keep it for ever.

    Raises:
        FileNotFoundError: there is no such file; a page must not link to nothing.
    """
    file = Path(current_app.static_folder or "", path)
    return url_for("static", filename=path, v=_fingerprint(file, file.stat().st_mtime_ns))


@lru_cache(maxsize=512)
def _fingerprint(file: Path, changed_at_ns: int) -> str:
    """Return ten characters that stand for the content; `changed_at_ns` makes an edit a new question."""
    return hashlib.blake2b(file.read_bytes(), digest_size=5).hexdigest()


@lru_cache(maxsize=512)
def icon(name: str, label: str | None = None) -> Markup:
    """Return a lucide icon: decoration that screen readers pass over, or an image when it has a label.

    Raises:
        lucide.IconDoesNotExist: lucide has no icon of that name.
    """
    told = {"role": "img", "aria-label": label} if label else {"aria-hidden": "true"}
    drawing = drawn.lucide(name, size=20, **{"class": "icon", "focusable": "false", **told})
    return Markup(drawing)  # noqa: S704 - lucide escapes attributes
