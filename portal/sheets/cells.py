"""Cells that no spreadsheet program takes for a formula, and back again without loss.

A program decides by the first sign of a cell (OWASP, CSV injection). Where it splits cells is its own choice, too: the
same file is read with another separator elsewhere, so a sign after a separator or a quotation mark counts as first.
One apostrophe is put before such a sign, or before the apostrophes that stand there already; reading takes one away.
"""

import re

_SIGNS = "=+\\-@\t\r\n＝＋－＠"
_RISKY = re.compile(rf"(^|[,;|\t\r\n\"])([ \u00a0]*)(?='*[{_SIGNS}])")
_DEFUSED = re.compile(rf"(^|[,;|\t\r\n\"])([ \u00a0]*)'(?='*[{_SIGNS}])")


def safe(text: str) -> str:
    """The text as a cell that is only ever shown."""
    return _RISKY.sub(r"\1\2'", text) if _RISKY.search(text) else text


def plain(cell: str) -> str:
    """What `safe` was given; also what a spreadsheet program means by an apostrophe before a sign."""
    return _DEFUSED.sub(r"\1\2", cell) if "'" in cell else cell


def line(values: list[str]) -> str:
    """A line of a file: every cell in quotation marks, so that no separator within one ends it."""
    return ",".join(f'"{safe(one).replace(chr(34), chr(34) * 2)}"' for one in values) + "\r\n"
