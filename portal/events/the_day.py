"""The day itself: who has come, by a tap at the door or by the code on the wall, and who walked in without a seat.

Every deed may be repeated: a second tap, on a second phone, changes nothing and loses nobody.
"""

import hmac
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, or_, select, update

from portal.core import clock, tokens
from portal.core.addresses import Address
from portal.core.db import insert_once, session
from portal.events import queries, receipts
from portal.events.models import Answer, Event, EventGuest, Rsvp, Way
from portal.members import queries as members
from portal.members.models import Member
from portal.staff.actions import record

OPENS_BEFORE = timedelta(hours=2)
"""So long before the event the list at the door can be used, and the code on the wall works for half of that."""
CLOSES_AFTER = timedelta(hours=2)
_SIGNS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 6


def code(event: Event) -> str:
    """Return the code on the wall: no letters that look alike, and the same on every sheet."""
    number = int(tokens.keyed_hash("door", event.uid), 16)
    signs = []
    for _ in range(CODE_LENGTH):
        number, place = divmod(number, len(_SIGNS))
        signs.append(_SIGNS[place])
    return "".join(signs)


def is_the_code(event: Event, typed: str) -> bool:
    """Whether that is the code, however it was typed."""
    text = "".join(sign for sign in typed.upper() if sign.isalnum())
    return hmac.compare_digest(text.encode(), code(event).encode())


def is_open(event: Event) -> bool:
    """Whether one can check oneself in now."""
    moment = clock.now()
    return event.is_published and event.starts_at - OPENS_BEFORE / 2 <= moment <= event.ends_at


def may_note(event: Event) -> bool:
    """Whether those at the door can note who comes: from two hours before; afterwards as long as the list is kept."""
    return event.is_published and event.starts_at - OPENS_BEFORE <= clock.now()


def arrive(event_id: int, rsvp_id: int) -> bool:
    """Note that somebody came; who has no seat walked in. Returns whether there is such an answer."""
    rsvp = _locked(event_id, rsvp_id)
    if rsvp is None:
        return False
    if rsvp.attended is not True:
        rsvp.attended, rsvp.arrived_at = True, clock.now()
        rsvp.is_walk_in = rsvp.answer is not Answer.seat
        record("events.arrived", f"event:{event_id}", "Noted who came")
    return True


def miss(event_id: int, rsvp_id: int) -> bool:
    """Note that somebody with a seat did not come."""
    rsvp = _locked(event_id, rsvp_id)
    if rsvp is None or rsvp.answer is not Answer.seat:
        return False
    rsvp.attended, rsvp.arrived_at = False, None
    record("events.missed", f"event:{event_id}", "Noted who did not come")
    return True


def undo(event_id: int, rsvp_id: int) -> bool:
    """Take the note back. Somebody who only stands there because they walked in is taken off the list."""
    rsvp = _locked(event_id, rsvp_id)
    if rsvp is None:
        return False
    rsvp.attended, rsvp.arrived_at, was_walk_in = None, None, rsvp.is_walk_in
    rsvp.is_walk_in = False
    session().flush()
    if was_walk_in and rsvp.turn == 0:
        guest_id = rsvp.guest_id
        receipts.remove(rsvp)
        session().execute(delete(EventGuest).where(EventGuest.id == guest_id))
    record("events.undo-arrived", f"event:{event_id}", "Took back a note of who came")
    return True


def walk_in(event: Event, name: str = "", address: Address | None = None) -> Rsvp:
    """Let somebody in who has no seat; no seat is taken, and nobody in the waitlist loses a place.

    Without an address nothing about the person is kept: they are counted. With one, somebody who answered before is
    found again, and anybody else is a guest of this event.
    """
    rsvp = _known(event, address) if address is not None else None
    if rsvp is None:
        moment = clock.now()
        rsvp = Rsvp(
            event_id=event.id,
            answer=Answer.cancelled,
            way=Way.in_person,
            turn=0,
            source="door",
            asked_at=moment,
            changed_at=moment,
        )
        if address is not None:
            member = members.by_address(address)
            if member is not None and member.is_active:
                rsvp.member_id = member.id
            else:
                rsvp.guest_id = _guest(event, name, address)
        session().add(rsvp)
        session().flush()
    arrive(event.id, rsvp.id)
    return rsvp


def check_in(event: Event, person: Member | None, address: Address | None) -> bool:
    """Note that a member, or whoever has this address, came, if they have a seat; returns whether they have one.

    One statement, whoever it is: neither the answer to a stranger nor its time says who has a seat.
    """
    if person is not None:
        theirs: ColumnElement[bool] = Rsvp.member_id == person.id
    elif address is not None:
        theirs = or_(
            Rsvp.member_id.in_(select(Member.id).where(Member.address_key == address.key)),
            Rsvp.guest_id.in_(
                select(EventGuest.id).where(
                    EventGuest.address_key == address.key, EventGuest.event_id == event.id
                )
            ),
        )
    else:
        return False
    done = session().execute(
        update(Rsvp)
        .where(Rsvp.event_id == event.id, Rsvp.answer == Answer.seat, theirs)
        .values(attended=True, arrived_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]


def close(event: Event, way: Way) -> int:
    """Once it is over: note that nobody else with a seat that way came; returns how many did not."""
    done = session().execute(
        update(Rsvp)
        .where(
            Rsvp.event_id == event.id, Rsvp.answer == Answer.seat, Rsvp.way == way, Rsvp.attended.is_(None)
        )
        .values(attended=False)
        .execution_options(synchronize_session=False)
    )
    missed = int(done.rowcount)  # type: ignore[attr-defined]
    record(
        "events.closed", f"event:{event.id}", f"Closed the list of who came {way.words}", {"missed": missed}
    )
    return missed


def _locked(event_id: int, rsvp_id: int) -> Rsvp | None:
    which = select(Rsvp).where(Rsvp.id == rsvp_id, Rsvp.event_id == event_id)
    return session().scalar(which.with_for_update().execution_options(populate_existing=True))


def _known(event: Event, address: Address) -> Rsvp | None:
    member = members.by_address(address)
    if member is not None and (rsvp := queries.answer_of(member, event.id)) is not None:
        return rsvp
    guest = session().scalar(
        select(EventGuest).where(EventGuest.event_id == event.id, EventGuest.address_key == address.key)
    )
    return queries.answer_of(guest, event.id) if guest is not None else None


def _guest(event: Event, name: str, address: Address) -> int:
    values = {
        "event_id": event.id,
        "name": name,
        "address": address.text,
        "address_key": address.key,
        "zone": event.zone,
        "created_at": clock.now(),
    }
    insert_once(EventGuest, values)
    which = select(EventGuest.id).where(
        EventGuest.event_id == event.id, EventGuest.address_key == address.key
    )
    return session().scalars(which).one()
