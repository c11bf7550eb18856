"""When the provider asks for patience, every worker on every machine leaves it alone."""

from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from portal.core import clock
from portal.core.db import insert_once, session
from portal.mail.models import Rest
from portal.mail.transports.result import LONGEST_WAIT

_ONLY = 1
_LONGEST = timedelta(seconds=LONGEST_WAIT)

UNTIL = select(Rest.until).where(Rest.id == _ONLY).scalar_subquery()
"""Until when all rest, to be read along with something else."""


def ask(seconds: float) -> None:
    """Let all workers rest for that long, at most 300 seconds; a longer rest that somebody else asked for stays."""
    moment = clock.now()
    until = moment + min(_LONGEST, timedelta(seconds=seconds))
    if insert_once(Rest, {"id": _ONLY, "until": until}):
        return
    is_shorter, is_from_another_time = Rest.until < until, Rest.until > moment + _LONGEST
    session().execute(
        update(Rest)
        .where(Rest.id == _ONLY, or_(is_shorter, is_from_another_time))
        .values(until=until)
        .execution_options(synchronize_session=False)
    )


def left() -> float:
    """How many seconds of rest are left."""
    return seconds(session().scalar(select(UNTIL)))


def seconds(until: datetime | None) -> float:
    """How long it is until then, 0 to 300. Nobody rests for longer: then the clock was set back meanwhile."""
    span = until - clock.now() if until is not None else timedelta()
    return span.total_seconds() if timedelta() < span <= _LONGEST else 0.0
