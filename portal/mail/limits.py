"""How many mails strangers may cause: counted per mailbox, per domain and per requester, over all kinds of mail."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from portal.core import clock, tokens
from portal.core.addresses import Address
from portal.core.db import lock, session
from portal.core.settings import Settings
from portal.mail.models import MailAsk

IN_FLIGHT = 64
"""More asks than can be under way at the same time, and so not be counted yet."""


def take_leave(address: Address, requester: str, settings: Settings, is_known_browser: bool = False) -> bool:
    """Count one more mail to this mailbox; returns whether it may be written.

    A browser in which this mailbox's owner was signed in before is not held up by what others asked for:
    only its own requester limit counts. The caller gives the same answer either way, and the same statements run;
    what is refused counts for the requester only, so that nobody can keep a mailbox closed by asking on.
    """
    moment = clock.now()
    mailbox = tokens.keyed_hash("limits", f"mailbox:{address.mailbox}")
    domain = tokens.keyed_hash("limits", f"domain:{address.domain}")
    source = tokens.keyed_hash("limits", f"requester:{requester}")
    lock(f"mail-ask:{mailbox}")
    lock(f"mail-ask:{source}")
    hour, day = moment - timedelta(hours=1), moment - timedelta(days=1)
    is_too_much_for_requester = _count(MailAsk.requester == source, hour) >= settings.requester_hourly_limit
    left_in_domain = settings.domain_hourly_limit - _count(MailAsk.domain == domain, hour)
    if left_in_domain < IN_FLIGHT:
        # Far from the limit, everybody at one large provider need not wait for each other.
        lock(f"mail-ask:{domain}")
        left_in_domain = settings.domain_hourly_limit - _count(MailAsk.domain == domain, hour)
    crowds = (
        _count(MailAsk.mailbox == mailbox, hour) >= settings.mailbox_hourly_limit,
        _count(MailAsk.mailbox == mailbox, day) >= settings.mailbox_daily_limit,
        left_in_domain <= 0,
    )
    may = not is_too_much_for_requester and (is_known_browser or not any(crowds))
    nobody = tokens.keyed_hash("limits", "refused")
    session().add(
        MailAsk(
            mailbox=mailbox if may else nobody,
            domain=domain if may else nobody,
            requester=nobody if is_too_much_for_requester else source,
            at=moment,
        )
    )
    session().flush()
    return may


def forget(address: Address) -> None:
    """Remove what was counted for a mailbox."""
    session().execute(
        delete(MailAsk).where(MailAsk.mailbox == tokens.keyed_hash("limits", f"mailbox:{address.mailbox}"))
    )


def remove_old() -> None:
    """Remove what no limit looks at any more."""
    session().execute(delete(MailAsk).where(MailAsk.at < clock.now() - timedelta(days=2)))


def _count(which: object, since: datetime) -> int:
    statement = select(func.count()).select_from(MailAsk).where(which, MailAsk.at > since)  # type: ignore[arg-type]
    return session().scalar(statement) or 0
