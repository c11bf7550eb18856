"""No hand-over after the commit: whoever may not be mailed any more is taken out of what is planned, at once.

The worker's claim re-reads every hurdle, but on PostgreSQL its statement sees the moment it began at. A consent that is
taken back and committed between that moment and the claim's commit would go unseen. So whatever takes a consent back
also touches the person's planned rows, in the same transaction: then either the worker holds such a row already and
we wait until its claim is committed, or the row is not planned any more when the worker comes to it. What is not due
yet is left to its claim: by then they may have changed their mind.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, update

from portal.core import clock
from portal.core.db import session
from portal.mail import gate
from portal.mail.models import Message, State, Stream

_SOON = timedelta(minutes=1)
_STREAMS = (Stream.marketing, Stream.event)


@dataclass(frozen=True, slots=True)
class Stop:
    """Somebody told the provider, not us, that they want no more: by their mail program or its spam button."""

    member_id: int | None
    address_key: str
    at: datetime
    how: str


Deed = Callable[[Sequence[Stop]], None]
_deeds: list[Deed] = []


def on_stop(deed: Deed) -> Deed:
    """Do this, too, in the transaction that stops all marketing to somebody: rooms above keep the consent."""
    _deeds.append(deed)
    return deed


def stop(stops: Sequence[Stop]) -> None:
    """Let every room do what it does when somebody wants no more."""
    for deed in _deeds if stops else ():
        deed(stops)


def of_member(member_id: int) -> int:
    """Skip what is planned for a member and may not go any more, as the claim would; returns how many mails."""
    return _skip(Message.member_id == member_id)


def of_addresses(address_keys: Sequence[str]) -> int:
    """The same for what is planned to some addresses."""
    return _skip(Message.address_key.in_(address_keys)) if address_keys else 0


def _skip(theirs: ColumnElement[bool]) -> int:
    session().flush()
    skipped, soon = 0, clock.now() + _SOON
    for stream in _STREAMS:
        reason = gate.verdict(Message, stream)
        done = session().execute(
            update(Message)
            .where(
                theirs,
                Message.stream == stream,
                Message.state == State.planned,
                Message.due_at <= soon,
                reason != "",
            )
            .values(state=State.skipped, why=reason, line=None)
            .execution_options(synchronize_session=False)
        )
        skipped += int(done.rowcount)  # type: ignore[attr-defined]
    return skipped
