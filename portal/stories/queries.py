"""Questions about stories."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, Select, func, literal, select

from portal.core import keyset, paging
from portal.core.db import session
from portal.members.models import Member
from portal.preferences.models import Interest
from portal.staff.models import Staff
from portal.stories import fits
from portal.stories.fits import Interests
from portal.stories.models import Picture, Publication, Story, StoryInterest

PAGE = 12


@dataclass(frozen=True, slots=True)
class Told:
    """A story with who tells it, what it is about, and which of that its reader follows."""

    story: Story
    author: Staff
    interests: list[Interest] = field(default_factory=list)
    because: list[Interest] = field(default_factory=list)
    picture: Picture | None = None


def newest(most: int = 3) -> Sequence[Told]:
    """Return the newest published stories."""
    rows = session().execute(_told().where(_is_out()).order_by(*_newest_first()).limit(most))
    return [Told(row.Story, row.Staff) for row in rows]


def published(slug: str) -> Told | None:
    """Return a story the world may read, with its picture's size and everything it is about."""
    found = by_slug(slug)
    return found if found is not None and found.story.is_published else None


def by_slug(slug: str) -> Told | None:
    """Return the story at that address, in whatever state."""
    return _whole(Story.slug == slug)


def whole(story_id: int) -> Told | None:
    """Return the story with that id as its page shows it, in whatever state."""
    return _whole(Story.id == story_id)


def by_id(story_id: int) -> Story | None:
    """Return the story with that id."""
    return session().get(Story, story_id)


def locked(story_id: int) -> Story | None:
    """Return the story freshly read, with nobody else able to change it until this transaction ends."""
    return session().get(Story, story_id, with_for_update=True, populate_existing=True)


def listing(
    reader: Any, interests: Interests, about: Interest | None = None, cursor: str | None = None
) -> paging.Page[Told]:
    """Return a page of stories: what the reader follows first, then by date; or only about one interest."""
    followed = interests.followed_by(reader)
    touching = _touching(followed) if followed and about is None else None
    statement = _told(_about()).where(_is_out())
    if about is not None:
        statement = statement.where(Story.id.in_(_touching([about])))
    key = [fits.rank(Story.id, touching), Story.published_at, Story.id]
    page = keyset.page(statement, key if touching is not None else key[1:], cursor, PAGE)
    return paging.Page([_row(row, interests, followed) for row in page.rows], page.older, page.newer)


def related(told: Told, most: int = 3) -> Sequence[Told]:
    """Return other published stories: about the same first, then the newest."""
    order = fits.rank(Story.id, _touching(told.interests) if told.interests else None)
    statement = _told().where(_is_out(), Story.id != told.story.id)
    rows = session().execute(statement.order_by(order.desc(), *_newest_first()).limit(most))
    return [Told(row.Story, row.Staff) for row in rows]


def by_author(staff_id: int) -> Story | None:
    """Return the newest published story that somebody tells."""
    statement = select(Story).where(_is_out(), Story.author_id == staff_id)
    return session().scalar(statement.order_by(*_newest_first()).limit(1))


def feed(most: int = 20) -> Sequence[Told]:
    """Return what the feed carries, newest first."""
    return newest(most)


def desk(
    state: Publication | None = None, author_id: int | None = None, cursor: str | None = None
) -> paging.Page[Told]:
    """Return stories for the staff list, last changed first."""
    statement = _told()
    if state is not None:
        statement = statement.where(Story.state == state)
    if author_id is not None:
        statement = statement.where(Story.author_id == author_id)
    page = keyset.page(statement, [Story.changed_at, Story.id], cursor)
    return paging.Page([Told(row.Story, row.Staff) for row in page.rows], page.older, page.newer)


def counts() -> dict[Publication, int]:
    """Return how many stories there are in each state."""
    rows = session().execute(select(Story.state, func.count()).group_by(Story.state))
    return {row[0]: row[1] for row in rows}


def interest_ids(story_id: int) -> list[int]:
    """Return what a story is about."""
    return list(
        session().scalars(select(StoryInterest.interest_id).where(StoryInterest.story_id == story_id))
    )


def is_free(slug: str, but: int | None = None) -> bool:
    """Whether no other story has that address."""
    taken = select(Story.id).where(Story.slug == slug, Story.id != (but or 0))
    return session().scalar(taken) is None


def search(text: str, most: int = 20) -> Sequence[Story]:
    """Return published stories whose title holds the text, newest first; for pick lists."""
    statement = select(Story).where(_is_out(), Story.title.icontains(text, autoescape=True))
    return session().scalars(statement.order_by(*_newest_first()).limit(most)).all()


def _whole(which: Any) -> Told | None:
    statement = _told(_about(), Picture).outerjoin(Picture, Picture.digest == Story.picture).where(which)
    row = session().execute(statement).first()
    if row is None:
        return None
    interests = fits.interests()
    found = _row(row, interests, [])
    return Told(found.story, found.author, found.interests, [], row.Picture)


def because(told: Told, reader: Any) -> list[Interest]:
    """Return what of the story its reader follows."""
    if not isinstance(reader, Member):
        return []
    return [one for one in told.interests if reader.interest_mask >> one.bit & 1]


def _told(*more: Any) -> Select[Any]:
    return select(Story, Staff, *more).join(Staff, Staff.id == Story.author_id)


def _about() -> Any:
    return fits.listed(StoryInterest.story_id, Story.id, StoryInterest.interest_id).label("about")


def _touching(interests: Sequence[Interest]) -> Any:
    return fits.touches(StoryInterest.story_id, StoryInterest.interest_id, [one.id for one in interests])


def _row(row: Row[Any], interests: Interests, followed: list[Interest]) -> Told:
    about = interests.of(row.about)
    return Told(row.Story, row.Staff, about, [one for one in about if one in followed])


def _is_out() -> Any:
    return Story.state == literal(Publication.published, Story.state.type)


def _newest_first() -> tuple[Any, Any]:
    return Story.published_at.desc(), Story.id.desc()
