"""Questions of staff: which addresses we do not write to and why, and what the provider has told us."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, func, select

from portal.core import keyset
from portal.core.db import session
from portal.core.paging import Page
from portal.mail import suppressing
from portal.mail.models import Suppression
from portal.mail.provider_models import ProviderBatch, SetAside


class Why(StrEnum):
    """Reasons to narrow the list by."""

    any = ""
    bounced = "bounced"
    invalid = "invalid"
    strikes = "strikes"
    complained = "complained"
    unsubscribed = "unsubscribed"

    @property
    def words(self) -> str:
        """What it is called on a page."""
        return suppressing.words_of(self.value) if self.value else "Any reason"


@dataclass(frozen=True, slots=True)
class Told:
    """How the provider's hook stands."""

    last_at: datetime | None
    waiting: int
    waiting_since: datetime | None
    broken: int
    odd: int


def addresses(typed: str, why: Why, cursor: str | None) -> Page[Row[Any]]:
    """Suppressions, newest first, of addresses that hold what was typed; each row has a `Suppression`."""
    statement = select(Suppression)
    if typed:
        statement = statement.where(Suppression.address_key.contains(typed.lower(), autoescape=True))
    if why.value:
        statement = statement.where(Suppression.reason == why.value)
    return keyset.page(statement, [Suppression.id], cursor)


def count() -> int:
    """How many addresses there are that some stream must not write to."""
    return session().scalar(select(func.count(Suppression.address_key.distinct()))) or 0


def told() -> Told:
    """How the hook stands: when something came last, and what waits."""
    last = session().scalar(select(ProviderBatch.received_at).order_by(ProviderBatch.id.desc()).limit(1))
    open_batches = select(func.count(), func.min(ProviderBatch.received_at)).where(
        ProviderBatch.applied_at.is_(None)
    )
    waiting, since = session().execute(open_batches).one()
    broken = session().scalar(
        select(func.count()).where(ProviderBatch.applied_at.is_(None), ProviderBatch.tries > 0)
    )
    return Told(last, waiting, since, broken or 0, session().scalar(select(func.count(SetAside.id))) or 0)


def set_aside(cursor: str | None) -> Page[Row[Any]]:
    """Events that could not be read, newest first; each row has a `SetAside`."""
    return keyset.page(select(SetAside), [SetAside.id], cursor)
