"""Coming without being a member: somebody gives an address and a name, and has a seat once the address confirms.

The answer on the page is the same for everybody, and so are the statements: neither says whether an address is a
member's, has a seat already, or may not be mailed. Until it is confirmed nothing that was typed touches anybody.
"""

from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock, tokens
from portal.core.addresses import Address
from portal.core.db import Base, choice, insert_once, lock, session, transaction
from portal.core.knock import Knock
from portal.core.settings import Settings
from portal.core.tokens import OneTimeToken, Outcome
from portal.events import details, queries, seats
from portal.events.details import Details
from portal.events.models import Event, EventGuest, Rsvp, Way
from portal.mail import actions as mail_actions
from portal.mail import limits
from portal.members import arrivals, joining
from portal.members import queries as members
from portal.members.models import Member

PURPOSE = "seat"
LONGEST = timedelta(days=7)
"""How long a mail with the question "was it you?" can be answered, if the event does not begin before."""


class RsvpAsk(Base):
    """What somebody typed who wants to come and has not confirmed yet; gone once they have, or after a week."""

    __tablename__ = "rsvp_asks"
    __table_args__ = (
        UniqueConstraint("event_id", "address_key"),
        # Tokens name it, so an id is never used again.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    address: Mapped[str] = mapped_column(String(254))
    address_key: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(120))
    zone: Mapped[str] = mapped_column(String(64), default="")
    way: Mapped[Way] = mapped_column(choice(Way))
    source: Mapped[str] = mapped_column(String(60), default="")
    joins_version: Mapped[str] = mapped_column(String(20), default="")
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    asked_at: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants: how to come, and perhaps to join; `joins_version` names the words they ticked."""

    name: str
    way: Way
    zone: str = ""
    source: str = ""
    joins_version: str = ""
    details: Details = field(default_factory=Details)


def ask(event: Event, address: Address, wish: Wish, knock: Knock, settings: Settings) -> None:
    """Plan the mail that asks the owner of this address, unless too many were asked for already.

    Asking again replaces what was typed before, and the mail before.
    """
    lock(f"rsvp-ask:{event.id}:{address.key}")
    may = limits.take_leave(address, knock.requester, settings, knock.is_known_browser)
    with session().begin_nested() as deed:
        _plan(event, address, _put_down(event, address, wish), knock)
        if not may:
            deed.rollback()


def ask_again(event: Event, address: Address, knock: Knock, settings: Settings) -> None:
    """Plan the mail once more for what stands there; the answer is the same when nothing does."""
    lock(f"rsvp-ask:{event.id}:{address.key}")
    may = limits.take_leave(address, knock.requester, settings, knock.is_known_browser)
    which = select(RsvpAsk.id).where(RsvpAsk.event_id == event.id, RsvpAsk.address_key == address.key)
    asked = session().scalar(which)
    if asked is not None and may:
        _plan(event, address, asked, knock)


def of_token(token: OneTimeToken, is_writing: bool = False) -> RsvpAsk | None:
    """Return what a token is about; None when it is gone."""
    kind, _, number = token.subject.partition(":")
    if kind != "rsvp-ask":
        return None
    statement = select(RsvpAsk).where(RsvpAsk.id == int(number))
    if is_writing:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return session().scalar(statement)


def waiting_for(browser: str) -> OneTimeToken | None:
    """Return the newest seat that this browser asked for."""
    return tokens.of_browser(PURPOSE, browser)


def use(token: OneTimeToken, code: str | None) -> Outcome:
    """Use the token up, by link or with the typed code; of many at once exactly one is `good`."""
    return tokens.consume(token) if code is None else tokens.consume_by_code(token, code)


def details_of(asked: RsvpAsk) -> Details:
    """Return what was told along with the wish."""
    kept = asked.details
    return Details(
        {int(question): str(text) for question, text in kept.get("answers", {}).items()},
        bool(kept.get("is_shown")),
        str(kept.get("need", "")),
    )


def confirm(asked: RsvpAsk, how: str) -> Rsvp:
    """Take the seat, or a place in the waitlist, for the owner of an address that was just confirmed.

    Who is a member answers as that member. Joining happens only if the words beside its box were ticked.

    Raises:
        EventClosed: it has begun or was called off meanwhile, or one cannot come that way any more.
    """
    address = Address(asked.address, asked.address_key)
    if asked.joins_version:
        told = joining.Asked(asked.name, "", asked.joins_version, asked.source)
        joining.let_in_confirmed(address, told, "event form", how)
    person = _who(asked, address)
    rsvp = seats.take_seat(person, asked.event_id, asked.way, asked.source)
    details.keep(rsvp, details_of(asked))
    forget(asked)
    return rsvp


def forget_guest(guest: EventGuest) -> int:
    """Erase a guest at once: their answer, what they told us and every mail; returns how many answers went."""
    lock(f"rsvp-ask:{guest.event_id}:{guest.address_key}")
    done = seats.release(guest)
    session().execute(delete(EventGuest).where(EventGuest.id == guest.id))
    forget_address(guest.address_key)
    mail_actions.forget_stranger(Address(guest.address, guest.address_key))
    limits.forget(Address(guest.address, guest.address_key))
    return done


def forget(asked: RsvpAsk) -> None:
    """Remove what was typed, once it is done."""
    session().execute(delete(RsvpAsk).where(RsvpAsk.id == asked.id))
    session().expunge(asked)


def forget_address(address_key: str) -> int:
    """Remove what was typed for an address, in every event; returns how many wishes went."""
    statement = delete(RsvpAsk).where(RsvpAsk.address_key == address_key)
    return session().execute(statement).rowcount  # type: ignore[attr-defined, no-any-return]


def remove_unconfirmed() -> int:
    """Remove what nobody confirmed in time; returns how many wishes went."""
    with transaction() as current:
        statement = delete(RsvpAsk).where(RsvpAsk.asked_at < clock.now() - LONGEST)
        return current.execute(statement).rowcount  # type: ignore[attr-defined, no-any-return]


@arrivals.on_arrival
def guest_becomes_member(member: Member) -> None:
    """Let somebody who joins keep the seats and the past they have as a guest."""
    theirs = select(EventGuest).where(EventGuest.address_key == member.address_key)
    for guest in session().scalars(theirs).all():
        if queries.answer_of(member, guest.event_id) is None:
            session().execute(
                update(Rsvp).where(Rsvp.guest_id == guest.id).values(member_id=member.id, guest_id=None)
            )
            session().delete(guest)
    session().flush()


def _plan(event: Event, address: Address, asked: int, knock: Knock) -> None:
    lives = min(LONGEST, max(event.starts_at - clock.now(), timedelta(minutes=10)))
    token = tokens.issue(PURPOSE, f"rsvp-ask:{asked}", lives, knock.browser)
    mail_actions.post(
        "events/confirm-seat",
        to=address,
        occasion=f"token:{token.id}",
        facts={"token": token.id, "ask": asked},
    )


def _who(asked: RsvpAsk, address: Address) -> Member | EventGuest:
    """Return the member with that address, else the guest, who is made if need be."""
    member = members.by_address(address)
    if member is not None and member.is_active:
        return member
    if member is not None and queries.answer_of(member, asked.event_id) is not None:
        return member
    values = {
        "event_id": asked.event_id,
        "name": asked.name,
        "address": address.text,
        "address_key": address.key,
        "zone": asked.zone,
        "created_at": clock.now(),
    }
    insert_once(EventGuest, values)
    which = select(EventGuest).where(
        EventGuest.event_id == asked.event_id, EventGuest.address_key == address.key
    )
    return session().scalars(which).one()


def _put_down(event: Event, address: Address, wish: Wish) -> int:
    """Keep what was typed, in place of what stood there; returns its id."""
    values: dict[str, Any] = {
        "address": address.text,
        "name": wish.name,
        "zone": wish.zone,
        "way": wish.way,
        "source": wish.source,
        "joins_version": wish.joins_version,
        "details": asdict(wish.details),
        "asked_at": clock.now(),
    }
    which = {"event_id": event.id, "address_key": address.key}
    insert_once(RsvpAsk, values | which)
    mine = RsvpAsk.event_id == event.id, RsvpAsk.address_key == address.key
    session().execute(update(RsvpAsk).where(*mine).values(**values))
    return session().scalars(select(RsvpAsk.id).where(*mine)).one()
