"""Writes an issue: what its letter and its archive page are made of, for a reader or for everybody with one variant."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import current_app

from portal.core import words
from portal.core.season import Season
from portal.core.settings import Settings
from portal.core.web import link
from portal.mail.render import CLIPPED_AT, Rendered, render
from portal.mail.transports import tags
from portal.newsletters import fields, queries, readers
from portal.newsletters.fields import Voice
from portal.newsletters.models import BlockKind, Newsletter
from portal.newsletters.queries import Piece
from portal.newsletters.readers import NAMELESS, Reader
from portal.stories import pictures

LETTER = "newsletters/issue"
LONGEST_NAME = "N" * 60
PICTURE_WIDTH = 960
NAME, CHOSEN_ON, UNSUBSCRIBE, PREFERENCES = (
    "%%name%%",
    "%%chosen_on%%",
    "%%unsubscribe_url%%",
    "%%preferences_url%%",
)


@dataclass(frozen=True, slots=True)
class Part:
    """A block, written: its kind, and what the template needs for that kind."""

    kind: str
    html: str = ""
    text: str = ""
    title: str = ""
    href: str = ""
    summary: str = ""
    picture: str = ""
    alt: str = ""
    person: str = ""
    when: str = ""
    place: str = ""
    month: str = ""
    day: str = ""
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Envelope:
    """An issue from outside, the same for everybody."""

    heading: str
    preheader: str
    season: Season
    next_issue: str


@dataclass(frozen=True, slots=True)
class Size:
    """How large a variant is as a mail, in bytes of HTML."""

    mask: int
    size: int

    @property
    def is_too_large(self) -> bool:
        """Whether Gmail would cut it off, and the way out with it."""
        return self.size >= CLIPPED_AT


def season_of(newsletter: Newsletter) -> Season:
    """The season an issue is of."""
    return Season(newsletter.year, newsletter.quarter)


def frozen(newsletter: Newsletter, pieces: Sequence[Piece], mask: int) -> Rendered:
    """One variant as it is kept for a mailing: personal tags still in it, everything else written out."""
    name = "" if mask & NAMELESS else NAME
    voice = Voice(_values(newsletter, name, has_tags=True), has_tags=True)
    context = _context(newsletter, pieces, mask, voice, CHOSEN_ON)
    context |= {"unsubscribe_url": UNSUBSCRIBE, "preferences_url": PREFERENCES}
    return render(LETTER, context, current_app.jinja_env)


def shown(newsletter: Newsletter, pieces: Sequence[Piece], reader: Reader) -> Rendered:
    """The issue as that reader would get it; its links out lead to the page for members."""
    return render(LETTER, for_reader(newsletter, pieces, reader), current_app.jinja_env)


def for_reader(newsletter: Newsletter, pieces: Sequence[Piece], reader: Reader) -> dict[str, Any]:
    """What the letter is made of for one reader, with no tags left in it."""
    voice = Voice(_values(newsletter, reader.name))
    context = _context(newsletter, pieces, reader.mask, voice, reader.chosen_on)
    return context | {"unsubscribe_url": "", "preferences_url": link("preferences.contact")}


def for_everybody(newsletter: Newsletter, pieces: Sequence[Piece]) -> list[Part]:
    """The blocks of the archive page: those shown to everybody, with fallbacks, and only what is still public."""
    voice = Voice(_values(newsletter, ""))
    parts = [_part(piece, voice) for piece in pieces if piece.segment is None and piece.is_public]
    return [replace(part, href=on_this_site(part.href), picture=on_this_site(part.picture)) for part in parts]


def envelope(newsletter: Newsletter) -> Envelope:
    """What the archive says above an issue."""
    voice = Voice(_values(newsletter, ""))
    return Envelope(
        heading=voice.words(newsletter.subject) or newsletter.title,
        preheader=voice.words(newsletter.preheader),
        season=season_of(newsletter),
        next_issue=voice.values["next_issue"],
    )


def measured(rendered: Rendered) -> int:
    """How many bytes of HTML a variant has once its tags are filled with a long name and real addresses."""
    url = f"{settings().base_url}/u/{'x' * 32}"
    filled = {
        "name": LONGEST_NAME,
        "chosen_on": "22 September 2026",
        "unsubscribe_url": url,
        "preferences_url": url,
        "percents": "%%",
    }
    return len(tags.fill(rendered.html, filled).encode())


def sizes(newsletter: Newsletter, pieces: Sequence[Piece], masks: Sequence[int]) -> list[Size]:
    """The size of each variant."""
    return [Size(mask, measured(frozen(newsletter, pieces, mask))) for mask in masks]


def sender_address() -> str:
    """The address that every newsletter comes from."""
    return settings().sender_address


def postal_address() -> str:
    """Where the company can be written to on paper; every newsletter carries it."""
    return settings().postal_address


def on_this_site(address: str) -> str:
    """The path of a page of this portal; any other address stays."""
    path = address.removeprefix(settings().base_url)
    return path if path.startswith("/") else address


def in_a_frame(html: str) -> str:
    """A letter's HTML with its pictures taken from this site, whatever it is called at this moment."""
    return html.replace(f'src="{settings().base_url}/pictures/', 'src="/pictures/')


def whole_address(url: str) -> str:
    """A button's address in full: a path leads to this portal."""
    return f"{settings().base_url}{url}" if url.startswith("/") else url


def _values(newsletter: Newsletter, name: str, has_tags: bool = False) -> dict[str, str]:
    season = season_of(newsletter)
    company = current_app.jinja_env.globals["brand"].name  # type: ignore[attr-defined]
    return {
        "name": name,
        "company": company.replace("%%", fields.PERCENTS) if has_tags else company,
        "season": season.name,
        "next_issue": f"in {season.next.begins:%B %Y}",
    }


def _context(
    newsletter: Newsletter, pieces: Sequence[Piece], mask: int, voice: Voice, chosen_on: str
) -> dict[str, Any]:
    segments = readers.shown_to(pieces)
    parts = [_part(piece, voice) for piece in pieces if readers.sees(mask, piece, segments)]
    person = queries.sender(newsletter)
    return {
        "issue_subject": voice.words(newsletter.subject),
        "preheader": voice.words(newsletter.preheader),
        "season": season_of(newsletter),
        "parts": parts,
        "has_chosen_parts": any(part.is_chosen for part in parts),
        "sender_name": voice.verbatim(person.name),
        "sender_title": voice.verbatim(person.title),
        "chosen_on": chosen_on,
        "archive_url": link("newsletters.show", slug=newsletter.slug),
        "is_test": False,
    }


def _part(piece: Piece, voice: Voice) -> Part:
    block, say = piece.block, voice.verbatim
    is_chosen = piece.segment is not None
    match block.kind:
        case BlockKind.story if piece.story is not None:
            story = piece.story
            return Part(
                "story",
                title=say(story.title),
                href=link("stories.show", slug=story.slug),
                summary=say(story.summary),
                picture=pictures.link(story.picture, PICTURE_WIDTH) if story.picture else "",
                alt=say(story.picture_alt),
                person=say(_who(piece)),
                is_chosen=is_chosen,
            )
        case BlockKind.event if piece.event is not None:
            event = piece.event
            local = event.starts_at.astimezone(words.zone(event.zone))
            where = words.listing([say(one) for one in (event.venue, *piece.places) if one], ",").replace(
                " , ", ", "
            )
            return Part(
                "event",
                title=say(event.title),
                href=link("events.show", slug=event.slug),
                summary=say(event.summary),
                when=words.moment(event.starts_at, event.zone),
                place=where or event.format.words,
                month=f"{local:%b}",
                day=str(local.day),
                is_chosen=is_chosen,
            )
        case BlockKind.role if piece.role is not None:
            role = piece.role
            places = [*piece.places, *(["remote"] if role.is_remote else [])]
            return Part(
                "role",
                title=say(role.title),
                href=link("roles.show", slug=role.slug),
                summary=say(role.summary),
                place=say(words.listing(places, "or")),
                when=role.work_mode.words if role.work_mode else "",
                person=say(_vouched(piece)),
                is_chosen=is_chosen,
            )
        case BlockKind.button:
            return Part(
                "button",
                text=voice.words(block.text),
                href=say(whole_address(block.url)),
                is_chosen=is_chosen,
            )
    return Part("text", html=voice.markdown(block.text), text=voice.plain(block.text), is_chosen=is_chosen)


def _who(piece: Piece) -> str:
    if piece.person is None:
        return ""
    return ", ".join(part for part in (f"Told by {piece.person.name}", piece.person.title) if part)


def _vouched(piece: Piece) -> str:
    if piece.person is None or piece.role is None or piece.role.confirmed_at is None:
        return ""
    return f"Open, says {piece.person.name}, {words.day(piece.role.confirmed_at)}"


def settings() -> Settings:
    """How the portal is set up."""
    found: Settings = current_app.extensions["portal"]
    return found
