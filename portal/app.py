"""The roof: puts the rooms together into one Flask application."""

from pathlib import Path
from typing import Any

import jinja2
from flask import Blueprint, Flask, Response, request, url_for
from flask_alembic import Alembic
from flask_login import current_user
from werkzeug.routing import BuildError

from portal import jobs
from portal.core import (
    actor,
    assets,
    clock,
    db,
    edition,
    limits,
    logs,
    metrics,
    places,
    season,
    sessions,
    tokens,
    web,
    words,
)
from portal.core.brand import brand_of
from portal.core.settings import Settings, load
from portal.desk import admin as desk_admin
from portal.desk import dev as desk_dev
from portal.desk import mail as _desk_mail  # noqa: F401 - registers its letters
from portal.desk import views as desk_views
from portal.directory import admin as directory_admin
from portal.events import admin as events_admin
from portal.events import admin_guests as _events_admin_guests  # noqa: F401 - more pages of the same room
from portal.events import admin_message as _events_admin_message  # noqa: F401
from portal.events import answering as _events_answering  # noqa: F401 - more pages of the same room
from portal.events import asking, details, feeds, follow_ups, reminders
from portal.events import calendar_traces as _events_calendar_traces  # noqa: F401
from portal.events import confirm_mail as _events_confirm_mail  # noqa: F401
from portal.events import detail_traces as _events_detail_traces  # noqa: F401
from portal.events import door as _events_door  # noqa: F401
from portal.events import follow_up_admin as events_follow_ups
from portal.events import follow_up_mail as _events_follow_up_mail  # noqa: F401
from portal.events import message_mail as _events_message_mail  # noqa: F401
from portal.events import models as events_models
from portal.events import personal as _events_personal  # noqa: F401 - more pages of the same room
from portal.events import reminder_mail as _events_reminder_mail  # noqa: F401
from portal.events import strangers as _events_strangers  # noqa: F401
from portal.events import traces as _events_traces  # noqa: F401
from portal.events import views as events_views
from portal.home import dev as home_dev
from portal.home import health as home_health
from portal.home import views as home_views
from portal.insights import admin as insights_admin
from portal.invitations import admin as invitations_admin
from portal.invitations import models as invitations_models
from portal.mail import admin as mail_admin
from portal.mail import cap as _mail_cap  # noqa: F401 - a reason why somebody must not be mailed
from portal.mail import hooks as _mail_hooks  # noqa: F401 - more pages of the same room
from portal.mail import measuring_pages as _measuring_pages  # noqa: F401
from portal.mail import models as mail_models
from portal.mail import outbox_pages
from portal.mail import provider_models as provider
from portal.mail import views as mail_views
from portal.mail.transports.choose import transport
from portal.members import mail as _members_mail  # noqa: F401 - every letter is known by its name
from portal.members import mine as _members_mine  # noqa: F401 - more pages of the same room
from portal.members import models as members_models
from portal.members import moving as _members_moving  # noqa: F401
from portal.members import own_traces as _members_traces  # noqa: F401 - what is kept can be taken along and erased
from portal.members import queries as members
from portal.members import views as members_views
from portal.newsletters import admin as newsletters_admin
from portal.newsletters import dispatch as newsletters_dispatch
from portal.newsletters import mailings as newsletters_mailings
from portal.newsletters import models as _newsletters  # noqa: F401
from portal.newsletters import reports as newsletters_reports
from portal.newsletters import views as newsletters_views
from portal.preferences import admin as preferences_admin
from portal.preferences import models as preferences_models
from portal.preferences import stops as _stops  # noqa: F401 - what the provider hears takes consent back
from portal.preferences import views as preferences_views
from portal.roles import admin as roles_admin
from portal.roles import models as _roles  # noqa: F401
from portal.roles import views as roles_views
from portal.segments import admin as segments_admin
from portal.segments import admin_lists as segments_lists
from portal.segments import models as _segments  # noqa: F401
from portal.segments import models as segments_models
from portal.segments import traces as _segments_traces  # noqa: F401
from portal.sheets import admin as sheets_admin
from portal.sheets import going_out as _sheets_going_out  # noqa: F401 - more pages of the same room
from portal.sheets import models as sheets_models
from portal.sheets import traces as _sheets_traces  # noqa: F401
from portal.sheets import views as sheets_views
from portal.sources import admin as sources_admin
from portal.sources import counting
from portal.sources import models as sources_models
from portal.staff import actions as staff_actions
from portal.staff import models as staff_models
from portal.staff import queries as staff
from portal.stories import admin as stories_admin
from portal.stories import models as _stories  # noqa: F401
from portal.stories import views as stories_views

ROOMS: tuple[Blueprint, ...] = (
    home_health.room,
    insights_admin.room,
    events_admin.room,
    events_follow_ups.room,
    events_views.room,
    roles_admin.room,
    roles_views.room,
    stories_admin.room,
    stories_views.room,
    segments_admin.room,
    segments_lists.room,
    directory_admin.room,
    sheets_admin.room,
    sources_admin.room,
    sheets_views.room,
    desk_views.room,
    desk_admin.room,
    preferences_admin.room,
    preferences_views.room,
    members_views.room,
    invitations_admin.room,
    newsletters_admin.room,
    newsletters_dispatch.room,
    newsletters_mailings.room,
    newsletters_reports.room,
    newsletters_views.room,
    mail_admin.room,
    mail_views.room,
    home_views.room,
)
# What changes all day and stands on no page that a stranger reads; every other table does.
UNSEEN: tuple[type[db.Base], ...] = (
    tokens.OneTimeToken,
    sessions.BrowserSession,
    mail_models.MailAsk,
    mail_models.Message,
    mail_models.Suppression,
    mail_models.Residence,
    mail_models.Settlement,
    provider.ProviderBatch,
    provider.ProviderEvent,
    provider.SetAside,
    provider.Lift,
    provider.Measurement,
    provider.ProviderErasure,
    members_models.Member,
    members_models.Consent,
    members_models.AddressChange,
    members_models.Note,
    members_models.Forgotten,
    members_models.Erasure,
    events_models.EventGuest,
    events_models.RsvpChange,
    asking.RsvpAsk,
    details.GuestAnswer,
    details.Need,
    feeds.CalendarFeed,
    follow_ups.FollowUp,
    invitations_models.Invitation,
    reminders.ReminderWish,
    preferences_models.MemberInterest,
    preferences_models.MemberPlace,
    preferences_models.TopicChoice,
    preferences_models.LeavingReason,
    segments_models.Segment,
    segments_models.SegmentVersion,
    segments_models.Tag,
    segments_models.MemberTag,
    segments_models.PickedList,
    segments_models.PickedMember,
    sources_models.SourceLink,
    sources_models.JoinCount,
    sheets_models.SheetImport,
    sheets_models.SheetRow,
    sheets_models.SheetChange,
    sheets_models.Invited,
    sheets_models.SheetExport,
    staff_models.AuditLine,
    staff_models.RecoveryCode,
)
DEVELOPMENT_ROOMS: tuple[Blueprint, ...] = (home_dev.room, outbox_pages.room, desk_dev.room)


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application.

    Raises:
        SettingsRefused: the settings cannot be used.
    """
    settings = settings or load()
    logs.configure(settings)
    settings.instance.mkdir(parents=True, exist_ok=True)
    app = Flask(
        "portal",
        root_path=str(Path(__file__).parent),
        template_folder=str(places.templates()),
        static_folder=str(places.static()),
        instance_path=str(settings.instance),
    )
    app.extensions["portal"] = settings
    app.testing = settings.env == "test"
    logs.init_app(app)
    db.init_app(app, settings)
    metrics.init_app(app)
    web.init_app(app, settings)
    limits.init_app(app, settings)
    edition.init_app(app, unseen=UNSEEN)
    counting.init_app(app)
    app.config["ALEMBIC"] = {"script_location": str(places.migrations())}
    app.config["ALEMBIC_CONTEXT"] = {
        "render_as_batch": True,
        "compare_type": True,
        "compare_server_default": False,
        # Only where PostgreSQL's extension for it is at hand; see the step 0014.
        "include_object": lambda _object, name, *_rest: name != "ix_members_trigrams",
    }
    Alembic(app, metadatas=db.Base.metadata, run_mkdir=False, command_name="")
    app.extensions["portal_transport"] = transport(
        settings.mail_url.get_secret_value(),
        outbox=settings.outbox,
        is_plain_allowed=settings.is_development,
    )
    jobs.init_app(app, settings)
    _dress(app, settings)
    for room in ROOMS + (DEVELOPMENT_ROOMS if settings.is_development else ()):
        app.register_blueprint(room)
    for endpoint in web.CSRF_EXCEPTIONS & app.view_functions.keys():
        web.csrf.exempt(app.view_functions[endpoint])
    web.login.request_loader(lambda _request: _who())
    _audit(app)
    return app


def _audit(app: Flask) -> None:
    """Say who acts, and leave a line for each thing staff did: where the action wrote none, the edge does."""

    @app.before_request
    def _say_who() -> None:
        by_machine = request.endpoint in web.CSRF_EXCEPTIONS
        person = None if request.method in db.SAFE_METHODS or by_machine else web.visitor()
        actor.set_staff(person.id if person is not None and person.kind == "staff" else None)

    @app.after_request
    def _leave_a_line(response: Response) -> Response:
        did = request.method not in db.SAFE_METHODS and response.status_code < 400
        info = db.session().info
        if did and actor.staff_id() is not None and not info.get(staff_actions.AUDITED):
            values = ", ".join(f"{name} {value}" for name, value in (request.view_args or {}).items())
            staff_actions.record(request.endpoint or "", words=values)
        info.pop(staff_actions.AUDITED, None)
        return response


def _who() -> Any:
    """Whoever holds the live session of this browser; None for a stranger."""
    row = sessions.current()
    if row is None:
        return None
    if row.kind == "member":
        return members.who_may_enter(row.person_id)
    person = staff.by_id(row.person_id)
    return person if person is not None and person.is_active else None


def _dress(app: Flask, settings: Settings) -> None:
    """Give every template its words, its helpers and the brand."""
    env = app.jinja_env
    env.undefined = jinja2.StrictUndefined
    env.trim_blocks = env.lstrip_blocks = True
    brand = brand_of(settings)
    env.globals.update(
        asset=assets.asset,
        icon=assets.icon,
        brand=brand,
        link=web.link,
        listing=words.listing,
        url_for_or_none=_url_for_or_none,
        with_query=web.with_query,
    )
    env.filters.update(
        ago=words.ago,
        day=words.day,
        markdown=words.markdown,
        moment=words.moment,
        number=words.number,
        plain=words.plain,
        plural=words.plural,
    )

    @app.context_processor
    def _everywhere() -> dict[str, Any]:
        return {
            "now": clock.now(),
            "season": season.season_of(clock.today(settings.zone)),
            "viewer_zone": getattr(current_user, "zone", "") or settings.company_zone,
        }


def _url_for_or_none(endpoint: str, **values: Any) -> str | None:
    """The address of an endpoint, or None while no room serves it."""
    try:
        return url_for(endpoint, **values)
    except BuildError:
        return None
