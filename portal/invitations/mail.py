"""The letter that invites to an event, and asks once more: frozen words, and what differs from person to person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.sql.functions import coalesce

from portal.core import words
from portal.core.db import session
from portal.core.season import season_of
from portal.core.settings import Settings
from portal.core.web import link
from portal.events.models import Event, EventInterest
from portal.events.queries import Planned
from portal.invitations.models import Invitation
from portal.mail import letters
from portal.mail.models import Stream
from portal.mail.render import Rendered, render
from portal.members.models import Member
from portal.preferences.models import Interest, MemberInterest

LETTER = "invitations/event"
PERCENTS = "%%percents%%"
"""Two percent signs side by side would be read as the beginning of a tag."""

UNSUBSCRIBE, PREFERENCES = "%%unsubscribe_url%%", "%%preferences_url%%"
_BETWEEN = "\x1f"
_ASKED = "You asked us to tell you about events."


@dataclass(frozen=True, slots=True)
class Reader:
    """What a letter says differently to each: their name, why they get it, and the time on their own clock."""

    name: str
    because: str
    for_you: str

    @property
    def values(self) -> dict[str, str]:
        """The values of the tags."""
        return {
            "name": self.name or "there",
            "because": self.because,
            "for_you": self.for_you,
            "percents": "%%",
        }


_TAGS = Reader("%%name%%", "%%because%%", "%%for_you%%")


def _made_of(row: Any) -> list[ColumnElement[Any]]:
    """What somebody is called, their clock, when the event begins on whose clock, and what of it they follow."""
    mine = Member.id == row.member_id
    of_mailing = or_(Invitation.mailing_id == row.mailing_id, Invitation.reminder_id == row.mailing_id)
    invited = select(Invitation.event_id).where(of_mailing)
    followed = (
        select(func.aggregate_strings(Interest.name, _BETWEEN))
        .join(MemberInterest, MemberInterest.interest_id == Interest.id)
        .join(EventInterest, EventInterest.interest_id == Interest.id)
        .where(MemberInterest.member_id == row.member_id, EventInterest.event_id.in_(invited))
    )
    return [
        select(coalesce(func.nullif(Member.call_name, ""), Member.name)).where(mine).scalar_subquery(),
        select(Member.zone).where(mine).scalar_subquery(),
        select(Event.starts_at).where(Event.id.in_(invited)).scalar_subquery(),
        select(Event.zone).where(Event.id.in_(invited)).scalar_subquery(),
        followed.scalar_subquery(),
    ]


@letters.mailing(
    LETTER,
    Stream.marketing,
    _made_of,
    words="An invitation to an event",
    trigger="A recruiter invites a segment, or asks those once more who have not answered",
)
def invite(
    name: str | None, zone: str | None, starts_at: datetime | None, there: str | None, followed: str | None
) -> Mapping[str, str]:
    """The values for the tags of an invitation for one member."""
    names = sorted(followed.split(_BETWEEN)) if followed else []
    return _reader(starts_at, there or "", names, name or "", zone or "").values


def frozen(planned: Planned, invitation: Invitation, *, is_reminder: bool) -> Rendered:
    """The letter as it is kept for a mailing: personal tags still in it."""
    context = _context(planned, invitation, _TAGS, is_reminder=is_reminder, has_tags=True)
    context |= {"unsubscribe_url": UNSUBSCRIBE, "preferences_url": PREFERENCES}
    return render(LETTER, context, current_app.jinja_env)


def shown(planned: Planned, invitation: Invitation, name: str, zone: str, *, is_reminder: bool) -> Rendered:
    """The letter as somebody of that name and zone would get it who follows all it is about."""
    event = planned.event
    reader = _reader(event.starts_at, event.zone, _about(event.id), name, zone)
    context = _context(planned, invitation, reader, is_reminder=is_reminder, has_tags=False)
    context |= {"unsubscribe_url": "", "preferences_url": link("preferences.contact")}
    return render(LETTER, context, current_app.jinja_env)


def _reader(starts_at: datetime | None, there: str, followed: list[str], name: str, zone: str) -> Reader:
    because = f"It fits what you follow: {words.listing(followed)}." if followed else _ASKED
    for_you = ""
    if starts_at is not None and zone and zone != there:
        here = words.moment(starts_at, zone)
        for_you = f"For you: {here}" if here != words.moment(starts_at, there) else ""
    return Reader(name, because, for_you)


def _about(event_id: int) -> list[str]:
    mine = select(EventInterest.interest_id).where(EventInterest.event_id == event_id)
    return list(session().scalars(select(Interest.name).where(Interest.id.in_(mine)).order_by(Interest.name)))


def _context(
    planned: Planned, invitation: Invitation, reader: Reader, *, is_reminder: bool, has_tags: bool
) -> dict[str, Any]:
    def say(text: str) -> str:
        return text.replace("%%", PERCENTS) if has_tags else text

    event = planned.event
    begins = event.starts_at.astimezone(words.zone(event.zone)).date()
    return {
        "title": say(event.title),
        "summary": say(event.summary),
        "line_html": words.markdown(say(invitation.line)),
        "line_text": words.plain(say(invitation.line)),
        "when": words.moment(event.starts_at, event.zone),
        "ends": words.moment(event.ends_at, event.zone),
        "where": say(planned.where),
        "reader": reader,
        "host_name": say(planned.host.name),
        "host_title": say(planned.host.title),
        "event_link": link("events.show", slug=event.slug) + "?from=invitation",
        "is_reminder": is_reminder,
        "sent_on": words.day(invitation.sent_at, event.zone) if is_reminder and invitation.sent_at else "",
        "season": season_of(begins),
    }


def sender_address() -> str:
    """The address that invitations come from."""
    settings: Settings = current_app.extensions["portal"]
    return settings.sender_address
