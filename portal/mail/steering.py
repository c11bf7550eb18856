"""Steer a mailing: take it back, hold it, let it go on, end it, and try again with those who were refused.

Every step is a conditional change of the mailing's row, and every claim locks that row: so a step holds from the
next batch on, and of two people who decide at once one is told that it was decided.
"""

from collections.abc import Callable
from datetime import datetime

import structlog
from sqlalchemy import ColumnElement, and_, func, select, update

from portal.core import clock, queue
from portal.core.db import session
from portal.mail import waves
from portal.mail.models import Mailing, MailingState, Message, Reason, State

log = structlog.get_logger("portal.mail")
TakenBack = Callable[[Mailing], None]
_taken_back: list[TakenBack] = []
_OPEN = (MailingState.scheduled, MailingState.held, MailingState.sending, MailingState.paused)
_UNSURE = (State.planned, State.claimed, State.unknown)


class NotRunning(Exception):
    """The mailing is not in a state in which that can be done."""


class AnotherNumber(Exception):
    """Not that many people are concerned; `number` is how many are."""

    def __init__(self, number: int) -> None:
        super().__init__(f"{number} people are concerned now.")
        self.number = number


def when_taken_back(deed: TakenBack) -> TakenBack:
    """Do this with what a mailing was made of, when it is taken back before anything left."""
    _taken_back.append(deed)
    return deed


def take_back(mailing: Mailing) -> int:
    """Undo Send: nothing has left yet, and nothing will. What it was made of can be changed and sent again.

    Raises:
        NotRunning: it has begun, or was taken back before.
    """
    _move(mailing, (MailingState.scheduled,), MailingState.cancelled, Reason.undone)
    mailing.finished_at = clock.now()
    mailing.about = f"{mailing.about[:40]}~{mailing.id}"
    done = _skip_the_rest(mailing.id, "undone")
    for deed in _taken_back:
        deed(mailing)
    session().flush()
    return done


def pause(mailing: Mailing, words: str = "") -> None:
    """Hold a mailing; what is planned stays planned.

    Raises:
        NotRunning: it is not sending.
    """
    _move(mailing, (MailingState.sending,), MailingState.paused, Reason.person, words)


def resume(mailing: Mailing) -> None:
    """Let a paused mailing go on. Somebody has looked: the results so far do not stop it again by themselves.

    Raises:
        NotRunning: it is not paused.
    """
    _move(mailing, (MailingState.paused,), MailingState.sending)
    found = waves.health(mailing.id)
    mailing.looked_handed, mailing.looked_bounced = found.handed, found.bounced
    mailing.looked_complained, mailing.seen_at = found.complained, clock.now()
    queue.ask("mail.send_mailing", mailing.id)


def cancel(mailing: Mailing) -> int:
    """End a mailing; whoever is still planned is skipped. Returns how many.

    Raises:
        NotRunning: it has finished or was cancelled already.
    """
    _move(mailing, _OPEN, MailingState.cancelled, Reason.person)
    mailing.finished_at = clock.now()
    return _skip_the_rest(mailing.id, "cancelled")


def let_go(mailing: Mailing) -> None:
    """Let a held mailing go after all: at once when its time has passed, else when it comes.

    Raises:
        NotRunning: it is not held.
    """
    moment = clock.now()
    is_early = mailing.not_before is not None and mailing.not_before > moment
    _move(mailing, (MailingState.held,), MailingState.scheduled if is_early else MailingState.sending)
    mailing.seen_at = moment
    if not is_early:
        queue.ask("mail.send_mailing", mailing.id)


def reschedule(mailing: Mailing, at: datetime) -> None:
    """Let a held mailing leave at another moment, for everybody at the same one.

    Raises:
        NotRunning: it is not held.
    """
    _move(mailing, (MailingState.held,), MailingState.scheduled)
    mailing.not_before = mailing.scheduled_at = at
    mailing.is_local = False
    queue.ask_at(at, "mail.steer")


def refused(mailing_id: int) -> ColumnElement[bool]:
    """SQL for the messages of a mailing that were refused for good and can be tried again."""
    return and_(
        Message.mailing_id == mailing_id,
        Message.state == State.failed,
        Message.why != waves.GIVEN_UP,
        Message.address != "",
    )


def retry(mailing: Mailing, number: int) -> int:
    """Plan again exactly the `number` people who were refused; nobody else is touched. Returns how many.

    Raises:
        NotRunning: it was cancelled, is held, or has not begun.
        AnotherNumber: that many are not refused now.
    """
    session().refresh(mailing, with_for_update=True)
    if mailing.state not in {MailingState.sending, MailingState.paused, MailingState.finished}:
        raise NotRunning
    found = session().scalar(select(func.count()).select_from(Message).where(refused(mailing.id))) or 0
    if found != number or not found:
        raise AnotherNumber(found)
    session().execute(
        update(Message)
        .where(refused(mailing.id))
        .values(state=State.planned, why="", due_at=clock.now(), batch=None)
        .execution_options(synchronize_session=False)
    )
    go_on(mailing)
    return found


def go_on(mailing: Mailing) -> None:
    """Somebody is planned again: a finished mailing goes on."""
    if mailing.state is MailingState.finished:
        mailing.state, mailing.finished_at = MailingState.sending, None
    if mailing.state is MailingState.sending:
        queue.ask("mail.send_mailing", mailing.id)


def stop(mailing_id: int, reason: Reason, words: str) -> bool:
    """Pause a mailing by itself; returns whether it was sending."""
    done = session().execute(
        update(Mailing)
        .where(Mailing.id == mailing_id, Mailing.state == MailingState.sending)
        .values(state=MailingState.paused, reason=reason, words=words)
        .execution_options(synchronize_session=False)
    )
    log.warning("mailing paused itself", mailing=mailing_id, reason=reason.value)
    return bool(done.rowcount)  # type: ignore[attr-defined]


def hold(which: ColumnElement[bool], reason: Reason, words: str) -> int:
    """Hold mailings until a person decides; returns how many."""
    done = session().execute(
        update(Mailing)
        .where(which, Mailing.state.in_([MailingState.scheduled, MailingState.sending]))
        .values(state=MailingState.held, reason=reason, words=words)
        .execution_options(synchronize_session=False)
    )
    return int(done.rowcount)  # type: ignore[attr-defined]


def finish_if_done(mailing: Mailing) -> bool:
    """Call it finished when nobody waits, nobody is on the way, and nothing is uncertain."""
    session().flush()
    session().refresh(mailing, with_for_update=True)
    if mailing.state is not MailingState.sending:
        return False
    unsure = select(Message.id).where(Message.mailing_id == mailing.id, Message.state.in_(_UNSURE))
    if session().scalar(unsure.limit(1)) is not None:
        return False
    mailing.state, mailing.finished_at = MailingState.finished, clock.now()
    return True


def _skip_the_rest(mailing_id: int, why: str) -> int:
    done = session().execute(
        update(Message)
        .where(Message.mailing_id == mailing_id, Message.state == State.planned)
        .values(state=State.skipped, why=why)
        .execution_options(synchronize_session=False)
    )
    return int(done.rowcount)  # type: ignore[attr-defined]


def _move(
    mailing: Mailing,
    from_states: tuple[MailingState, ...],
    to_state: MailingState,
    reason: Reason = Reason.none,
    words: str = "",
) -> None:
    done = session().execute(
        update(Mailing)
        .where(Mailing.id == mailing.id, Mailing.state.in_(from_states))
        .values(state=to_state, reason=reason, words=words)
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]
        raise NotRunning
    session().refresh(mailing)
