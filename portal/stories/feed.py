"""The Atom feed of stories (RFC 4287)."""

import re
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from portal.core import clock, words
from portal.core.web import link
from portal.stories import pictures
from portal.stories.models import Story
from portal.stories.queries import Told

# XML 1.0 knows no other characters (https://www.w3.org/TR/xml/#charsets).
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NAMES = uuid.UUID("5a2ef1c6-6d0e-4e8e-9a51-0c1a7d6f4b11")


def atom(stories: Sequence[Told]) -> dict[str, Any]:
    """Return what the feed's template needs; the newest change dates it."""
    entries = [_entry(told) for told in stories]
    updated = max((told.story.changed_at for told in stories), default=None)
    return {
        "entries": entries,
        "updated": _stamp(updated or clock.now().replace(hour=0, minute=0, second=0, microsecond=0)),
        "self_link": link("stories.feed"),
        "page_link": link("stories.index"),
    }


def stable_id(story: Story) -> str:
    """Return a name that stays when the title, the slug or the host changes."""
    return uuid.uuid5(_NAMES, f"{story.id}/{story.created_at.isoformat()}").urn


def _entry(told: Told) -> dict[str, Any]:
    story = told.story
    return {
        "id": stable_id(story),
        "title": _xml(story.title),
        "link": link("stories.show", slug=story.slug),
        "summary": _xml(story.summary),
        "author": _xml(told.author.name),
        "published": _stamp(story.published_at or story.changed_at),
        "updated": _stamp(story.changed_at),
        "html": _xml(str(words.markdown(story.body))),
        "picture": pictures.link(story.picture, 960) if story.picture else "",
        "alt": _xml(story.picture_alt),
    }


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _xml(text: str) -> str:
    return _NOT_XML.sub("", text)
