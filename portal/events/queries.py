"""Questions about events and seats."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Row, Select, bindparam, cast, exists, func, literal, null, select, tuple_
from sqlalchemy.orm import aliased

from portal.core import clock, keyset, paging
from portal.core.db import session
from portal.events.models import (
    Answer,
    Event,
    EventGuest,
    EventInterest,
    EventState,
    Format,
    Rsvp,
    RsvpChange,
    Way,
)
from portal.members.models import Member
from portal.preferences.models import Interest, Place
from portal.staff.models import Staff
from portal.stories import fits
from portal.stories.fits import Interests

PAGE = 12


@dataclass(frozen=True, slots=True)
class Planned:
    """An event with where, who and what about; for a member also their answer and what of it they follow."""

    event: Event
    host: Staff
    place: Place | None = None
    interests: list[Interest] = field(default_factory=list)
    because: list[Interest] = field(default_factory=list)
    rsvp: Rsvp | None = None
    position: int = 0
    waiting: int = 0

    @property
    def has_seat(self) -> bool:
        """Whether its reader has a seat."""
        return self.rsvp is not None and self.rsvp.answer is Answer.seat

    @property
    def is_offered(self) -> bool:
        """Whether a seat is held for its reader, who has yet to take it."""
        return self.rsvp is not None and self.rsvp.answer is Answer.offered

    @property
    def is_waiting(self) -> bool:
        """Whether its reader is in the waitlist."""
        return self.rsvp is not None and self.rsvp.answer is Answer.waiting

    @property
    def way(self) -> Way:
        """How its reader comes, or would by default."""
        return self.rsvp.way if self.rsvp is not None else self.event.format.ways[0]

    @property
    def where(self) -> str:
        """Where it is, in one line; for somebody who comes one way, where that is."""
        comes = self.rsvp is not None and self.rsvp.answer is not Answer.cancelled
        if self.event.format is Format.online or (comes and self.way is Way.online):
            return "Online"
        parts = [self.event.venue, self.place.name if self.place else ""]
        here = ", ".join(
            part for number, part in enumerate(parts) if part and (not number or part not in parts[0])
        )
        return f"{here}, and online" if self.event.format is Format.hybrid and not comes else here


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody looks for in the list."""

    interest: Interest | None = None
    place: Place | None = None
    format: Format | None = None
    begins: datetime | None = None
    ends: datetime | None = None

    @property
    def is_any(self) -> bool:
        """Whether nothing was narrowed."""
        return not any((self.interest, self.place, self.format, self.begins))


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who answered, as the guest list shows them."""

    rsvp: Rsvp
    name: str
    called: str
    address: str
    position: int


def upcoming(most: int = 3) -> Sequence[Planned]:
    """Return the next events one can come to."""
    rows = session().execute(_planned().where(*_coming()).order_by(Event.starts_at, Event.id).limit(most))
    return [Planned(row.Event, row.Staff, row.Place) for row in rows]


def listing(reader: Any, interests: Interests, wish: Wish, cursor: str | None = None) -> paging.Page[Planned]:
    """Return a page of coming events by date, with the reader's answers and what of each they follow."""
    statement = _narrowed(_for_reader(reader), wish).where(*_coming())
    page = keyset.page(statement, [Event.starts_at, Event.id], cursor, PAGE, descending=False)
    return _page(page, interests, interests.followed_by(reader))


def past(
    interests: Interests, wish: Wish | None = None, cursor: str | None = None, size: int = PAGE
) -> paging.Page[Planned]:
    """Return events that took place, newest first."""
    statement = _narrowed(_for_reader(None), wish or Wish())
    statement = statement.where(Event.state == _state(EventState.published), Event.ends_at <= clock.now())
    return _page(keyset.page(statement, [Event.starts_at, Event.id], cursor, size), interests, [])


def published(slug: str) -> Event | None:
    """Return the event at that address if the world may see it; one that was called off still has its page."""
    return session().scalar(_PUBLISHED, {"slug": slug})


_PUBLISHED = select(Event).where(Event.slug == bindparam("slug"), Event.state != EventState.draft)


def whole(reader: Any, slug: str = "", event_id: int = 0) -> Planned | None:
    """Return an event as its page shows it to the reader, in whatever state."""
    which = Event.slug == slug if slug else Event.id == event_id
    row = session().execute(_for_reader(reader).where(which)).first()
    if row is None:
        return None
    interests = fits.interests()
    return _row(row, interests, interests.followed_by(reader))


def by_id(event_id: int) -> Event | None:
    """Return the event with that id."""
    return session().get(Event, event_id)


def locked(event_id: int) -> Event | None:
    """Return the event freshly read; nobody else can change it or its seats until this transaction ends."""
    return session().get(Event, event_id, with_for_update=True, populate_existing=True)


def lock_answered(member_id: int) -> None:
    """Lock every event the member answered, in one order."""
    ids = select(Rsvp.event_id).where(Rsvp.member_id == member_id)
    session().execute(select(Event.id).where(Event.id.in_(ids)).order_by(Event.id).with_for_update()).all()


def answer_of(person: Member | EventGuest, event_id: int) -> Rsvp | None:
    """Return what a member or guest answered to the event, freshly read; None when they did not."""
    which = select(Rsvp).where(Rsvp.event_id == event_id, _theirs(person))
    return session().scalar(which.execution_options(populate_existing=True))


def answers_of(person: Member | EventGuest) -> Sequence[Rsvp]:
    """Return everything a member or guest answered, by event."""
    return session().scalars(select(Rsvp).where(_theirs(person)).order_by(Rsvp.event_id)).all()


def person_of(rsvp: Rsvp) -> Member | EventGuest | None:
    """Return whose answer it is; None when they were forgotten."""
    if rsvp.member_id is not None:
        return session().get(Member, rsvp.member_id)
    return session().get(EventGuest, rsvp.guest_id) if rsvp.guest_id is not None else None


def _theirs(person: Member | EventGuest) -> Any:
    return Rsvp.member_id == person.id if isinstance(person, Member) else Rsvp.guest_id == person.id


def next_of(member: Member) -> Planned | None:
    """Return the next event the member has a seat at."""
    statement = _for_reader(member).where(
        *_coming(), Event.id.in_(select(Rsvp.event_id).where(Rsvp.member_id == member.id, _is(Answer.seat)))
    )
    row = session().execute(statement.order_by(Event.starts_at, Event.id).limit(1)).first()
    return _row(row, Interests(()), []) if row is not None else None


def answered(member: Member, most: int = 200) -> Sequence[Planned]:
    """Return every event the member ever answered, newest first."""
    ids = select(Rsvp.event_id).where(Rsvp.member_id == member.id)
    statement = _for_reader(member).where(Event.id.in_(ids), Event.state != EventState.draft)
    rows = session().execute(statement.order_by(Event.starts_at.desc(), Event.id.desc()).limit(most))
    return [_row(row, Interests(()), []) for row in rows]


def rsvps_of(member_id: int) -> Sequence[tuple[Rsvp, Event]]:
    """Return the member's answers with their events, oldest first."""
    statement = select(Rsvp, Event).join(Event, Event.id == Rsvp.event_id).where(Rsvp.member_id == member_id)
    return [(row.Rsvp, row.Event) for row in session().execute(statement.order_by(Event.starts_at, Event.id))]


def changes_of(member_id: int) -> Sequence[tuple[RsvpChange, str]]:
    """Return the receipts for all the member's answers with their events' titles, oldest first."""
    statement = (
        select(RsvpChange, Event.title)
        .join(Rsvp, Rsvp.id == RsvpChange.rsvp_id)
        .join(Event, Event.id == Rsvp.event_id)
        .where(Rsvp.member_id == member_id)
    )
    return [(row[0], row[1]) for row in session().execute(statement.order_by(RsvpChange.at, RsvpChange.id))]


def next_waiting(event_id: int, way: Way, most: int) -> Sequence[Rsvp]:
    """Return those who have waited longest to come that way."""
    if most < 1:
        return []
    statement = select(Rsvp).where(Rsvp.event_id == event_id, _is(Answer.waiting), Rsvp.way == _way(way))
    statement = statement.order_by(Rsvp.ticket, Rsvp.id).limit(most)
    return session().scalars(statement.execution_options(populate_existing=True)).all()


def offers(event_id: int) -> Sequence[Rsvp]:
    """Return who is offered a seat, those who waited longest first."""
    statement = select(Rsvp).where(Rsvp.event_id == event_id, _is(Answer.offered))
    return session().scalars(statement.order_by(Rsvp.ticket, Rsvp.id)).all()


def coming(event_id: int, way: Way) -> int:
    """Return how many have a seat, an offer or a place in line to come that way."""
    statement = select(func.count()).where(
        Rsvp.event_id == event_id, Rsvp.way == _way(way), Rsvp.answer != _answer(Answer.cancelled)
    )
    return session().scalar(statement) or 0


def old_offers(event_id: int, moment: datetime) -> Sequence[Rsvp]:
    """Return the offers of an event whose time is up, those who waited longest first."""
    statement = select(Rsvp).where(Rsvp.event_id == event_id, _is(Answer.offered), Rsvp.offer_until <= moment)
    return session().scalars(statement.order_by(Rsvp.ticket, Rsvp.id)).all()


def events_with_old_offers(moment: datetime) -> Sequence[int]:
    """Return coming events with an offer whose time is up."""
    statement = select(Rsvp.event_id).join(Event, Event.id == Rsvp.event_id)
    statement = statement.where(Rsvp.offer_until <= moment, Event.starts_at > moment)
    statement = statement.where(Event.state == _state(EventState.published))
    return session().scalars(statement.distinct().order_by(Rsvp.event_id)).all()


def people(event_id: int, *answers: Answer) -> Sequence[tuple[Rsvp, Member | EventGuest]]:
    """Return who gave one of those answers, first come first; nobody who was forgotten since."""
    statement = (
        select(Rsvp, Member, EventGuest)
        .outerjoin(Member, Member.id == Rsvp.member_id)
        .outerjoin(EventGuest, EventGuest.id == Rsvp.guest_id)
        .where(Rsvp.event_id == event_id, Rsvp.answer.in_(answers))
    )
    rows = session().execute(statement.order_by(Rsvp.ticket, Rsvp.asked_at, Rsvp.id))
    return [(row.Rsvp, row.Member or row.EventGuest) for row in rows if row.Member or row.EventGuest]


def guests(event_id: int) -> list[Guest]:
    """Return the guest list: seats, offers, then the waitlist in its order, then who cancelled."""
    order = [Answer.seat, Answer.offered, Answer.waiting, Answer.cancelled]
    rows = sorted(people(event_id, *Answer), key=lambda row: order.index(row[0].answer))
    found, lines = [], dict.fromkeys(Way, 0)
    for rsvp, person in rows:
        waits = rsvp.answer is Answer.waiting
        lines[rsvp.way] += waits
        position = lines[rsvp.way] if waits else 0
        found.append(Guest(rsvp, person.name, person.called, person.address, position))
    return found


def counts(event_id: int) -> dict[Answer, int]:
    """Return how many gave each answer."""
    statement = select(Rsvp.answer, func.count()).where(Rsvp.event_id == event_id).group_by(Rsvp.answer)
    found: dict[Answer, int] = dict.fromkeys(Answer, 0)
    return found | {row[0]: row[1] for row in session().execute(statement)}


def desk(when: str = "", host_id: int | None = None, cursor: str | None = None) -> paging.Page[Planned]:
    """Return events for the staff list: coming ("", soonest first), past, drafts or called off."""
    statement = _for_reader(None)
    if host_id is not None:
        statement = statement.where(Event.host_id == host_id)
    match when:
        case "past":
            statement = statement.where(Event.state == EventState.published, Event.ends_at <= clock.now())
        case "drafts":
            statement = statement.where(Event.state == EventState.draft)
        case "called-off":
            statement = statement.where(Event.state == EventState.cancelled)
        case _:
            statement = statement.where(Event.state == EventState.published, Event.ends_at > clock.now())
    is_falling = when in {"past", "called-off"}
    page = keyset.page(statement, [Event.starts_at, Event.id], cursor, descending=is_falling)
    return _page(page, Interests(()), [])


def interest_ids(event_id: int) -> list[int]:
    """Return what an event is about."""
    return list(
        session().scalars(select(EventInterest.interest_id).where(EventInterest.event_id == event_id))
    )


def is_free(slug: str, but: int | None = None) -> bool:
    """Whether no other event has that address."""
    taken = select(Event.id).where(Event.slug == slug, Event.id != (but or 0))
    return session().scalar(taken) is None


def _planned(*more: Any) -> Select[Any]:
    return (
        select(Event, Staff, Place, *more)
        .join(Staff, Staff.id == Event.host_id)
        .outerjoin(Place, Place.id == Event.place_id)
    )


def _for_reader(reader: Any) -> Select[Any]:
    """Everything a page says of an event, in one statement, whoever reads it."""
    about = fits.listed(EventInterest.event_id, Event.id, EventInterest.interest_id).label("about")
    waits = aliased(Rsvp)
    line = select(func.count()).where(waits.event_id == Event.id, waits.answer == _answer(Answer.waiting))
    if not isinstance(reader, Member | EventGuest):
        nothing = cast(null(), Integer)
        return _planned(
            about, line.scalar_subquery().label("waiting"), nothing.label("Rsvp"), nothing.label("position")
        )
    before = line.where(waits.way == Rsvp.way, tuple_(waits.ticket, waits.id) <= tuple_(Rsvp.ticket, Rsvp.id))
    return _planned(
        about, line.scalar_subquery().label("waiting"), Rsvp, before.scalar_subquery().label("position")
    ).outerjoin(Rsvp, (Rsvp.event_id == Event.id) & _theirs(reader))


def _narrowed(statement: Select[Any], wish: Wish) -> Select[Any]:
    if wish.interest is not None:
        about = exists().where(
            EventInterest.event_id == Event.id, EventInterest.interest_id == wish.interest.id
        )
        statement = statement.where(about)
    if wish.place is not None:
        statement = statement.where(Event.place_id == wish.place.id)
    if wish.format is not None:
        formats = [wish.format] if wish.format is Format.hybrid else [wish.format, Format.hybrid]
        statement = statement.where(Event.format.in_(formats))
    if wish.begins is not None and wish.ends is not None:
        statement = statement.where(Event.starts_at >= wish.begins, Event.starts_at < wish.ends)
    return statement


def _coming() -> tuple[Any, Any]:
    return Event.state == _state(EventState.published), Event.ends_at > clock.now()


def _is(answer: Answer) -> Any:
    return Rsvp.answer == _answer(answer)


def _answer(answer: Answer) -> Any:
    return literal(answer, Rsvp.answer.type)


def _way(way: Way) -> Any:
    return literal(way, Rsvp.way.type)


def _state(state: EventState) -> Any:
    return literal(state, Event.state.type)


def _page(
    page: paging.Page[Row[Any]], interests: Interests, followed: list[Interest]
) -> paging.Page[Planned]:
    return paging.Page([_row(row, interests, followed) for row in page.rows], page.older, page.newer)


def _row(row: Row[Any], interests: Interests, followed: list[Interest]) -> Planned:
    about = interests.of(row.about)
    is_waiting = row.Rsvp is not None and row.Rsvp.answer is Answer.waiting
    return Planned(
        row.Event,
        row.Staff,
        row.Place,
        about,
        [one for one in about if one in followed],
        row.Rsvp,
        row.position if is_waiting else 0,
        row.waiting,
    )
