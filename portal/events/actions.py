"""What staff do with events: write, publish, change, call off, repeat."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete

from portal.core import clock, edits, words
from portal.core.db import lock, session
from portal.events import details, line, moving, queries
from portal.events.models import Answer, Event, EventInterest, EventState, Format
from portal.staff.actions import record
from portal.stories import pictures

LONGEST_SLUG = 70


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wrote: everything of an event that can be typed."""

    title: str
    slug: str
    summary: str
    description: str
    format: Format
    place_id: int | None
    venue: str
    join_url: str
    zone: str
    starts_at: datetime
    ends_at: datetime
    capacity_in_person: int
    capacity_online: int
    host_id: int
    interest_ids: tuple[int, ...]
    picture: str
    picture_alt: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving an event led to."""

    event: Event
    told: int = 0
    promoted: int = 0


class SlugTaken(Exception):
    """Another event has that address already."""


class NotReady(Exception):
    """The event cannot be published as it is; `reasons` says what is missing, a sentence each."""

    def __init__(self, reasons: list[str]) -> None:
        """Keep one sentence per missing thing."""
        super().__init__("\n".join(reasons))
        self.reasons = reasons


def create(draft: Draft) -> Event:
    """Keep a new event as a draft.

    Raises:
        SlugTaken: the address typed for it belongs to another.
    """
    moment = clock.now()
    event = Event(
        uid=_fresh_uid(),
        slug=_address(draft.slug, draft.title),
        state=EventState.draft,
        sequence=0,
        created_at=moment,
        changed_at=moment,
        **_fields(draft),
    )
    session().add(event)
    session().flush()
    _tag(event, draft.interest_ids)
    record("events.create", f"event:{event.id}", f"Wrote the event {event.slug}")
    return event


def save(event_id: int, draft: Draft, seen: str) -> Saved:
    """Save what was typed. A new time, place or link tells everybody who comes or waits; a typo does not.

    More seats go to those who wait, at once. Fewer seats take none away.

    Raises:
        LookupError: there is no such event.
        SavedMeanwhile: somebody else saved since the form was opened.
        SlugTaken: the address typed for it belongs to another.
        NotReady: it is published, and could not be with this.
    """
    event = _locked(event_id)
    edits.check(event, seen)
    if event.published_at is None:
        event.slug = _address(draft.slug, draft.title, event.id)
    before = moving.where_and_when(event)
    for name, value in _fields(draft).items():
        setattr(event, name, value)
    event.changed_at = clock.now()
    if event.is_published and (reasons := missing(event, is_new=False)):
        raise NotReady(reasons)
    session().flush()
    told = moving.tell_of_move(event, before)
    session().flush()
    _tag(event, draft.interest_ids)
    promoted = line.serve(event)
    record("events.save", f"event:{event.id}", f"Changed the event {event.slug}", {"told": told})
    return Saved(event, told, promoted)


def look_ahead(event: Event, draft: Draft) -> moving.Ahead:
    """Return what saving this would mean for people; changes nothing."""
    return moving.look_ahead(event, {name: getattr(draft, name) for name in moving.MATTERS})


def publish(event_id: int) -> Event:
    """Show an event to the world and open its seats. Doing it twice changes nothing.

    Raises:
        LookupError: there is no such event.
        NotReady: something a guest needs is missing, or it was called off.
    """
    event = _locked(event_id)
    if event.is_called_off:
        raise NotReady(["It was called off, and people were told so. Duplicate it to invite again."])
    if not event.is_published:
        if reasons := missing(event):
            raise NotReady(reasons)
        event.state = EventState.published
        event.published_at = clock.now()
        event.changed_at = clock.now()
        record("events.publish", f"event:{event.id}", f"Published the event {event.slug}")
    return event


def unpublish(event_id: int) -> Event:
    """Take an event nobody answered yet back to a draft.

    Raises:
        LookupError: there is no such event.
        NotReady: people have answered; then it can only be called off.
    """
    event = _locked(event_id)
    if event.is_published:
        answers = queries.counts(event.id)
        if answers[Answer.seat] or answers[Answer.offered] or answers[Answer.waiting]:
            raise NotReady(["People have answered already. Call it off instead, so that they are told."])
        event.state = EventState.draft
        event.changed_at = clock.now()
        record("events.unpublish", f"event:{event.id}", f"Took the event {event.slug} back to a draft")
    return event


def call_off(event_id: int, why: str) -> int:
    """Call an event off, tell everybody with a seat or in the waitlist; returns how many.

    Doing it twice tells nobody twice.

    Raises:
        LookupError: there is no such event.
        NotReady: it was never published, or it is over.
    """
    event = _locked(event_id)
    if event.is_called_off:
        return 0
    if not event.is_published:
        raise NotReady(["Only an event that people can see can be called off."])
    if event.is_over:
        raise NotReady(["It has taken place already."])
    told = moving.call_off(event, why)
    record("events.call-off", f"event:{event.id}", f"Called off the event {event.slug}", {"told": told})
    return told


def duplicate(event_id: int) -> Event:
    """Keep a copy as a draft, without guests, at the same hour on the same weekday some weeks on.

    Raises:
        LookupError: there is no such event.
    """
    old = _locked(event_id)
    zone = ZoneInfo(old.zone)
    local = old.starts_at.astimezone(zone).replace(tzinfo=None)
    moved = local + timedelta(weeks=4)
    while clock.in_zone(moved, zone) < clock.now() + timedelta(days=7):
        moved += timedelta(weeks=4)
    starts_at = clock.in_zone(moved, zone)
    copied = "title summary description format place_id venue zone capacity_in_person capacity_online host_id".split()
    event = Event(
        uid=_fresh_uid(),
        slug=_address("", old.title),
        join_url="",
        starts_at=starts_at,
        ends_at=starts_at + (old.ends_at - old.starts_at),
        sequence=0,
        picture=old.picture,
        picture_alt=old.picture_alt,
        state=EventState.draft,
        created_at=clock.now(),
        changed_at=clock.now(),
        **{name: getattr(old, name) for name in copied},
    )
    session().add(event)
    session().flush()
    _tag(event, queries.interest_ids(old.id))
    details.copy_questions(old.id, event.id)
    record("events.duplicate", f"event:{event.id}", f"Duplicated the event {old.slug}")
    return event


def missing(event: Event, is_new: bool = True) -> list[str]:
    """Return what is missing before the event can be published, a sentence each."""
    reasons = []
    if not event.summary:
        reasons.append("A summary of one or two sentences is missing.")
    if not event.description:
        reasons.append("What happens there is missing.")
    if event.format is not Format.online and not event.venue:
        reasons.append("Where it is, with street and town, is missing.")
    if is_new and event.starts_at <= clock.now():
        reasons.append("It lies in the past.")
    if is_new and event.capacity < 1:
        reasons.append("It has no seats.")
    if event.picture and not event.picture_alt:
        reasons.append("The picture needs a text that says what it shows, for those who do not see it.")
    return reasons


def _locked(event_id: int) -> Event:
    event = queries.locked(event_id)
    if event is None:
        raise LookupError(event_id)
    return event


def _fields(draft: Draft) -> dict[str, object]:
    if draft.picture:
        pictures.keep(draft.picture)
    same = (
        "title summary description format place_id venue join_url zone starts_at ends_at capacity_in_person "
        "capacity_online host_id picture_alt outcome"
    )
    return {name: getattr(draft, name) for name in same.split()} | {"picture": draft.picture or None}


def _address(typed: str, title: str, event_id: int | None = None) -> str:
    """Return the address typed, or one made of the title that nobody else has."""
    lock("events.slug")
    if typed:
        if not queries.is_free(typed, event_id):
            raise SlugTaken
        return typed
    wish = words.slug(title, LONGEST_SLUG) or "event"
    number, address = 1, wish
    while not queries.is_free(address, event_id):
        number += 1
        address = f"{wish}-{number}"
    return address


def _fresh_uid() -> str:
    """Return a name for calendars that is unique in the world and says nothing (RFC 7986, 5.3)."""
    return f"{uuid.uuid4()}@perennial"


def _tag(event: Event, interest_ids: Iterable[int]) -> None:
    session().execute(delete(EventInterest).where(EventInterest.event_id == event.id))
    session().add_all(EventInterest(event_id=event.id, interest_id=one) for one in sorted(set(interest_ids)))
    session().flush()
