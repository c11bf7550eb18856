"""What needs a person, and how things are."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from pydantic import SecretStr
from sqlalchemy import func, select

from portal.core import clock, words
from portal.core.db import session
from portal.core.season import season_of
from portal.core.settings import Settings
from portal.events.models import Answer, Event, EventState, Rsvp
from portal.mail import report, residence, unsettled
from portal.mail.models import MailingState, Reason
from portal.members.models import Member, Status
from portal.newsletters.models import Newsletter
from portal.roles.models import OpenRole, RoleState
from portal.staff import queries as staff
from portal.staff.actions import code_now
from portal.staff.models import Staff
from portal.stories.models import Publication, Story

LONG_UNCONFIRMED = timedelta(days=30)
SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Need:
    """Something that waits for a person: what, why, where to go, and how pressing (`harm`, `warning`, `info`)."""

    title: str
    text: str
    endpoint: str
    values: dict[str, int | str]
    tone: str = "info"
    when: datetime | None = None


@dataclass(frozen=True, slots=True)
class Pulse:
    """How the network is doing."""

    active: int
    joined_this_month: int
    waiting_to_confirm: int
    seats_taken_ahead: int


def needs(person: Staff) -> list[Need]:
    """What waits for this person, most pressing first: only what their role can do something about."""
    found: list[Need] = []
    if person.may("newsletters.send"):
        found += _which_database() + _stuck_mailings() + _uncertain_messages() + _this_quarter()
    if person.may("stories.publish"):
        found += _stories_to_publish()
    if person.may("events.edit"):
        found += _events_soon()
    if person.may("roles.edit"):
        found += _roles_to_confirm()
    order = {"harm": 0, "warning": 1, "info": 2}
    return sorted(found, key=lambda need: order[need.tone])


def pulse() -> Pulse:
    """Four figures in four statements, each served by an index."""
    moment = clock.now()
    month = moment - timedelta(days=30)
    return Pulse(
        active=_count(select(func.count()).where(Member.status == Status.active)),
        joined_this_month=_count(select(func.count()).where(Member.confirmed_at >= month)),
        waiting_to_confirm=_count(select(func.count()).where(Member.status == Status.asked)),
        seats_taken_ahead=_count(
            select(func.coalesce(func.sum(Event.taken), 0)).where(
                Event.state == EventState.published, Event.starts_at > moment
            )
        ),
    )


def settings_in_words(settings: Settings) -> list[tuple[str, str]]:
    """Every setting with its value; secrets show only that they are set."""
    rows = []
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if isinstance(value, SecretStr):
            shown = _masked(value.get_secret_value())
        elif name == "sendgrid_webhook_keys":
            shown = words.plural(len(settings.webhook_keys), "key", "keys")
        else:
            shown = str(value)
        rows.append((name, shown or "(empty)"))
    return rows


def transport_words(settings: Settings) -> str:
    """Where mail goes, without the secret."""
    parts = urlsplit(settings.mail_url.get_secret_value())
    if parts.scheme == "outbox":
        return "Mail is written to a folder; nobody receives it."
    return f"Mail goes to {parts.hostname} by {parts.scheme.partition('+')[0]}."


def codes_now() -> list[tuple[Staff, str]]:
    """Everybody who has an authenticator app, with the code it shows now. For development only."""
    people = [person for person in staff.working() if person.has_second_factor]
    return [(person, code_now(person)) for person in people]


def _masked(secret: str) -> str:
    scheme = secret.partition(":")[0] if "://" in secret or secret.endswith(":") else ""
    return f"{scheme}:... (set)" if scheme else "(set)" if secret else ""


def _count(statement: object) -> int:
    return int(session().scalar(statement) or 0)  # type: ignore[call-overload]


def _which_database() -> list[Need]:
    if residence.held() is None:
        return []
    return [
        Need(
            "Which database sends?",
            "This one stands in another place, or was restored from a backup. Until you decide nothing leaves.",
            "mailings.mailings",
            {},
            "harm",
        )
    ]


def _stuck_mailings() -> list[Need]:
    found = []
    for one in report.needing_a_person():
        if one.state is MailingState.held:
            title = (
                f"{one.title} was not sent in time" if one.reason is Reason.missed else f"{one.title} is held"
            )
            found.append(Need(title, one.words, "mailings.decision", {"mailing_id": one.id}, "harm"))
        else:
            title = f"{one.title} paused itself" if one.reason.is_by_itself else f"{one.title} is paused"
            words_ = one.words or "Somebody paused it. Go on, or cancel it."
            found.append(Need(title, words_, "mailing_reports.report", {"mailing_id": one.id}, "harm"))
    return found


def _uncertain_messages() -> list[Need]:
    found = [
        Need(
            f"{words.plural(people, 'message', 'messages')} of {one.title}: nobody knows whether they arrived",
            "They are never sent again by themselves. Look at what is known, and decide.",
            "mailings.unknown",
            {"mailing_id": one.id},
            "warning",
        )
        for one, people in unsettled.mailings()
    ]
    letters = unsettled.letter_count()
    if letters:
        found.append(
            Need(
                f"{words.plural(letters, 'letter', 'letters')} to one person: nobody knows whether they arrived",
                "A confirmation or a reminder may be missing. Look at what is known, and decide.",
                "mailings.letters",
                {},
                "warning",
            )
        )
    return found


def _this_quarter() -> list[Need]:
    now = season_of(clock.now().date())
    rows = (
        session()
        .scalars(select(Newsletter).where(Newsletter.year == now.year, Newsletter.quarter == now.quarter))
        .all()
    )
    if any(not row.is_draft for row in rows):
        return []
    if rows:
        return [
            Need(
                f"{rows[0].title} is still a draft",
                f"The season ends on {words.day(now.next.begins - timedelta(days=1))}; "
                "members were promised one issue each quarter.",
                "newsletters_admin.edit",
                {"newsletter_id": rows[0].id},
                "warning",
            )
        ]
    return [
        Need(
            f"No newsletter for {now} yet",
            "Members were promised one issue each quarter.",
            "newsletters_admin.index",
            {},
            "warning",
        )
    ]


def _stories_to_publish() -> list[Need]:
    rows = session().execute(
        select(Story.id, Story.title, Story.changed_at)
        .where(Story.state == Publication.draft)
        .order_by(Story.changed_at)
        .limit(10)
    )
    return [
        Need(
            row.title,
            "A story that is not published yet.",
            "stories_admin.edit",
            {"story_id": row.id},
            "info",
            row.changed_at,
        )
        for row in rows
    ]


def _events_soon() -> list[Need]:
    moment = clock.now()
    waiting = (
        select(func.count(Rsvp.id))
        .where(Rsvp.event_id == Event.id, Rsvp.answer == Answer.waiting)
        .correlate(Event)
        .scalar_subquery()
    )
    rows = session().execute(
        select(Event.id, Event.title, Event.starts_at, Event.taken, Event.capacity, waiting.label("waiting"))
        .where(Event.state == EventState.published, Event.starts_at > moment, Event.starts_at < moment + SOON)
        .order_by(Event.starts_at)
        .limit(10)
    )
    return [
        Need(
            row.title,
            f"{row.taken} of {row.capacity} seats taken"
            + (f", {words.plural(row.waiting, 'person', 'people')} waiting." if row.waiting else "."),
            "events_admin.guests",
            {"event_id": row.id},
            "info",
            row.starts_at,
        )
        for row in rows
    ]


def _roles_to_confirm() -> list[Need]:
    old = clock.now() - LONG_UNCONFIRMED
    rows = session().execute(
        select(OpenRole.id, OpenRole.title, OpenRole.confirmed_at)
        .where(OpenRole.state == RoleState.open, OpenRole.is_pool.is_(False), OpenRole.confirmed_at < old)
        .order_by(OpenRole.confirmed_at)
        .limit(10)
    )
    return [
        Need(
            row.title,
            "Nobody has confirmed for a month that this role is real.",
            "roles_admin.edit",
            {"role_id": row.id},
            "warning",
            row.confirmed_at,
        )
        for row in rows
    ]
