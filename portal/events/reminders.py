"""Reminders: chosen by whoever has a seat, counted back from the beginning, and never late.

A reminder is planned when its moment has come, for all who want it by one statement, so it moves with the event. When
its moment passed while nobody was at work, it is dropped after a while instead of coming too late to be of use; the
same is asked again when the letter is written.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Select, exists, literal, select
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.functions import coalesce

from portal.core import clock
from portal.core.db import Base, choice, insert_once, session, transaction
from portal.events.models import Answer, Event, EventGuest, EventState, Rsvp
from portal.mail import to_many
from portal.mail.models import Message
from portal.members.models import Member

LETTER = "events/reminder"


class Lead(StrEnum):
    """How long before the beginning somebody wants to be reminded."""

    week = "week"
    day = "day"
    hour = "hour"
    none = "none"

    @property
    def words(self) -> str:
        """What it is called on a page."""
        return _WORDS[self]

    @property
    def before(self) -> timedelta:
        """How long before the beginning."""
        return _BEFORE[self]

    @property
    def grace(self) -> timedelta:
        """How late it may still come."""
        return _GRACE[self]


_WORDS = {
    Lead.week: "A week before",
    Lead.day: "A day before",
    Lead.hour: "An hour before",
    Lead.none: "No reminder",
}
_BEFORE = {Lead.week: timedelta(days=7), Lead.day: timedelta(days=1), Lead.hour: timedelta(hours=1)}
_GRACE = {Lead.week: timedelta(hours=12), Lead.day: timedelta(hours=3), Lead.hour: timedelta(minutes=30)}
DEFAULT = Lead.day


class ReminderWish(Base):
    """When somebody wants to be reminded; without a row, a day before."""

    __tablename__ = "reminder_wishes"

    rsvp_id: Mapped[int] = mapped_column(ForeignKey("rsvps.id", ondelete="CASCADE"), primary_key=True)
    lead: Mapped[Lead] = mapped_column(choice(Lead))


def of(rsvp: Rsvp) -> Lead:
    """Return when they want to be reminded."""
    wish = session().get(ReminderWish, rsvp.id)
    return wish.lead if wish is not None else DEFAULT


def wishes(rsvp_ids: list[int]) -> dict[int, Lead]:
    """Return when those want to be reminded who chose something else than the usual."""
    rows = session().scalars(select(ReminderWish).where(ReminderWish.rsvp_id.in_(rsvp_ids)))
    return {row.rsvp_id: row.lead for row in rows}


def choose(rsvp: Rsvp, lead: Lead) -> None:
    """Remind them then. Doing it twice changes nothing."""
    insert_once(ReminderWish, {"rsvp_id": rsvp.id, "lead": lead})
    wish = session().get_one(ReminderWish, rsvp.id, with_for_update=True, populate_existing=True)
    wish.lead = lead
    session().flush()


def plan() -> int:
    """Plan every reminder whose moment has come; returns how many. Running it twice does no harm."""
    planned, moment = 0, clock.now()
    for event_id, lead in _due(moment):
        with transaction():
            event = session().get(Event, event_id)
            if event is None or not event.is_published or not is_time(event.starts_at, lead):
                continue
            facts = {"event": event.id, "lead": lead.value, "starts": event.starts_at.isoformat()}
            occasion = f"reminder:{event.id}:{lead.value}:{int(event.starts_at.timestamp())}"
            planned += to_many.post(LETTER, _to_remind(event, lead), occasion, facts)
    return planned


def is_time(starts_at: datetime, lead: Lead) -> bool:
    """Whether now is when to remind: not before its moment, and not so late that it is of no use."""
    moment = starts_at - lead.before
    return moment <= clock.now() < moment + lead.grace


def _due(moment: datetime) -> list[tuple[int, Lead]]:
    """The events that somebody may have to be reminded of now."""
    found: list[tuple[int, Lead]] = []
    with transaction():
        for lead in _BEFORE:
            last = moment + lead.before
            starts = Event.starts_at.between(last - lead.grace, last)
            published = Event.state == literal(EventState.published, Event.state.type)
            rows = session().scalars(select(Event.id).where(published, starts).order_by(Event.id))
            found += [(event_id, lead) for event_id in rows]
    return found


def _to_remind(event: Event, lead: Lead) -> Select[Any]:
    """Everybody with a seat who wants it now.

    Who took their seat after that moment has a fresh letter with all of this; who was reminded of this event in the
    same way a short while ago, before it was moved a little, has read of the move since.
    """
    moment = event.starts_at - lead.before
    address_key = coalesce(Member.address_key, EventGuest.address_key)
    lately = exists().where(
        Message.address_key == address_key,
        Message.letter == LETTER,
        Message.occasion.startswith(f"reminder:{event.id}:{lead.value}:", autoescape=True),
        Message.planned_at > moment - lead.before / 2,
    )
    statement: Select[Any] = (
        select(  # type: ignore[assignment]
            Member.id.label("member_id"),
            coalesce(Member.address, EventGuest.address).label("address"),
            address_key.label("address_key"),
        )
        .select_from(Rsvp)
        .outerjoin(Member, Member.id == Rsvp.member_id)
        .outerjoin(EventGuest, EventGuest.id == Rsvp.guest_id)
        .outerjoin(ReminderWish, ReminderWish.rsvp_id == Rsvp.id)
        .where(
            Rsvp.event_id == event.id,
            Rsvp.answer == literal(Answer.seat, Rsvp.answer.type),
            Rsvp.changed_at <= moment,
            coalesce(ReminderWish.lead, literal(DEFAULT, ReminderWish.lead.type))
            == literal(lead, ReminderWish.lead.type),
            address_key.is_not(None),
            ~lately,
        )
    )
    return statement
