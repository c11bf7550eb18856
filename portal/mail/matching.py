"""Finds the message of an event that does not name it: a bounce that came hours later, by another way."""

from datetime import datetime, timedelta

from sqlalchemy import Table, delete, func, select, update

from portal.core.db import session
from portal.mail.models import Message, State
from portal.mail.provider_models import ProviderEvent, Standing

WINDOW = timedelta(days=7)
"""How long after it was handed over a mail may still come back."""

_AHEAD = timedelta(hours=1)
_LEFT = (State.accepted, State.claimed, State.unknown)
_e: Table = ProviderEvent.__table__  # type: ignore[assignment]


def match(batch_id: int) -> None:
    """Give each nameless event of a batch the newest mail to its address that it can be about.

    Where there is none, the event stays nobody's: it still counts for the address.
    """
    nameless = session().execute(select(_e).where(_e.c.batch_id == batch_id, _e.c.message_id == 0)).all()
    for event in nameless:
        message_id = _newest(event.address_key, event.at)
        if message_id is None:
            values = {"standing": Standing.nobodys.value}
        else:
            same = select(_e.c.id).where(
                _e.c.message_id == message_id,
                _e.c.kind == event.kind,
                _e.c.at == event.at,
            )
            if session().scalar(same.limit(1)) is not None:
                session().execute(delete(_e).where(_e.c.id == event.id))
                continue
            values = {"message_id": message_id, "address_key": ""}  # type: ignore[dict-item]
        session().execute(update(_e).where(_e.c.id == event.id).values(**values))


def _newest(address_key: str, at: datetime) -> int | None:
    left_at = func.coalesce(Message.handed_over_at, Message.planned_at)
    return session().scalar(
        select(Message.id)
        .where(
            Message.address_key == address_key,
            Message.state.in_(_LEFT),
            left_at <= at + _AHEAD,
            left_at >= at - WINDOW,
        )
        .order_by(left_at.desc(), Message.id.desc())
        .limit(1)
    )
