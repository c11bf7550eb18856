"""Words and numbers as people read them: days, moments, counts, Markdown, and clean typed text."""

import re
import unicodedata
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

import nh3
from babel.dates import format_date, format_timedelta, get_timezone_name
from babel.numbers import format_decimal
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from portal.core import clock

LOCALE = "en_GB"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufff9-\ufffb]")
_BIDI_OVERRIDE = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
_TAGS = {
    "p",
    "br",
    "h2",
    "h3",
    "h4",
    "strong",
    "em",
    "a",
    "ul",
    "ol",
    "li",
    "blockquote",
    "code",
    "pre",
    "hr",
    "del",
}
_IMPERSONAL = re.compile(
    r"^\W*(dear|hi|hello|hey)\s+(sir|madam|applicant|candidate|job ?seeker|talent|user|member|friend|all|"
    r"valued \w+|potential (candidate|applicant)|recipient|subscriber)s?\b",
    re.IGNORECASE,
)


def zone(name: str | None, fallback: str = "UTC") -> ZoneInfo:
    """The zone of that IANA name; the fallback's when there is no such zone."""
    return ZoneInfo(name) if name in _zones() else ZoneInfo(fallback)


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    """Walk through the folders of the zones once: it takes 4 ms, and a page shows many dates."""
    return frozenset(available_timezones())


def day(moment: datetime | date, where: ZoneInfo | str | None = None) -> str:
    """A date such as "3 March 2027", as it is in that zone."""
    if isinstance(moment, datetime):
        moment = moment.astimezone(_zone(where)).date()
    return format_date(moment, "d MMMM y", locale=LOCALE)


def moment(value: datetime, where: ZoneInfo | str | None = None) -> str:
    """A moment with its zone named: "Wed 3 March 2027, 18:00 CET (Berlin)"."""
    place = _zone(where)
    local = value.astimezone(place)
    date_words = format_date(local.date(), "EEE d MMMM y", locale=LOCALE)
    return f"{date_words}, {local:%H:%M} {zone_words(place, value)}"


def zone_words(place: ZoneInfo, at: datetime) -> str:
    """How people there call their time: "CET (Berlin)", "GMT+5:30 (Kolkata)", "UTC"."""
    if place.key in {"UTC", "Etc/UTC"}:
        return "UTC"
    short = at.astimezone(place).tzname() or ""
    if not short.isalpha():
        short = get_timezone_name(at.astimezone(place), width="short", locale=LOCALE)
    return f"{short} ({place.key.rsplit('/', 1)[-1].replace('_', ' ')})"


def ago(value: datetime) -> str:
    """How long ago, or how long until: "3 days ago", "in 2 hours"."""
    distance: timedelta = value - clock.now()
    return format_timedelta(distance, add_direction=True, locale=LOCALE, threshold=1.2)


def number(value: float) -> str:
    """A number with its thousands apart: "12,345"."""
    return format_decimal(value, locale=LOCALE)


def plural(count: int, one: str, many: str) -> str:
    """A count with its noun: "1 person", "1,200 people"."""
    return f"{number(count)} {one if count == 1 else many}"


def listing(words: list[str], last: str = "and") -> str:
    """A list in a sentence: "Design, Data and Product"."""
    return f" {last} ".join(part for part in (", ".join(words[:-1]), "".join(words[-1:])) if part)


def clean(text: str | None, lines: bool = False) -> str:
    """Typed text without control characters and direction overrides, composed (NFC) and trimmed.

    With `lines` line breaks stay, as line feeds; without, any white space becomes one space.
    """
    text = unicodedata.normalize("NFC", (text or "").encode("utf-8", "replace").decode())
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _BIDI_OVERRIDE.sub("", _CONTROL.sub(" " if not lines else "", text))
    return text.strip() if lines else " ".join(text.split())


def slug(text: str, longest: int = 60) -> str:
    """An address part of ASCII letters, digits and hyphens; "" when nothing is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:longest].strip("-")


def impersonal_opening(text: str) -> str | None:
    """The impersonal greeting a text opens with ("Dear Applicant"), or None."""
    found = _IMPERSONAL.match(text.lstrip("# *_>\n"))
    return found.group(0).strip() if found else None


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": False, "maxNesting": 20}).enable(
        "strikethrough"
    )
    return parser.disable(["image", "html_block", "html_inline"])


@lru_cache(maxsize=512)
def markdown(text: str) -> Markup:
    """Markdown as safe HTML: no raw HTML, no pictures, links to http, https and mailto only.

    The highest heading becomes an h2, because the page has its h1, and none skips a level.
    """
    html = _markdown().render(text)
    used = sorted(set(re.findall(r"<h([1-6])>", html)))
    level = {one: min(4, place + 2) for place, one in enumerate(used)}
    html = re.sub(r"<(/?)h([1-6])>", lambda tag: f"<{tag[1]}h{level[tag[2]]}>", html)
    return Markup(  # noqa: S704 - cleaned by nh3
        nh3.clean(
            html,
            tags=_TAGS,
            attributes={"a": {"href"}},
            url_schemes={"http", "https", "mailto"},
            link_rel="noopener noreferrer",
        )
    )


@lru_cache(maxsize=512)
def plain(text: str) -> str:
    """Markdown as readable plain text: links become "words (address)", emphasis goes."""
    out: list[str] = []
    lists: list[int | None] = []
    for token in _markdown().parse(text):
        match token.type:
            case "inline":
                out.append(_plain_inline(token.children or []))
            case "paragraph_close" | "heading_close" | "blockquote_close":
                out.append("\n" if lists else "\n\n")
            case "bullet_list_open":
                lists.append(None)
            case "ordered_list_open":
                lists.append(int(token.attrGet("start") or 1))
            case "bullet_list_close" | "ordered_list_close":
                lists.pop()
                out.append("" if lists else "\n")
            case "list_item_open":
                mark = lists[-1]
                out.append("- " if mark is None else f"{mark}. ")
                if mark is not None:
                    lists[-1] = mark + 1
            case "code_block" | "fence":
                out.append(token.content + "\n")
            case "hr":
                out.append("----\n\n")
    return re.sub(r"\n{3,}", "\n\n", "".join(out)).strip()


def _plain_inline(tokens: list[Token]) -> str:
    out: list[str] = []
    links: list[tuple[str, int]] = []
    for token in tokens:
        kind = token.type
        if kind in {"text", "code_inline"}:
            out.append(token.content)
        elif kind in {"softbreak", "hardbreak"}:
            out.append("\n")
        elif kind == "link_open":
            links.append((str(token.attrGet("href") or ""), len(out)))
        elif kind == "link_close" and links:
            href, start = links.pop()
            words = "".join(out[start:])
            target = href.removeprefix("mailto:")
            out[start:] = [words if words == target else f"{words} ({target})"]
    return "".join(out)


def _zone(where: ZoneInfo | str | None) -> ZoneInfo:
    return where if isinstance(where, ZoneInfo) else zone(where)
