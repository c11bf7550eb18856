"""The tick of the post: starts what is due, holds what is late or stands in a copy, and stops what goes wrong."""

from datetime import datetime, timedelta

import structlog
from flask import current_app
from sqlalchemy import select, update

from portal.core import clock, queue
from portal.core.db import session, transaction
from portal.core.settings import Settings
from portal.mail import residence, steering, waves
from portal.mail.models import Mailing, MailingState, Reason

LATE = "Its time passed while the portal was not running. It is not sent late by itself."
LATELY = timedelta(days=2)
log = structlog.get_logger("portal.mail")


def steer() -> None:
    """Look after every mailing that is waiting or under way. Doing it twice does no harm."""
    settings: Settings = current_app.extensions["portal"]
    moment = clock.now()
    with transaction():
        if not residence.beat(settings):
            return
        _hold_what_is_late(moment, timedelta(minutes=settings.missed_after_minutes))
        _start_what_is_due(moment)
    with transaction():
        open_ones = Mailing.state.in_([MailingState.sending, MailingState.paused, MailingState.held])
        lately = (Mailing.state == MailingState.cancelled) & (Mailing.finished_at > moment - LATELY)
        watched = session().scalars(select(Mailing.id).where(open_ones | lately).order_by(Mailing.id)).all()
    for mailing_id in watched:
        # Counting takes a while with a million rows, so nobody is kept waiting for it.
        found = waves.health(mailing_id)
        with transaction():
            look_after(mailing_id, found, settings)


def look_after(mailing_id: int, found: waves.Health, settings: Settings) -> None:
    """Stop a mailing that its readers object to; let the next wave go when the one before did well."""
    mailing = session().get(Mailing, mailing_id, with_for_update=True, populate_existing=True)
    if mailing is None:
        return
    if mailing.uncertain != found.uncertain:
        mailing.uncertain = found.uncertain
    if mailing.state is not MailingState.sending or steering.finish_if_done(mailing):
        return
    against = waves.objection(mailing, found, settings)
    if against is not None:
        steering.stop(mailing.id, *against)
        return
    if mailing.released is None or mailing.wave_done_at is None:
        return
    if clock.now() >= mailing.wave_done_at + waves.waits(mailing, settings):
        mailing.released = waves.next_release(mailing, settings)
        mailing.wave, mailing.wave_done_at = mailing.wave + 1, None
        queue.ask("mail.send_mailing", mailing.id)
        log.info("next wave", mailing=mailing.id, wave=mailing.wave)


def _hold_what_is_late(moment: datetime, grace: timedelta) -> None:
    """What should have begun too long ago, and what was spread over the day and not looked after for too long."""
    steering.hold(
        (Mailing.state == MailingState.scheduled) & (Mailing.not_before < moment - grace),
        Reason.missed,
        LATE,
    )
    spread = (Mailing.state == MailingState.sending) & Mailing.scheduled_at.is_not(None)
    steering.hold(spread & (Mailing.seen_at < moment - grace), Reason.missed, LATE)
    session().execute(
        update(Mailing).where(spread).values(seen_at=moment).execution_options(synchronize_session=False)
    )


def _start_what_is_due(moment: datetime) -> None:
    due = (Mailing.state == MailingState.scheduled) & (Mailing.not_before <= moment)
    for mailing_id in session().scalars(select(Mailing.id).where(due).order_by(Mailing.id)).all():
        done = session().execute(
            update(Mailing)
            .where(Mailing.id == mailing_id, due)
            .values(state=MailingState.sending, started_at=moment, seen_at=moment)
            .execution_options(synchronize_session=False)
        )
        if done.rowcount:  # type: ignore[attr-defined]
            queue.ask("mail.send_mailing", mailing_id)
