"""What the front door shows: the newest of every room, and the company's own words."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path

from portal.core import clock, places, words
from portal.events import queries as events
from portal.events.queries import Planned, Wish
from portal.members.models import Member
from portal.preferences import promise
from portal.preferences import queries as preferences
from portal.preferences.models import Cadence, Interest, Place, Topic
from portal.stories import fits
from portal.stories import queries as stories
from portal.stories.queries import Told

FEW = 3


@dataclass(frozen=True, slots=True)
class Front:
    """What stands on the front page; for a member what fits them comes first."""

    stories: Sequence[Told]
    events: Sequence[Planned]
    next_seat: Planned | None = None


def front(reader: object) -> Front:
    """The newest stories and the next events, in at most four statements."""
    if not isinstance(reader, Member):
        return Front(stories.newest(FEW), events.upcoming(FEW))
    interests = fits.interests()
    return Front(
        stories.listing(reader, interests).rows[:FEW],
        events.listing(reader, interests, Wish()).rows[:FEW],
        events.next_of(reader),
    )


@dataclass(frozen=True, slots=True)
class Step:
    """Something a member may do next: what it is good for, and where."""

    title: str
    why: str
    action: str
    endpoint: str


@dataclass(frozen=True, slots=True)
class Mine:
    """What a member finds on their own page."""

    front: Front
    interests: Sequence[Interest]
    places: Sequence[Place]
    choices: dict[Topic, Cadence]
    next_newsletter: date | None
    steps: list[Step] = field(default_factory=list)

    @property
    def promise(self) -> str:
        """What their choices mean, in a sentence."""
        return promise.in_words(self.choices)


def mine(member: Member) -> Mine:
    """What a member follows, what comes next, and what is still missing."""
    interests, places_of = preferences.interests_of(member), preferences.places_of(member)
    choices = preferences.choices_of(member)
    cadence = choices[Topic.newsletter]
    due = None
    if cadence is not Cadence.never and member.is_active:
        today = clock.today(words.zone(member.zone))
        due = promise.next_newsletter(today, preferences.due_again(member, Topic.newsletter, cadence))
    return Mine(
        front(member), interests, places_of, choices, due, _steps(member, bool(interests), bool(places_of))
    )


def _steps(member: Member, has_interests: bool, has_places: bool) -> list[Step]:
    """What is worth doing next, the most useful first."""
    steps = []
    if not member.is_active:
        steps.append(
            Step(
                "Come back",
                "You left, so you get no mail from us. Your page stays yours.",
                "See how",
                "preferences.contact",
            )
        )
    if not has_interests:
        steps.append(
            Step(
                "Say what you care about",
                "Then stories, events and roles that fit come first, and the rest stays away.",
                "Choose your interests",
                "preferences.interests",
            )
        )
    elif not has_places and not member.is_remote:
        steps.append(
            Step(
                "Say where",
                "Then we invite you to what is near you, and not to what is not.",
                "Choose your places",
                "preferences.interests",
            )
        )
    if member.level is None or not member.zone:
        steps.append(
            Step(
                "Complete your profile",
                "A level and a time zone are enough for us to write about the right things at the right hour.",
                "Complete my profile",
                "members.profile",
            )
        )
    return steps


def about(instance: Path) -> str:
    """The company's words about itself: `about.md` in the instance folder, else the one in `config/`."""
    own = instance / "about.md"
    path = own if own.is_file() else places.config() / "about.md"
    return _text(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _text(path: Path, changed_at_ns: int) -> str:
    """The words in a file; `changed_at_ns` only makes an edited file a new question."""
    return path.read_text(encoding="utf-8", errors="replace")


def logo(instance: Path, name: str) -> Path | None:
    """The company's logo in the instance folder; None when there is none of a kind that browsers show."""
    path = (instance / name).resolve()
    is_ours = path.is_relative_to(instance.resolve()) and path.suffix.lower() in LOGO_TYPES
    return path if name and is_ours and path.is_file() else None


LOGO_TYPES = {".png": "image/png", ".svg": "image/svg+xml", ".webp": "image/webp"}
