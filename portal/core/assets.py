"""Addresses of static files that change with their content, and icons as inline SVG."""

import hashlib
import os
from functools import lru_cache
from pathlib import Path

from flask import current_app, request, url_for
from lucide import jinja as drawn
from markupsafe import Markup


def asset(path: str) -> str:
    """Return the URL of a file below `static/`, with a hash of its content: browsers may keep it for ever.

    Raises:
        FileNotFoundError: there is no such file; a page must not link to nothing.
    """
    file = f"{current_app.static_folder}/{path}"
    changed_at_ns = os.stat(file).st_mtime_ns  # noqa: PTH116 - a dozen times a page, and pathlib is slow
    return _address(file, path, changed_at_ns, request.script_root if request else "")


@lru_cache(maxsize=1024)
def _address(file: str, path: str, changed_at_ns: int, root: str) -> str:
    """Read the file once until it changes (`changed_at_ns`); `root` is where the portal is mounted."""
    fingerprint = hashlib.blake2b(Path(file).read_bytes(), digest_size=5).hexdigest()
    return url_for("static", filename=path, v=fingerprint)


@lru_cache(maxsize=512)
def icon(name: str, label: str | None = None) -> Markup:
    """Return a lucide icon: decoration that screen readers pass over, or an image when it has a label.

    Raises:
        lucide.IconDoesNotExist: lucide has no icon of that name.
    """
    told = {"role": "img", "aria-label": label} if label else {"aria-hidden": "true"}
    drawing = drawn.lucide(name, size=20, **{"class": "icon", "focusable": "false", **told})
    return Markup(drawing)  # noqa: S704 - lucide escapes attributes
