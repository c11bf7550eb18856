"""A pilot goes first, then waves: how many people may be handed over so far, and whether the results allow more.

`Mailing.released` people of `intended` are let go, the same share of each variant, so that the pilot meets every
one of them. The rows of a variant lie together, and the share is the first part of them.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import and_, func, or_, select

from portal.core import clock, words
from portal.core.db import session
from portal.core.settings import Settings
from portal.mail.models import Aftermath, Mailing, Message, Reason, State

GIVEN_UP = "given up: nobody knows whether it arrived"
EVERYBODY = 2**62


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of a variant, measured or not: from the first to the last."""

    mask: int
    is_tracked: bool
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Health:
    """What came back of what was handed over."""

    handed: int
    bounced: int
    complained: int
    uncertain: int = 0

    def share(self, count: int) -> float:
        """That many of a hundred."""
        return 100 * count / self.handed if self.handed else 0.0


def groups(mailing_id: int) -> list[Group]:
    """Where each variant's rows lie; served by an index alone."""
    rows = session().execute(
        select(Message.mask, Message.is_tracked, func.min(Message.id), func.max(Message.id))
        .where(Message.mailing_id == mailing_id)
        .group_by(Message.mask, Message.is_tracked)
    )
    return [Group(*row) for row in rows]


def limit(group: Group, released: int | None, intended: int) -> int:
    """The last row of a variant that may be handed over so far."""
    if released is None or released >= intended:
        return EVERYBODY
    rows = group.last - group.first + 1
    return group.first - 1 - (-released * rows // intended)


def limits(mailing: Mailing) -> dict[tuple[int, bool], int]:
    """The last row of each variant that may be handed over so far; empty when everybody may."""
    if mailing.released is None:
        return {}
    return {
        (one.mask, one.is_tracked): limit(one, mailing.released, mailing.intended)
        for one in groups(mailing.id)
    }


def has_work(mailing: Mailing) -> bool:
    """Whether somebody who was let go waits for nothing but their turn."""
    # Who was due from the beginning stays due when the clock is set back.
    is_due = or_(Message.due_at <= clock.now(), Message.due_at <= Message.planned_at)
    waiting = select(Message.id).where(
        Message.mailing_id == mailing.id, Message.state == State.planned, is_due
    )
    bounds = limits(mailing)
    if bounds:
        waiting = waiting.where(
            or_(
                *(
                    and_(Message.mask == mask, Message.is_tracked == is_tracked, Message.id <= last)
                    for (mask, is_tracked), last in bounds.items()
                )
            )
        )
    return session().scalar(waiting.limit(1)) is not None


def next_release(mailing: Mailing, settings: Settings) -> int | None:
    """How many people the next wave reaches, with all before it; None for everybody."""
    wider = (mailing.released or 0) * settings.wave_growth
    return wider if wider < mailing.intended else None


def waits(mailing: Mailing, settings: Settings) -> timedelta:
    """How long the results of the wave that has left are awaited."""
    return timedelta(minutes=settings.wave_minutes if mailing.wave else settings.pilot_minutes)


def health(mailing_id: int) -> Health:
    """Count what came back, in one pass over the mailing. A refusal by name is a hard bounce that came early."""
    refused = and_(Message.state == State.failed, Message.why != GIVEN_UP)
    row = session().execute(
        select(
            func.count().filter(or_(Message.state == State.accepted, refused)),
            func.count().filter(or_(Message.aftermath == Aftermath.bounced, refused)),
            func.count().filter(Message.aftermath == Aftermath.complained),
            func.count().filter(Message.state == State.unknown),
        ).where(Message.mailing_id == mailing_id)
    )
    return Health(*row.one())


def objection(mailing: Mailing, whole: Health, settings: Settings) -> tuple[Reason, str] | None:
    """Why the mailing must stop by itself, with the words for it; None when all is well.

    Counted from the moment at which a person last looked and let it go on.
    """
    found = Health(
        whole.handed - mailing.looked_handed,
        whole.bounced - mailing.looked_bounced,
        whole.complained - mailing.looked_complained,
    )
    is_pilot = mailing.released is not None and mailing.wave == 0
    if is_pilot:
        is_loud, most = found.complained >= settings.pilot_complaints, settings.pilot_bounce_percent
    else:
        is_loud = found.complained > 0 and found.share(found.complained) >= settings.complaint_percent
        most = settings.bounce_percent
    if is_loud:
        return Reason.complaints, (
            f"{words.plural(found.complained, 'person', 'people')} of {words.number(found.handed)} "
            "called it spam, so it paused itself."
        )
    is_enough = found.handed >= min(settings.pilot_size, mailing.intended)
    if found.bounced > 0 and is_enough and found.share(found.bounced) >= most:
        return Reason.bounces, (
            f"{words.plural(found.bounced, 'address', 'addresses')} of {words.number(found.handed)} "
            f"bounced ({found.share(found.bounced):.1f} %), so it paused itself."
        )
    return None
