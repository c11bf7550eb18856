"""Turns a letter's templates into subject, plain text and HTML.

`templates/letters/<room>/<letter>.txt` holds the text part and, in the block `subject`, the subject.
`templates/letters/<room>/<letter>.mjml.html` holds the HTML part as MJML; its name makes Jinja escape values.
Tags such as %%first_name%% pass through both unharmed, also inside href.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import jinja2
import mjml

from portal.mail.palette import palette
from portal.mail.transports import clean

CLIPPED_AT = 102_000
"""Gmail cuts a longer mail off and hides the footer, and with it the way out."""

_KNOWN_TAGS = frozenset(
    {
        *("mjml", "mj-head", "mj-attributes", "mj-all", "mj-class", "mj-preview", "mj-style", "mj-title"),
        *("mj-raw", "mj-body", "mj-section", "mj-column", "mj-group", "mj-wrapper", "mj-breakpoint"),
        *("mj-text", "mj-button", "mj-image", "mj-divider", "mj-spacer", "mj-table"),
    }
)
_TAG = re.compile(r"</?\s*(mj[a-z0-9-]*)", re.IGNORECASE)
_BLANK_LINES = re.compile(r"\n{3,}")
_LINE_ENDS = re.compile(r"[ \t]+$", re.MULTILINE)


class BrokenLetter(ValueError):
    """The template of a letter is not MJML that can be turned into HTML."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A letter ready to be handed over, tags still in it."""

    subject: str
    text: str
    html: str

    @property
    def is_too_long(self) -> bool:
        """Whether Gmail would cut it off."""
        return len(self.html.encode()) > CLIPPED_AT


def render(template: str, context: Mapping[str, Any], jinja_env: jinja2.Environment) -> Rendered:
    """Return the letter `template` ("members/confirm") written with the context.

    `brand` comes from the context or the environment; `season`, `lang`, `preferences_url` and
    `unsubscribe_url` are used when they are there.

    Raises:
        jinja2.TemplateError: a template is missing, or uses a name that nobody gave.
        BrokenLetter: the MJML holds a tag it does not know (it would vanish silently) or cannot be read.
    """
    plain = jinja_env.get_template(f"letters/{template}.txt")
    rich = jinja_env.get_template(f"letters/{template}.mjml.html")
    words: dict[str, Any] = {"lang": "en", "season": None, "preferences_url": "", "unsubscribe_url": ""}
    words.update(context)
    brand: Any = words.get("brand") or jinja_env.globals["brand"]
    words["palette"] = palette(brand.hue, words["season"].name if words["season"] else "")
    subject = _subject(plain, words)
    words["subject"] = subject
    return Rendered(subject, _text(plain.render(words)), compiled(clean.body(rich.render(words))))


@lru_cache(maxsize=128)
def compiled(source: str) -> str:
    """Return MJML as HTML. The same source is worked out once.

    Raises:
        BrokenLetter: see `render`.
    """
    unknown = sorted(set(map(str.lower, _TAG.findall(source))) - _KNOWN_TAGS)
    if unknown:
        raise BrokenLetter(f"MJML does not know the tag {', '.join(unknown)}.")
    try:
        return str(mjml.mjml2html(source, fonts={}, disable_comments=False))
    except Exception as error:
        raise BrokenLetter(f"The MJML cannot be read: {error}") from error


def _subject(plain: jinja2.Template, words: Mapping[str, Any]) -> str:
    try:
        block = plain.blocks["subject"]
    except KeyError:
        raise BrokenLetter(f"{plain.name} has no block named subject.") from None
    return " ".join(clean.one_line("".join(block(plain.new_context(dict(words))))).split())


def _text(text: str) -> str:
    """Return the text part without control characters, trailing spaces and heaps of blank lines."""
    return _BLANK_LINES.sub("\n\n", _LINE_ENDS.sub("", clean.body(text))).strip() + "\n"
