"""The letter that invites to an event, and asks once more: frozen words, and what differs from person to person."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app
from sqlalchemy import Select, select

from portal.core import words
from portal.core.db import session
from portal.core.season import season_of
from portal.core.settings import Settings
from portal.core.web import link
from portal.events import queries as events
from portal.events.models import Event, EventInterest
from portal.events.queries import Planned
from portal.invitations import queries
from portal.invitations.models import Invitation
from portal.mail import letters
from portal.mail.models import Message, Stream
from portal.mail.render import Rendered, render
from portal.members.models import Member
from portal.preferences.models import Interest

LETTER = "invitations/event"
PERCENTS = "%%percents%%"
"""Two percent signs side by side would be read as the beginning of a tag."""

UNSUBSCRIBE, PREFERENCES = "%%unsubscribe_url%%", "%%preferences_url%%"
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


@letters.mailing(
    LETTER,
    Stream.marketing,
    words="An invitation to an event",
    trigger="A recruiter invites a segment, or asks those once more who have not answered",
)
def invite(who: Select[tuple[int]]) -> Mapping[int, Mapping[str, str]]:
    """The values for the members that `who` selects from the rows of one mailing, in a handful of statements."""
    mailing_id = session().scalar(who.with_only_columns(Message.__table__.c.mailing_id).limit(1))
    invitation = queries.of_mailing(mailing_id) if mailing_id is not None else None
    event = events.by_id(invitation.event_id) if invitation is not None else None
    about = _about(event.id) if event is not None else []
    rows = session().execute(
        select(Member.id, Member.call_name, Member.name, Member.zone, Member.interest_mask).where(
            Member.id.in_(who)
        )
    )
    return {
        row.id: _reader(event, about, row.call_name or row.name, row.zone, row.interest_mask).values
        for row in rows
    }


def frozen(planned: Planned, invitation: Invitation, *, is_reminder: bool) -> Rendered:
    """The letter as it is kept for a mailing: personal tags still in it."""
    context = _context(planned, invitation, _TAGS, is_reminder=is_reminder, has_tags=True)
    context |= {"unsubscribe_url": UNSUBSCRIBE, "preferences_url": PREFERENCES}
    return render(LETTER, context, current_app.jinja_env)


def shown(planned: Planned, invitation: Invitation, name: str, zone: str, *, is_reminder: bool) -> Rendered:
    """The letter as somebody of that name and zone would get it who follows all it is about."""
    everything = sum(1 << one.bit for one in _about(planned.event.id))
    reader = _reader(planned.event, _about(planned.event.id), name, zone, everything)
    context = _context(planned, invitation, reader, is_reminder=is_reminder, has_tags=False)
    context |= {"unsubscribe_url": "", "preferences_url": link("preferences.contact")}
    return render(LETTER, context, current_app.jinja_env)


def _reader(event: Event | None, about: list[Interest], name: str, zone: str, mask: int) -> Reader:
    followed = [one.name for one in about if mask >> one.bit & 1]
    because = f"It fits what you follow: {words.listing(followed)}." if followed else _ASKED
    for_you = ""
    if event is not None and zone and zone != event.zone:
        here = words.moment(event.starts_at, zone)
        for_you = f"For you: {here}" if here != words.moment(event.starts_at, event.zone) else ""
    return Reader(name, because, for_you)


def _about(event_id: int) -> list[Interest]:
    mine = select(EventInterest.interest_id).where(EventInterest.event_id == event_id)
    return list(session().scalars(select(Interest).where(Interest.id.in_(mine)).order_by(Interest.name)))


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
