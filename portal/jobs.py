"""Work for later: which jobs there are, when they run by themselves, and the engine that runs them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import structlog
from flask import Flask, current_app
from huey import Huey, RedisExpireHuey, crontab
from huey.storage import SqliteStorage

from portal.core import clock, sessions, tokens
from portal.core.db import transaction
from portal.core.metrics import JOBS as COUNTED
from portal.core.settings import Settings
from portal.events import asking, details, follow_ups, line, reminders
from portal.invitations import actions as invitations
from portal.mail import aftermath, bulk, erasing, forgiving, hand_over, inbox, sightings, watch
from portal.mail import limits as mail_limits
from portal.members import forgetting
from portal.preferences import pauses
from portal.sheets import actions as sheets
from portal.sheets import exporting as sheets_out
from portal.sheets import work as sheets_in
from portal.stories.actions import remove_stray_pictures

log = structlog.get_logger("portal.jobs")
Job = Callable[..., Any]


def remove_old_traces() -> None:
    """Remove what only served a limit or a sign-in that is over."""
    with transaction():
        mail_limits.remove_old()
        inbox.remove_old()
        erasing.remove_old()
        moment = clock.now()
        tokens.remove_expired(moment - timedelta(days=30))
        sessions.remove_old(moment - timedelta(days=30))


def remove_unconfirmed() -> int:
    """Remove who asked to join and never confirmed."""
    return forgetting.remove_unconfirmed(current_app.extensions["portal"])


# What can be asked for by `queue.ask`. Each opens its own transactions; running one twice does no harm.
JOBS: dict[str, Job] = {
    "mail.hand_over_letters": hand_over.hand_over_letters,
    "mail.send_mailing": bulk.send_mailing,
    "invitations.stop_what_is_over": invitations.stop_what_is_over,
    "mail.sweep": hand_over.sweep,
    "mail.forgive_at_provider": forgiving.forgive_at_provider,
    "mail.erase_at_provider": erasing.erase_at_provider,
    "mail.judge_sights": sightings.judge_new,
    "mail.apply_events": aftermath.apply_events,
    "mail.steer": watch.steer,
    "core.remove_old_traces": remove_old_traces,
    "events.pass_on": line.pass_on,
    "events.remove_needs": details.remove_needs,
    "events.remove_unconfirmed": asking.remove_unconfirmed,
    "members.remove_unconfirmed": remove_unconfirmed,
    "preferences.tell_who_is_back": pauses.tell_who_is_back,
    "events.draft_follow_ups": follow_ups.draft_all,
    "events.plan_reminders": reminders.plan,
    "stories.remove_stray_pictures": remove_stray_pictures,
    sheets_in.JOB: sheets_in.work,
    sheets_out.JOB: sheets_out.write,
    "sheets.find_lost": sheets_in.find_lost,
    "sheets.find_lost_lists": sheets_out.find_lost,
    "sheets.clear_up": sheets.clear_up,
}

# What runs by itself: (job, crontab). Every tick is idempotent.
SCHEDULE: tuple[tuple[str, Callable[..., bool]], ...] = (
    ("invitations.stop_what_is_over", crontab(minute="*")),
    ("mail.sweep", crontab(minute="*")),
    ("mail.erase_at_provider", crontab(minute="*")),
    ("mail.judge_sights", crontab(minute="*")),
    ("mail.apply_events", crontab(minute="*")),
    ("mail.steer", crontab(minute="*")),
    ("core.remove_old_traces", crontab(minute="17")),
    ("events.pass_on", crontab(minute="*")),
    ("events.remove_needs", crontab(minute="23")),
    ("events.remove_unconfirmed", crontab(hour="3", minute="31")),
    ("members.remove_unconfirmed", crontab(hour="3", minute="43")),
    ("preferences.tell_who_is_back", crontab(minute="7")),
    ("events.draft_follow_ups", crontab(minute="27")),
    ("events.plan_reminders", crontab(minute="*")),
    ("stories.remove_stray_pictures", crontab(hour="4", minute="11")),
    ("sheets.find_lost", crontab(minute="*")),
    ("sheets.find_lost_lists", crontab(minute="*")),
    ("sheets.clear_up", crontab(minute="27")),
)


def engine(settings: Settings) -> Huey:
    """The job engine: a SQLite file of its own beside the database, or Redis."""
    redis_url = settings.redis_url.get_secret_value()
    if redis_url:
        return RedisExpireHuey("portal", url=redis_url, results=False, utc=True)
    settings.instance.mkdir(parents=True, exist_ok=True)
    return Huey(
        "portal", storage_class=_Storage, filename=str(settings.instance / "jobs.db"), results=False, utc=True
    )


class _Storage(SqliteStorage):
    """Asking for a job does not wait for the disk: what a power cut takes is found again by the sweep."""

    def _create_connection(self) -> Any:
        connection = super()._create_connection()
        # With a write-ahead log this cannot damage the file, only lose its last lines.
        connection.execute("PRAGMA synchronous=NORMAL")
        return connection


def init_app(app: Flask, settings: Settings) -> None:
    """Give the app its engine; `queue.ask` pushes into it after the commit."""
    huey = engine(settings)

    @huey.task(name="perform")  # type: ignore[untyped-decorator]
    def perform(name: str, *ids: int | str) -> None:
        with app.app_context():
            run(name, *ids)

    for job, when in SCHEDULE:
        huey.periodic_task(when, name=f"tick {job}")(_tick(app, job))

    app.extensions["portal_huey"] = huey
    app.extensions["portal_queue"] = lambda name, ids: perform(name, *ids)
    app.extensions["portal_queue_at"] = lambda moment, name, ids: perform.schedule(
        (name, *ids), delay=max(1.0, (moment - clock.now()).total_seconds() + 1)
    )


def _tick(app: Flask, job: str) -> Job:
    def tick() -> None:
        with app.app_context():
            run(job)

    return tick


def run(name: str, *ids: int | str) -> Any:
    """Run a job now, in the app context of the caller; counted and logged by its name."""
    structlog.contextvars.bind_contextvars(job=name)
    try:
        result = JOBS[name](*ids)
    except Exception as broken:
        COUNTED.labels(name, "failed").inc()
        log.error("job failed", exc_info=broken)
        raise
    else:
        COUNTED.labels(name, "done").inc()
        return result
    finally:
        structlog.contextvars.unbind_contextvars("job")
