"""What can be chosen in each kind of line, by its value and name, in groups; a group without a name stands first."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select

from portal.core.db import session
from portal.events.models import Event, EventState, Format
from portal.mail.models import Mailing
from portal.members.models import Level, Member, Readiness, Status, WorkMode
from portal.preferences.models import Cadence, Interest, Place
from portal.segments.history import SourceLine, Standing
from portal.segments.models import PickedList, Segment, Tag
from portal.segments.wishes import country

Options = Sequence[tuple[str, str]]
Groups = Sequence[tuple[str, Options]]
MOST_EVENTS = 200
MOST_MAILINGS = 60


def offered(kinds: Collection[str]) -> Mapping[str, Groups]:
    """The choices of those kinds of lines; one statement a kind, at most."""
    return {kind: _OFFERS[kind]() if kind in _OFFERS else [] for kind in kinds}


def _rows(statement: Select[Any, Any]) -> Options:
    return [(str(value), str(name)) for value, name in session().execute(statement)]


def _interests() -> Options:
    return _rows(
        select(Interest.slug, Interest.name).where(Interest.retired_at.is_(None)).order_by(Interest.name)
    )


def _places() -> Options:
    return _rows(select(Place.slug, Place.name).where(Place.retired_at.is_(None)).order_by(Place.name))


def _regions() -> Options:
    found = session().scalars(
        select(Place.region).where(Place.region != "").distinct().order_by(Place.region)
    )
    return [(one, one) for one in found]


def _countries() -> Options:
    codes = _different(Member.country, Member.status == Status.active)
    return sorted(((code, country(code)) for code in codes if code), key=lambda one: one[1])


def _sources() -> Options:
    return [(one or SourceLine.nowhere, one or "No tagged link") for one in _different(Member.source)]


def _different(column: Any, *conditions: ColumnElement[bool]) -> list[str]:
    """Each value once, in order: one step along the index a value, whatever the number of members."""
    first = select(func.min(column).label("value")).where(*conditions).cte("seen", recursive=True)
    following = (
        select(func.min(column)).where(column > first.c.value, *conditions).correlate(first).scalar_subquery()
    )
    seen = first.union_all(select(following).where(first.c.value.is_not(None)))
    return [one for one in session().scalars(select(seen.c.value).limit(300)) if one is not None]


def _mailings() -> Groups:
    newest = select(Mailing.about, Mailing.title).order_by(Mailing.id.desc()).limit(MOST_MAILINGS)
    return [("", _rows(newest))]


def _events() -> Groups:
    events = (
        select(literal("event:").concat(Event.slug), Event.title)
        .where(Event.state != EventState.draft)
        .order_by(Event.starts_at.desc(), Event.id.desc())
        .limit(MOST_EVENTS)
    )
    return [
        ("", [("any", "Any event")]),
        ("A kind of event", [(f"format:{one.value}", f"Any event: {one.words.lower()}") for one in Format]),
        ("About", [(f"about:{slug}", f"Any event about {name}") for slug, name in _interests()]),
        ("One event", _rows(events)),
    ]


def _plain(options: Callable[[], Options]) -> Callable[[], Groups]:
    return lambda: [("", options())]


def _closed(of: Any) -> Callable[[], Groups]:
    return lambda: [("", [(one.value, one.words) for one in of])]


def _yes_or_no(yes: str) -> Callable[[], Groups]:
    return lambda: [("", [("yes", yes), ("no", "Did not say so")])]


_OFFERS: Mapping[str, Callable[[], Groups]] = {
    "interest": _plain(_interests),
    "place": _plain(_places),
    "region": _plain(_regions),
    "country": _plain(_countries),
    "remote": _yes_or_no("Open to remote work"),
    "move": _yes_or_no("Open to move"),
    "level": _closed(Level),
    "work_mode": _closed(WorkMode),
    "readiness": _closed(Readiness),
    "topic": _closed(Cadence),
    "status": _closed(Standing),
    "source": _plain(_sources),
    "attended": _events,
    "missed": _events,
    "seat": _events,
    "waiting": _events,
    "answered": _events,
    "received": _mailings,
    "clicked": _mailings,
    "tag": _plain(lambda: _rows(select(Tag.slug, Tag.name).order_by(Tag.name))),
    "list": _plain(lambda: _rows(select(PickedList.slug, PickedList.name).order_by(PickedList.name))),
    "segment": _plain(lambda: _rows(select(Segment.slug, Segment.name).order_by(Segment.name))),
}
