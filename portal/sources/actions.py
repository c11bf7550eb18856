"""Make a tagged link, and retire it."""

from sqlalchemy import select

from portal.core import clock, words
from portal.core.db import lock, session
from portal.sources.models import LONGEST_TAG, OTHER, SourceLink
from portal.staff import actions as staff
from portal.staff.models import Staff


class NameTaken(Exception):
    """There is a link of that name or tag already."""


class NoTag(Exception):
    """The name has no letter that an address can carry."""


def make(name: str, by: Staff) -> SourceLink:
    """Make a link for somewhere that people find us; its tag comes from its name.

    Raises:
        NameTaken: there is one already.
        NoTag: the name has no letters for an address.
    """
    lock("sources")
    tag = words.slug(name, LONGEST_TAG)
    if not tag:
        raise NoTag
    if tag == OTHER or session().scalar(select(SourceLink.id).where(SourceLink.tag == tag)) is not None:
        raise NameTaken
    found = SourceLink(tag=tag, name=name, made_by=by.id, created_at=clock.now())
    session().add(found)
    session().flush()
    staff.record("sources.made", f"source:{found.id}", f"Made a tagged link: {tag}")
    return found


def retire(link: SourceLink) -> None:
    """List it no more; whoever still comes by it is counted as before."""
    if link.retired_at is None:
        link.retired_at = clock.now()
        staff.record("sources.retired", f"source:{link.id}", f"Retired a tagged link: {link.tag}")
