"""Text as it is typed in the content modules, made into the Markdown that a person would have written."""

import re
from textwrap import dedent

_OWN_LINE = re.compile(r"([-*>#]|\d+\.)\s")


def prose(text: str) -> str:
    """Return the text with each paragraph on one line; headings, quotations and list items keep theirs."""
    paragraphs = []
    for paragraph in re.split(r"\n\s*\n", dedent(text).strip()):
        lines: list[str] = []
        for line in (piece.strip() for piece in paragraph.splitlines()):
            if lines and not _OWN_LINE.match(line):
                lines[-1] += " " + line
            else:
                lines.append(line)
        paragraphs.append("\n".join(lines))
    return "\n\n".join(paragraphs)
