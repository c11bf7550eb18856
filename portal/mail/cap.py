"""The most marketing mails that anybody gets in a while, of all kinds together."""

from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import ColumnElement, false, func, or_, select
from sqlalchemy.orm import aliased
from sqlalchemy.sql.functions import coalesce

from portal.core import clock
from portal.core.db import session
from portal.core.settings import Settings
from portal.mail import gate, letters
from portal.mail.models import Mailing, MailingState, Message, State, Stream

_MAY_HAVE_ARRIVED = (State.accepted, State.claimed, State.unknown)


@gate.hurdle("capped", "They have had as much mail from us lately as anybody may get", Stream.marketing)
def _capped(row: gate.Row) -> ColumnElement[bool]:
    """Counting for each of a million people is saved where nobody can have had that many."""
    settings: Settings = current_app.extensions["portal"]
    since = clock.now() - timedelta(days=settings.marketing_cap_days)
    if not _can_have_had(settings.marketing_cap, since):
        return false()
    earlier = aliased(Message)
    had = (
        select(func.count())
        .where(
            earlier.member_id == row.member_id,
            earlier.stream == Stream.marketing,
            earlier.state.in_(_MAY_HAVE_ARRIVED),
            coalesce(earlier.handed_over_at, earlier.planned_at) > since,
        )
        .scalar_subquery()
    )
    return had >= settings.marketing_cap


def _can_have_had(most: int, since: datetime) -> bool:
    """Whether anybody can have had that many: of so many mailings, and of letters that somebody had so many of."""
    left = (
        select(func.count())
        .select_from(Mailing)
        .where(
            Mailing.stream == Stream.marketing,
            Mailing.state != MailingState.scheduled,
            or_(Mailing.finished_at.is_(None), Mailing.finished_at > since),
        )
    )
    mailings = session().scalar(left) or 0
    names = [
        one.name for one in letters.register() if one.write is not None and one.stream is Stream.marketing
    ]
    if mailings >= most or not names:
        return mailings >= most
    had_more = (
        select(Message.address_key)
        .where(Message.letter.in_(names), Message.occasion.is_not(None), Message.planned_at > since)
        .group_by(Message.address_key)
        .having(func.count() >= most - mailings)
        .limit(1)
    )
    return session().scalar(had_more) is not None
