"""Merge fields: a closed list of words in double braces, with a fallback. Never a template engine.

People write `{{ name }}` or `{{ name | there }}`. A text is written in one pass: fields become slots before Markdown
is read and values afterwards, so no value is ever read as Markdown, HTML or another field. Personal values may be
tags such as %%name%%, which the transport fills for each person; two percent signs that somebody typed become the
tag %%percents%%, whose value they are again.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from html import escape

from markupsafe import Markup

from portal.core import words

FIELDS: Mapping[str, str] = {
    "name": "what the reader asked to be called",
    "company": "the name of the company",
    "season": "the season of this issue, such as winter",
    "next_issue": "when the next one comes, such as in April 2027",
}
FALLBACKS: Mapping[str, str] = {"name": "there"}
PERCENTS = "%%percents%%"
_FIELD = re.compile(r"\{\{\s*([A-Za-z][A-Za-z0-9_]{0,40})\s*(?:\|\s*([^{}|\n]{0,80}?)\s*)?\}\}")
_SLOT = re.compile(r"%%(?:slot(\d{1,4})|percents)%%")


@dataclass(frozen=True, slots=True)
class Voice:
    """What each field says; "" means the fallback. With `has_tags` the transport fills personal values later."""

    values: Mapping[str, str]
    has_tags: bool = False

    def words(self, text: str) -> str:
        """A line that staff typed, such as the subject."""
        return self._say(text, lambda marked: marked, lambda value: value)

    def plain(self, text: str) -> str:
        """Markdown that staff typed, as plain text."""
        return self._say(text, words.plain, lambda value: value)

    def markdown(self, text: str) -> Markup:
        """Markdown that staff typed, as safe HTML."""
        return Markup(self._say(text, words.markdown, escape))  # noqa: S704 - cleaned, and values are escaped

    def verbatim(self, text: str) -> str:
        """Words from elsewhere, such as a story's title: nothing in them is a field."""
        return _guarded(text) if self.has_tags else text

    def _say(self, text: str, read: Callable[[str], str], fit: Callable[[str], str]) -> str:
        found: list[tuple[str, str]] = []

        def slot(match: re.Match[str]) -> str:
            found.append((match[1].lower(), match[2] or ""))
            return f"%%slot{len(found) - 1}%%"

        def value(match: re.Match[str]) -> str:
            if match[1] is None:
                return PERCENTS if self.has_tags else "%%"
            if int(match[1]) >= len(found):
                return match[0]
            name, fallback = found[int(match[1])]
            if not self.has_tags:
                fallback = fallback.replace(PERCENTS, "%%")
            return fit(self.values.get(name, "") or fallback or FALLBACKS.get(name, ""))

        return _SLOT.sub(value, read(_FIELD.sub(slot, _guarded(text))))


def used_in(texts: Iterable[str]) -> frozenset[str]:
    """The fields that stand in the texts."""
    return frozenset(match[1].lower() for text in texts for match in _FIELD.finditer(text))


def problems(text: str, *, is_markdown: bool = False) -> list[str]:
    """What is wrong with the fields in a text, a sentence each."""
    found = []
    for match in _FIELD.finditer(text):
        if match[1].lower() not in FIELDS:
            known = words.listing(list(FIELDS), "or")
            found.append(f"We do not know the field {{{{ {match[1]} }}}}. It can be {known}.")
    rest = _FIELD.sub("", text)
    if "{{" in rest or "}}" in rest:
        found.append(
            "There are double braces that are not a field. Write it like {{ name }} or {{ name | there }}."
        )
    if is_markdown and not found and "%25%25slot" in words.markdown(_FIELD.sub("%%slot0%%", text)):
        found.append("A field cannot stand in the address of a link.")
    return list(dict.fromkeys(found))


def opening_problems(text: str) -> list[str]:
    """A kind word about an opening that could be to anybody."""
    opening = words.impersonal_opening(text)
    if opening is None:
        return []
    return [
        f"“{opening}” could be to anybody. How about “Hello {{{{ name | there }}}}”? They told us their name."
    ]


def _guarded(text: str) -> str:
    return text.replace("%%", PERCENTS)
