"""Who reads an issue: its audience as one statement, its variants as bits of a mask, and sample readers for a preview.

Each segment that some block is shown to has a bit, in the order of the blocks; people with the same mask get the same
words. One more bit marks people without a name, whose fallbacks stand in the text itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, false, func, literal, not_, or_, select

from portal.core import words
from portal.core.db import BIG, session
from portal.mail import gate
from portal.mail.models import Mailing, Message, State, Stream
from portal.members.actions import fold
from portal.members.models import Member, Status
from portal.newsletters import fields, queries
from portal.newsletters.models import Newsletter
from portal.newsletters.queries import Piece
from portal.preferences import queries as preferences
from portal.preferences.models import Topic, TopicChoice
from portal.segments import rules
from portal.segments.models import Segment
from portal.segments.queries import Person

MOST_SEGMENTS = 8
"""How many different segments the blocks of one issue may be shown to: at most 256 variants, twice."""

NAMELESS = 1 << 40
TOPIC = Topic.newsletter


@dataclass(frozen=True, slots=True)
class Gets:
    """How many people get a variant, and the segments whose blocks stand in it."""

    mask: int
    people: int
    segments: list[str]

    @property
    def is_nameless(self) -> bool:
        """Whether these are the people without a name."""
        return bool(self.mask & NAMELESS)

    @property
    def words(self) -> str:
        """Which people these are."""
        named = [f"“{name}”" for name in self.segments]
        who = f"In {words.listing(named)}" if named else "Everybody else"
        return f"{who}, without a name" if self.is_nameless else who


@dataclass(frozen=True, slots=True)
class Count:
    """Who gets an issue at this moment, and who is left out and why."""

    intended: int
    variants: list[Gets]
    left_out: list[tuple[str, int]]
    did_not_choose: int

    @property
    def people(self) -> int:
        """How many get it."""
        return sum(one.people for one in self.variants)


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody an issue is shown as: their name, when they chose the newsletter, and their variant."""

    name: str
    chosen_on: str
    mask: int
    member_id: int = 0
    full_name: str = ""


def shown_to(pieces: Iterable[Piece]) -> list[Segment]:
    """The segments that blocks are shown to, in the order of their bits."""
    found: dict[int, Segment] = {}
    for piece in pieces:
        if piece.segment is not None:
            found.setdefault(piece.segment.id, piece.segment)
    return list(found.values())


def sees(mask: int, piece: Piece, segments: Sequence[Segment]) -> bool:
    """Whether a block stands in the variant of that mask."""
    if piece.segment is None:
        return True
    bit = next(number for number, one in enumerate(segments) if one.id == piece.segment.id)
    return bool(mask >> bit & 1)


def uses_name(newsletter: Newsletter, pieces: Iterable[Piece]) -> bool:
    """Whether the reader's name stands anywhere in the issue."""
    texts = [newsletter.subject, newsletter.preheader, *(piece.block.text for piece in pieces)]
    return "name" in fields.used_in(texts)


def audience(newsletter: Newsletter, pieces: Sequence[Piece]) -> Select[Any]:
    """Select the people the issue is for, each once, as `mail.actions.start_mailing` wants them.

    Raises:
        rules.Broken: a segment names something that does not exist any more.
    """
    mask = _mask(newsletter, pieces)
    tracked = func.coalesce(Member.may_measure, false())
    statement: Select[Any] = select(  # type: ignore[assignment]
        Member.id.label("member_id"),
        Member.address.label("address"),
        Member.address_key.label("address_key"),
        mask.label("mask"),
        tracked.label("is_tracked"),
        Member.zone.label("zone"),
    ).where(_is_meant(newsletter), preferences.chose(TOPIC))
    return statement


def count(newsletter: Newsletter, pieces: Sequence[Piece]) -> Count:
    """Count who gets the issue now, by variant, and who is left out and why; set-based, whatever their number.

    Raises:
        rules.Broken: see `audience`.
    """
    people = audience(newsletter, pieces).subquery()
    person = Person(people, TOPIC)
    inside = select(people.c.mask, gate.verdict(person, Stream.marketing).label("why")).subquery()
    rows = session().execute(
        select(inside.c.mask, inside.c.why, func.count()).group_by(inside.c.mask, inside.c.why)
    )
    by_mask: dict[int, int] = {}
    by_reason: dict[str, int] = {}
    for mask, why, number in rows:
        if why:
            by_reason[why] = by_reason.get(why, 0) + number
        else:
            by_mask[mask] = by_mask.get(mask, 0) + number
    others = (
        select(func.count()).select_from(Member).where(_is_meant(newsletter), not_(preferences.chose(TOPIC)))
    )
    return Count(
        intended=sum(by_mask.values()) + sum(by_reason.values()),
        variants=variants(by_mask, pieces),
        left_out=sorted(
            ((gate.words_of(why), number) for why, number in by_reason.items()), key=lambda row: -row[1]
        ),
        did_not_choose=session().scalar(others) or 0,
    )


def variants(people_by_mask: Mapping[int, int], pieces: Sequence[Piece]) -> list[Gets]:
    """Describe variants by the segments whose blocks they hold, the most read first."""
    segments = shown_to(pieces)
    return [
        Gets(mask, people, [one.name for bit, one in enumerate(segments) if mask >> bit & 1])
        for mask, people in sorted(people_by_mask.items(), key=lambda row: (-row[1], row[0]))
    ]


def planned_masks(mailing: Mailing) -> dict[int, int]:
    """How many people are planned for each mask of a mailing."""
    rows = session().execute(
        select(Message.mask, func.count().label("people"))
        .where(Message.mailing_id == mailing.id, Message.state == State.planned)
        .group_by(Message.mask)
    )
    return {row.mask: row.people for row in rows}


def as_member(newsletter: Newsletter, pieces: Sequence[Piece], member: Member) -> Reader:
    """The issue's reader who is that member.

    Raises:
        rules.Broken: see `audience`.
    """
    mask = session().scalar(select(_mask(newsletter, pieces)).where(Member.id == member.id)) or 0
    since = chosen_on([member.id]).get(member.id, "")
    return Reader(member.called, since, mask, member.id, member.name)


def nobody() -> Reader:
    """A reader of whom we know nothing: in no segment, without a name."""
    return Reader("", "", NAMELESS)


def chosen_on(member_ids: Sequence[int]) -> dict[int, str]:
    """When each of those members chose the newsletter, in words."""
    choices = TopicChoice
    rows = session().execute(
        select(choices.member_id, choices.changed_at).where(
            choices.member_id.in_(member_ids), choices.topic == TOPIC
        )
    )
    return {member_id: words.day(changed_at) for member_id, changed_at in rows}


def emptiest() -> Member | None:
    """The active member of whom we know least."""
    known = (
        case((Member.name != "", 1), else_=0)
        + case((Member.call_name != "", 1), else_=0)
        + case((Member.interest_mask != 0, 1), else_=0)
        + case((Member.country != "", 1), else_=0)
        + case((Member.level.is_not(None), 1), else_=0)
    )
    return session().scalar(_active().order_by(known, Member.id).limit(1))


def longest_named() -> Member | None:
    """The active member whose name takes most room."""
    called = func.length(case((Member.call_name != "", Member.call_name), else_=Member.name))
    return session().scalar(_active().order_by(called.desc(), Member.id).limit(1))


def found(typed: str, most: int = 12) -> Sequence[Member]:
    """Active members whose name or address holds what was typed, literally."""
    needle = fold(typed)
    if not needle:
        return []
    holds = Member.search_name.contains(needle, autoescape=True)
    return session().scalars(_active().where(holds).order_by(Member.search_name, Member.id).limit(most)).all()


def _active() -> Select[Member]:
    return select(Member).where(Member.status == Status.active)


def _is_meant(newsletter: Newsletter) -> ColumnElement[bool]:
    """Members of the included segments (of all, when there are none) who are in no excluded one."""
    chosen = queries.audience(newsletter)
    parts: list[ColumnElement[bool]] = [Member.status == Status.active]
    if chosen.included:
        parts.append(or_(*(rules.condition(one.rule) for one in chosen.included)))
    parts.extend(not_(rules.condition(one.rule)) for one in chosen.excluded)
    return and_(*parts)


def _mask(newsletter: Newsletter, pieces: Sequence[Piece]) -> ColumnElement[int]:
    mask: ColumnElement[int] = literal(0, BIG)
    for bit, segment in enumerate(shown_to(pieces)):
        mask = mask + case((rules.condition(segment.rule), literal(1 << bit, BIG)), else_=literal(0, BIG))
    if uses_name(newsletter, pieces):
        is_nameless = and_(Member.call_name == "", Member.name == "")
        mask = mask + case((is_nameless, literal(NAMELESS, BIG)), else_=literal(0, BIG))
    return mask
