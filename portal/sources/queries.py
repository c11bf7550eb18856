"""Questions about where people come from and where they stop; small groups are never told apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import case, func, select

from portal.core import clock
from portal.core.db import session
from portal.mail.models import Aftermath, Message, State
from portal.sources.models import HITCHES, OTHER, WAY, JoinCount, SourceLink, Step

SMALLEST = 10
"""A group smaller than this is not told apart from none."""

_LETTERS = ("members/confirm", "members/come-back")


@dataclass(frozen=True, slots=True)
class Source:
    """A source and how many took each step; None where they are too few to be told."""

    tag: str
    name: str
    counts: Mapping[Step, int | None]


@dataclass(frozen=True, slots=True)
class Funnel:
    """How far people got within some days."""

    sources: Sequence[Source]
    totals: Mapping[Step, int | None]
    hitches: Sequence[tuple[str, int]]
    by_day: Sequence[tuple[date, int, int]]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was counted at all."""
        return not self.by_day


def masked(count: int) -> int | None:
    """The count, unless it is about so few that they could be told apart."""
    return count if count >= SMALLEST else None


def funnel(days: int) -> Funnel:
    """How far people got within the last so many days, by source and in all."""
    since = clock.now().date() - timedelta(days=days - 1)
    rows = session().execute(
        select(JoinCount.tag, JoinCount.step, func.sum(JoinCount.count))
        .where(JoinCount.day >= since)
        .group_by(JoinCount.tag, JoinCount.step)
    )
    counts: dict[str, dict[Step, int]] = {}
    hitches = dict.fromkeys(HITCHES, 0)
    for tag, step, count in rows:
        if step in hitches:
            hitches[step] += int(count)
        else:
            counts.setdefault(tag, {})[step] = int(count)
    names = {one.tag: one.name for one in links(with_retired=True)} | {
        "": "No tagged link",
        OTHER: "Other links",
    }
    order = sorted(counts, key=lambda tag: (-counts[tag].get(Step.sent, 0), tag))
    sources = [
        Source(tag, names.get(tag, tag), {step: masked(counts[tag].get(step, 0)) for step in WAY})
        for tag in order
    ]
    totals = {step: _total([counts[tag].get(step, 0) for tag in order]) for step in WAY}
    return Funnel(
        sources,
        totals,
        [(step.words, hitches[step]) for step in HITCHES] + _letters(since),
        _by_day(since),
    )


def _total(counts: Sequence[int]) -> int | None:
    """The sum; to the ten below where a part is hidden, so that nobody can reckon it out."""
    total = sum(counts)
    if any(0 < count < SMALLEST for count in counts):
        total -= total % SMALLEST
    return masked(total)


def _by_day(since: date) -> list[tuple[date, int, int]]:
    rows = session().execute(
        select(
            JoinCount.day,
            func.sum(case((JoinCount.step == Step.seen, JoinCount.count), else_=0)),
            func.sum(case((JoinCount.step == Step.confirmed, JoinCount.count), else_=0)),
        )
        .where(JoinCount.day >= since, JoinCount.step.in_(WAY))
        .group_by(JoinCount.day)
        .order_by(JoinCount.day)
    )
    return [(day, int(seen), int(confirmed)) for day, seen, confirmed in rows]


def _letters(since: date) -> list[tuple[str, int]]:
    """What became of the letters that let people in, where it was not what they needed."""
    lost = (State.failed, State.unknown)
    rows = session().execute(
        select(
            func.sum(case((Message.state.in_(lost), 1), else_=0)),
            func.sum(case((Message.aftermath.in_((Aftermath.bounced, Aftermath.dropped)), 1), else_=0)),
        ).where(Message.letter.in_(_LETTERS), Message.planned_at >= _midnight(since))
    )
    failed, bounced = rows.one()
    return [
        ("The mail could not be handed over", int(failed or 0)),
        ("The mail came back", int(bounced or 0)),
    ]


def _midnight(day: date) -> object:
    return clock.now().replace(year=day.year, month=day.month, day=day.day, hour=0, minute=0, second=0)


def links(with_retired: bool = False) -> Sequence[SourceLink]:
    """The tagged links, newest first."""
    statement = select(SourceLink).order_by(SourceLink.id.desc())
    if not with_retired:
        statement = statement.where(SourceLink.retired_at.is_(None))
    return session().scalars(statement).all()


def link(link_id: int) -> SourceLink | None:
    """The tagged link with that id."""
    return session().get(SourceLink, link_id)
