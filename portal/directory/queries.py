"""Questions about everybody in the network: who is there, and what we know of one person.

The list is read from one index (`ix_members_listing`): newest first of a status, with every column that is
filtered and searched by. A filter or a search walks along it and stops when the page is full; even one that finds
nobody reads 100,000 members in about 20 ms on SQLite, and PostgreSQL chooses for itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, true, union_all
from sqlalchemy.sql.selectable import Subquery

from portal.core import clock, keyset, paging
from portal.core.addresses import NotAnAddress, parse
from portal.core.db import BIG, session
from portal.mail import gate
from portal.mail.models import Stream
from portal.members.actions import fold
from portal.members.models import Level, Member, Status
from portal.preferences import queries as preferences
from portal.preferences.models import Cadence, Interest, MemberPlace, Place, Topic, TopicChoice
from portal.segments.queries import Person

MOST_WORDS = 8


class Standings(StrEnum):
    """Whom a list is about; `within` is everybody who is in the network."""

    within = ""
    active = "active"
    paused = "paused"
    asked = "asked"
    left = "left"
    everybody = "all"

    @property
    def words(self) -> str:
        """What it is called on a page."""
        return _STANDINGS[self][0]

    @property
    def statuses(self) -> tuple[Status, ...]:
        """The statuses it covers."""
        return _STANDINGS[self][1]


_STANDINGS: Mapping[Standings, tuple[str, tuple[Status, ...]]] = {
    Standings.within: ("In the network", (Status.active,)),
    Standings.active: ("Active, not on a pause", (Status.active,)),
    Standings.paused: ("On a pause", (Status.active,)),
    Standings.asked: ("Not confirmed yet", (Status.asked,)),
    Standings.left: ("Left", (Status.left,)),
    Standings.everybody: ("Everybody", tuple(Status)),
}


class Order(StrEnum):
    """In which order they are listed."""

    newest = ""
    name = "name"

    @property
    def words(self) -> str:
        """What it is called on a page."""
        return "Newest first" if self is Order.newest else "By name"


@dataclass(frozen=True, slots=True)
class Search:
    """What a list is narrowed by; all of it holds together."""

    typed: str = ""
    standings: Standings = Standings.within
    interest: str = ""
    place: str = ""
    level: Level | None = None
    since: date | None = None
    order: Order = Order.newest

    @property
    def is_narrow(self) -> bool:
        """Whether anything but the order was chosen."""
        return self != Search(order=self.order)

    @property
    def needles(self) -> list[str]:
        """What must stand in name or address, each somewhere; a whole address is looked for as it is stored."""
        try:
            return [parse(self.typed).key]
        except NotAnAddress:
            return (fold(self.typed).split() or self.typed.split())[:MOST_WORDS]


@dataclass(frozen=True, slots=True)
class Listed:
    """A member in the list, with the names of what they follow and where they would work."""

    member: Member
    interests: list[str]
    places: list[str]


@dataclass(frozen=True, slots=True)
class Found:
    """One page of what a search finds, and how many people it finds in all."""

    page: paging.Page[Listed]
    total: int


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What can be followed, and where; retired ones too, for who still has them."""

    interests: Sequence[Interest]
    places: Sequence[Place]


@dataclass(frozen=True, slots=True)
class Contact:
    """How often somebody wants a topic, since when, and why it would not be sent to them now ("" when it would)."""

    topic: Topic
    cadence: Cadence
    changed_at: datetime | None
    held_back: str


def catalogue() -> Catalogue:
    """Return what a list can be narrowed by."""
    return Catalogue(preferences.all_interests(with_retired=True), preferences.all_places(with_retired=True))


def found(search: Search, known: Catalogue, zone: ZoneInfo, cursor: str | None = None) -> Found:
    """Return one page of members, and how many there are; `newest` goes by when they asked to join.

    Three statements, and one to count them unless they are all on the page.
    """
    people = _people(search, known, zone)
    is_newest = search.order is Order.newest
    key = [people.c.asked_at if is_newest else people.c.search_name, people.c.id]
    keys = keyset.page(select(people.c.id), key, cursor, descending=is_newest)
    ids = [row.id for row in keys.rows]
    members = {one.id: one for one in session().scalars(select(Member).where(Member.id.in_(ids)))}
    places = _places_of(ids, known)
    rows = [
        Listed(members[one], _interests_of(members[one], known), places.get(one, []))
        for one in ids
        if one in members
    ]
    page = paging.Page(rows, older=keys.older, newer=keys.newer)
    is_all = not cursor and keys.older is None
    return Found(page, len(rows) if is_all else _count(search, known, zone))


def condition(search: Search, known: Catalogue, zone: ZoneInfo) -> ColumnElement[bool]:
    """Return SQL over Member for everybody whom a search finds."""
    return and_(Member.status.in_(search.standings.statuses), *_conditions(search, known, zone))


def contact(member: Member) -> list[Contact]:
    """Return what a member wants to hear, topic by topic, and whether it would reach them now. Two statements."""
    chosen = {
        row.topic: row
        for row in session().scalars(select(TopicChoice).where(TopicChoice.member_id == member.id))
    }
    # A row for each topic, so that each hurdle is put up once.
    each = union_all(*(select(literal(topic.value).label("topic")) for topic in Topic)).subquery()
    me = (
        select(Member.id.label("member_id"), Member.address_key, each.c.topic)
        .join(each, true())
        .where(Member.id == member.id)
        .subquery("people")
    )
    verdict = gate.verdict(Person(me, me.c.topic), Stream.marketing)
    verdicts = session().execute(select(me.c.topic, verdict))
    reasons = {Topic(topic): reason for topic, reason in verdicts}
    return [
        Contact(
            topic,
            chosen[topic].cadence if topic in chosen else Cadence.never,
            chosen[topic].changed_at if topic in chosen else None,
            gate.words_of(reasons[topic]) if reasons[topic] else "",
        )
        for topic in Topic
    ]


def _people(search: Search, known: Catalogue, zone: ZoneInfo) -> Subquery:
    """The members, one branch a status: each is read in the order of the index, and the branches are merged."""
    conditions = _conditions(search, known, zone)
    branches: list[Select[int, datetime, str]] = [
        select(Member.id, Member.asked_at, Member.search_name).where(Member.status == status, *conditions)
        for status in search.standings.statuses
    ]
    return (union_all(*branches) if len(branches) > 1 else branches[0]).subquery()


def _count(search: Search, known: Catalogue, zone: ZoneInfo) -> int:
    conditions = _conditions(search, known, zone)
    statement = select(func.count()).select_from(Member)
    return session().scalar(statement.where(Member.status.in_(search.standings.statuses), *conditions)) or 0


def _conditions(search: Search, known: Catalogue, zone: ZoneInfo) -> list[ColumnElement[bool]]:
    now = clock.now()
    parts: list[ColumnElement[bool]] = []
    if search.standings is Standings.paused:
        parts.append(and_(Member.paused_until.is_not(None), Member.paused_until > now))
    if search.standings is Standings.active:
        parts.append(or_(Member.paused_until.is_(None), Member.paused_until <= now))
    if search.interest:
        mask = preferences.mask_of(one for one in known.interests if one.slug == search.interest)
        parts.append(Member.interest_mask.bitwise_and(literal(mask, BIG)) != 0)
    if search.place:
        ids = [one.id for one in known.places if one.slug == search.place]
        parts.append(Member.id.in_(select(MemberPlace.member_id).where(MemberPlace.place_id.in_(ids))))
    if search.level is not None:
        parts.append(Member.level == search.level)
    if search.since is not None:
        midnight = datetime.combine(search.since, datetime.min.time())
        parts.append(Member.confirmed_at >= clock.in_zone(midnight, zone))
    parts.extend(Member.search_name.contains(needle, autoescape=True) for needle in search.needles)
    return parts


def _interests_of(member: Member, known: Catalogue) -> list[str]:
    return [one.name for one in known.interests if member.interest_mask >> one.bit & 1]


def _places_of(ids: Sequence[int], known: Catalogue) -> dict[int, list[str]]:
    names = {one.id: one.name for one in known.places}
    places: dict[int, list[str]] = {}
    for member_id, place_id in session().execute(
        select(MemberPlace.member_id, MemberPlace.place_id).where(MemberPlace.member_id.in_(ids))
    ):
        places.setdefault(member_id, []).append(names[place_id])
    return {member_id: sorted(its) for member_id, its in places.items()}
