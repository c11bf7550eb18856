"""What can be done with stories."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete

from portal.core import clock, edits, words
from portal.core.db import lock, session, transaction
from portal.staff.actions import record
from portal.stories import pictures, queries
from portal.stories.models import Publication, Story, StoryInterest

LONGEST_SLUG = 70


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wrote: everything of a story that can be typed."""

    title: str
    slug: str
    summary: str
    body: str
    author_id: int
    interest_ids: tuple[int, ...]
    picture: str
    picture_alt: str
    agreed_at: datetime | None


class SlugTaken(Exception):
    """Another story has that address already."""


class NotReady(Exception):
    """The story cannot be published yet; `reasons` says what is missing, a sentence each."""

    def __init__(self, reasons: list[str]) -> None:
        """Keep one sentence per missing thing."""
        super().__init__("\n".join(reasons))
        self.reasons = reasons


def create(draft: Draft) -> Story:
    """Keep a new story as a draft.

    Raises:
        SlugTaken: the address typed for it belongs to another.
    """
    moment = clock.now()
    story = Story(
        slug=_address(draft),
        state=Publication.draft,
        created_at=moment,
        changed_at=moment,
        **_fields(draft),
    )
    session().add(story)
    session().flush()
    _tag(story, draft.interest_ids)
    record("stories.create", f"story:{story.id}", f"Wrote the story {story.slug}")
    return story


def save(story_id: int, draft: Draft, seen: str) -> Story:
    """Save what was typed. The address of a story that was once published stays, because links lead to it.

    Raises:
        LookupError: there is no such story.
        SavedMeanwhile: somebody else saved since the form was opened.
        SlugTaken: the address typed for it belongs to another.
        NotReady: it is published, and could not be with this.
    """
    story = _locked(story_id)
    edits.check(story, seen)
    if story.published_at is None:
        story.slug = _address(draft, story.id)
    for name, value in _fields(draft).items():
        setattr(story, name, value)
    story.changed_at = clock.now()
    if story.is_published:
        _check_ready(story)
    session().flush()
    _tag(story, draft.interest_ids)
    record("stories.save", f"story:{story.id}", f"Changed the story {story.slug}")
    return story


def publish(story_id: int) -> Story:
    """Show a story to the world. Doing it twice changes nothing; the first date stays.

    Raises:
        LookupError: there is no such story.
        NotReady: the author's agreement or something a reader needs is missing.
    """
    story = _locked(story_id)
    if not story.is_published:
        _check_ready(story)
        story.state = Publication.published
        story.published_at = story.published_at or clock.now()
        story.changed_at = clock.now()
        record("stories.publish", f"story:{story.id}", f"Published the story {story.slug}")
    return story


def withdraw(story_id: int) -> Story:
    """Take a story from the world's eyes; its address then says so. A draft stays a draft.

    Raises:
        LookupError: there is no such story.
    """
    story = _locked(story_id)
    if story.is_published:
        story.state = Publication.withdrawn
        story.changed_at = clock.now()
        record("stories.withdraw", f"story:{story.id}", f"Withdrew the story {story.slug}")
    return story


def remove_stray_pictures() -> int:
    """Remove picture files that came with forms nobody finished; a job."""
    with transaction():
        return pictures.remove_strays()


def missing(story: Story) -> list[str]:
    """Return what is missing before the story can be published, a sentence each."""
    reasons = []
    if story.agreed_at is None:
        reasons.append("The day on which the author agreed to be shown is missing.")
    elif story.agreed_at > clock.now():
        reasons.append("The day on which the author agreed to be shown has not come yet.")
    if story.picture and not story.picture_alt:
        reasons.append("The picture needs a text that says what it shows, for those who do not see it.")
    if not story.summary:
        reasons.append("A summary of one or two sentences is missing.")
    if not story.body:
        reasons.append("The story itself is missing.")
    return reasons


def _check_ready(story: Story) -> None:
    if reasons := missing(story):
        raise NotReady(reasons)


def _locked(story_id: int) -> Story:
    story = queries.locked(story_id)
    if story is None:
        raise LookupError(story_id)
    return story


def _fields(draft: Draft) -> dict[str, object]:
    if draft.picture:
        pictures.keep(draft.picture)
    return {
        "title": draft.title,
        "summary": draft.summary,
        "body": draft.body,
        "author_id": draft.author_id,
        "picture": draft.picture or None,
        "picture_alt": draft.picture_alt,
        "agreed_at": draft.agreed_at,
    }


def _address(draft: Draft, story_id: int | None = None) -> str:
    """Return the address typed, or one made of the title that nobody else has."""
    lock("stories.slug")
    if draft.slug:
        if not queries.is_free(draft.slug, story_id):
            raise SlugTaken
        return draft.slug
    wish = words.slug(draft.title, LONGEST_SLUG) or "story"
    number, address = 1, wish
    while not queries.is_free(address, story_id):
        number += 1
        address = f"{wish}-{number}"
    return address


def _tag(story: Story, interest_ids: Iterable[int]) -> None:
    session().execute(delete(StoryInterest).where(StoryInterest.story_id == story.id))
    session().add_all(StoryInterest(story_id=story.id, interest_id=one) for one in sorted(set(interest_ids)))
    session().flush()
