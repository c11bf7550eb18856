"""How many mails strangers may cause: counted per mailbox, per domain and per requester, over all kinds of mail."""

from datetime import timedelta

from sqlalchemy import ColumnElement, bindparam, delete, func, insert, select
from sqlalchemy.orm import InstrumentedAttribute

from portal.core import clock, tokens
from portal.core.addresses import Address
from portal.core.db import lock, session
from portal.core.settings import Settings
from portal.mail.models import MailAsk

IN_FLIGHT = 64
"""More asks than can be under way at the same time, and so not be counted yet."""


def take_leave(
    address: Address, requester: str, settings: Settings, is_known_browser: bool = False, *locks: str
) -> bool:
    """Count one more mail to this mailbox; returns whether it may be written.

    A browser in which this mailbox's owner was signed in before is not held up by what others asked for:
    only its own requester limit counts. The caller gives the same answer either way, and the same statements run;
    what is refused counts for the requester only, so that nobody can keep a mailbox closed by asking on.
    `locks` are taken first.
    """
    moment = clock.now()
    mailbox = tokens.keyed_hash("limits", f"mailbox:{address.mailbox}")
    domain = tokens.keyed_hash("limits", f"domain:{address.domain}")
    source = tokens.keyed_hash("limits", f"requester:{requester}")
    lock(*locks, f"mail-ask:{mailbox}", f"mail-ask:{source}")
    asked = {"mailbox": mailbox, "domain": domain, "requester": source}
    spans = {"hour": moment - timedelta(hours=1), "day": moment - timedelta(days=1)}
    counts = session().connection().execute(_COUNTS, asked | spans).one()
    in_domain = counts.domain
    if settings.domain_hourly_limit - in_domain < IN_FLIGHT:
        # Far from the limit, everybody at one large provider need not wait for each other.
        lock(f"mail-ask:{domain}")
        in_domain = session().connection().execute(_COUNTS, asked | spans).one().domain
    is_too_much_for_requester = counts.requester >= settings.requester_hourly_limit
    crowds = (
        counts.mailbox >= settings.mailbox_hourly_limit,
        counts.mailbox_day >= settings.mailbox_daily_limit,
        in_domain >= settings.domain_hourly_limit,
    )
    may = not is_too_much_for_requester and (is_known_browser or not any(crowds))
    nobody = tokens.keyed_hash("limits", "refused")
    session().connection().execute(
        _ASKED,
        {
            "mailbox": mailbox if may else nobody,
            "domain": domain if may else nobody,
            "requester": nobody if is_too_much_for_requester else source,
            "at": moment,
        },
    )
    return may


def forget(address: Address) -> None:
    """Remove what was counted for a mailbox."""
    session().execute(
        delete(MailAsk).where(MailAsk.mailbox == tokens.keyed_hash("limits", f"mailbox:{address.mailbox}"))
    )


def remove_old() -> None:
    """Remove what no limit looks at any more."""
    session().execute(delete(MailAsk).where(MailAsk.at < clock.now() - timedelta(days=2)))


def _count(column: InstrumentedAttribute[str], since: str) -> ColumnElement[int]:
    counted = select(func.count()).select_from(MailAsk)
    which = column == bindparam(column.key), MailAsk.at > bindparam(since, type_=MailAsk.at.type)
    return counted.where(*which).scalar_subquery()


_COUNTS = select(
    _count(MailAsk.requester, "hour").label("requester"),
    _count(MailAsk.mailbox, "hour").label("mailbox"),
    _count(MailAsk.mailbox, "day").label("mailbox_day"),
    _count(MailAsk.domain, "hour").label("domain"),
)
_ASKED = insert(MailAsk)
